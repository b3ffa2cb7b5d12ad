import { useCallback, useEffect, useRef, useState } from 'react'
import { callMain } from '../../../main-process/call-main.ts'
import { useMainEvent } from '../../../main-process/use-main-event.ts'
import { useAct } from '../../../problems/toasts.tsx'
import { lineOf, withMore, type TranscriptLine } from './transcript-lines.ts'

export type Side = 'incoming' | 'outgoing'
/** What was said with a server, growing; null until it is known. */
export type Transcript = { lines: readonly TranscriptLine[] | null; clear: () => void }

/** The newest lines spoken with a server, as they come. */
export const useTranscript = (side: Side, name: string): Transcript => {
  const [lines, setLines] = useState<readonly TranscriptLine[] | null>(null)
  const early = useRef<string[]>([])
  const act = useAct()
  useMainEvent('transcript-grew', ({ kind, server, lines: more }) => {
    if (kind !== side || server !== name) return
    if (lines === null) early.current.push(...more)
    else setLines((before) => withMore(before ?? [], more))
  })
  const load = useCallback(() => act(async () => {
    const answer = await (side === 'incoming' ? callMain('incoming.transcript', { name }) : callMain('outgoing.transcript', { name }))
    setLines(withMore(answer.lines.map(lineOf), early.current.splice(0)))
  }), [act, side, name])
  useEffect(() => void load(), [load])
  const clear = (): void => void act(async () => {
    await callMain('transcript.clear', { kind: side, name })
    setLines([])
  })
  return { lines, clear }
}
