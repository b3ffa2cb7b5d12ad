import { Box, Button, FormControlLabel, Switch } from '@mui/material'
import { memo, useLayoutEffect, useRef, useState } from 'react'
import { useAsk } from '../../../components/ask.tsx'
import { copyText } from '../../../components/copy-text.ts'
import { LookOnly } from '../../../components/look-only.tsx'
import { saveText } from '../../../components/save-file.ts'
import { SearchLine } from '../../../components/search-line.tsx'
import { plural } from '../../../components/sizes.ts'
import { fullTime } from '../../../components/times.tsx'
import { callMain } from '../../../main-process/call-main.ts'
import { useIsAdministrator } from '../../../main-process/console-state.ts'
import { useAct, useToasts } from '../../../problems/toasts.tsx'
import { useReasonRequired } from '../../../settings/use-reason-required.ts'
import { asText, matching, type TranscriptLine } from './transcript-lines.ts'
import { useTranscript, type Side } from './use-transcript.ts'

type Needs = { side: Side; name: string; debug: boolean; height?: number | string }

/** What is said with a server, live: it follows the end until somebody scrolls up or pauses it. */
export const TranscriptView = ({ side, name, debug, height = 360 }: Needs) => {
  const { lines, clear } = useTranscript(side, name)
  const [held, setHeld] = useState<readonly TranscriptLine[] | null>(null)
  const [words, setWords] = useState('')
  const { say } = useToasts()
  const shown = matching(held ?? lines ?? [], words)
  const waiting = held === null || lines === null ? 0 : lines.filter(({ key }) => key > (held.at(-1)?.key ?? 0)).length
  const copy = async (): Promise<void> => say((await copyText(asText(shown))) ? `${plural(shown.length, 'line')} copied.` : 'The browser did not allow copying.')
  return (
    <Box component="section" aria-label={`Transcript of ${name}`} sx={{ display: 'grid', gap: 1, minWidth: 0 }}>
      <Box sx={{ display: 'flex', gap: 1, alignItems: 'center', flexWrap: 'wrap' }}>
        <DebugSwitch side={side} name={name} debug={debug} />
        <Box sx={{ flex: 1 }} />
        <SearchLine label="Find in the transcript" width={200} onSearch={setWords} />
        <Button onClick={() => setHeld(held === null ? (lines ?? []) : null)} aria-pressed={held !== null}>{held === null ? 'Pause' : 'Go on'}</Button>
        <Button disabled={lines?.length === 0} onClick={() => { setHeld(null); clear() }}>Clear</Button>
        <Button disabled={shown.length === 0} onClick={() => void copy()}>Copy</Button>
        <Button disabled={shown.length === 0} onClick={() => saveText(`transcript-${name.replace(/[^\w.-]+/g, '-')}.txt`, 'text/plain', asText(shown))}>Download</Button>
      </Box>
      <LookOnly what="whether debug is on" />
      <Lines lines={shown} label={`What was said with ${name}`} height={height} empty={lines === null ? 'Reading…' : words !== '' ? 'No line holds these words.' : nothingYet(side, debug)} />
      <Box role="status" sx={{ fontSize: 12, color: 'text.secondary' }}>{plural(shown.length, 'line')}{waiting > 0 ? ` · paused, ${plural(waiting, 'line')} more since` : held === null ? '' : ' · paused'} · without passwords, tokens and content of messages · the newest 2,000 are kept until Mailroom ends</Box>
    </Box>
  )
}

const nothingYet = (side: Side, debug: boolean): string =>
  debug ? 'No line yet. Lines appear here as they are said.' : `No line yet. What a test says appears here; ${side === 'incoming' ? 'rounds' : 'mail that is sent'} too, while debug is on.`

const DebugSwitch = ({ side, name, debug }: { side: Side; name: string; debug: boolean }) => {
  const administrator = useIsAdministrator()
  const ask = useAsk()
  const act = useAct()
  const reasonRequired = useReasonRequired()
  const change = async (): Promise<void> => {
    const goAhead = reasonRequired ? await ask({ title: `${debug ? 'Stop recording' : 'Record'} what is said with ${name}`, body: 'The server goes on working meanwhile.', confirm: debug ? 'Stop recording' : 'Record', reason: 'required' }) : { reason: null }
    if (goAhead) await act(() => callMain('transcript.debug', { kind: side, name, debug: !debug, reason: goAhead.reason }))
  }
  return <FormControlLabel sx={{ ml: 0 }} control={<Switch size="small" checked={debug} disabled={!administrator} onChange={() => void change()} />} label="Debug on" title="Records every round or sending, not only tests" />
}

const Lines = ({ lines, label, height, empty }: { lines: readonly TranscriptLine[]; label: string; height: number | string; empty: string }) => {
  const box = useRef<HTMLDivElement | null>(null)
  const follows = useRef(true)
  const lastTop = useRef(0)
  useLayoutEffect(() => {
    const toEnd = (): void => {
      if (follows.current && box.current) box.current.scrollTop = box.current.scrollHeight
    }
    toEnd()
    // Lines that come into sight are laid out only then, and may be longer than they were taken for.
    const frame = requestAnimationFrame(toEnd)
    return () => cancelAnimationFrame(frame)
  }, [lines])
  const scrolled = (): void => {
    if (!box.current) return
    const { scrollHeight, scrollTop, clientHeight } = box.current
    const isAtEnd = scrollHeight - scrollTop - clientHeight < 24
    follows.current = isAtEnd || (follows.current && scrollTop >= lastTop.current)
    lastTop.current = scrollTop
  }
  return (
    <Box ref={box} onScroll={scrolled} tabIndex={0} role="log" aria-label={label} aria-live="off" className="mono" sx={{ height, minHeight: 120, overflow: 'auto', overflowAnchor: 'none', p: 1, fontSize: 12, lineHeight: 1.5, border: 1, borderColor: 'divider', borderRadius: 1, bgcolor: 'background.default' }}>
      {lines.length === 0 ? <Box sx={{ fontFamily: (theme) => theme.typography.fontFamily, color: 'text.secondary' }}>{empty}</Box> : lines.map((line) => <Line key={line.key} line={line} />)}
    </Box>
  )
}

const marks = { client: 'C:', server: 'S:', note: '–' }
const colours = { client: 'primary.main', server: 'text.primary', note: 'text.secondary' }

/** Lines out of sight are not laid out. */
const Line = memo(({ line: { at, connection, side, text } }: { line: TranscriptLine }) => (
  <Box sx={{ display: 'grid', gridTemplateColumns: '92px 34px 22px minmax(0, 1fr)', columnGap: 0.75, contentVisibility: 'auto', containIntrinsicSize: 'auto 18px' }}>
    <Box component="time" dateTime={at} title={at && fullTime(at)} sx={{ color: 'text.secondary' }}>{clockOf(at)}</Box>
    <Box title={connection && `Connection ${connection}`} sx={{ color: 'text.secondary' }}>{connection && `#${connection}`}</Box>
    <Box sx={{ color: colours[side], fontWeight: 600 }}>{marks[side]}</Box>
    <Box sx={{ color: colours[side], whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{text}</Box>
  </Box>
))
Line.displayName = 'Line'

const clockOf = (at: string): string => {
  if (at === '') return ''
  const time = new Date(at)
  return `${[time.getHours(), time.getMinutes(), time.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':')}.${String(time.getMilliseconds()).padStart(3, '0')}`
}
