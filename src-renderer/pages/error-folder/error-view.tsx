import Close from '@mui/icons-material/Close'
import { Box, Button, IconButton, Link, Tab, Tabs, Typography } from '@mui/material'
import { useState } from 'react'
import type { ErrorDetail } from '#contract/error-record.ts'
import { hashOf } from '../../components/hash-location.ts'
import { MailFrame } from '../../components/mail-frame.tsx'
import { Mono, MonoBlock } from '../../components/mono.tsx'
import { sizeText } from '../../components/sizes.ts'
import { StepList } from '../../components/step-list.tsx'
import { LocalTime } from '../../components/times.tsx'
import { useCall } from '../../main-process/use-call.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
import { placeOf } from './error-words.ts'

const tabs = ['What happened', 'Preview', 'Headers', 'Raw', 'Exception'] as const
type TabName = (typeof tabs)[number]

/** One message that failed: the cause, the steps, and the message itself as far as it can be read. */
export const ErrorView = ({ id, onClose }: { id: number; onClose: () => void }) => {
  const { value: detail, problem } = useCall('errors.show', { id }, { refreshOn: ['errors-changed'] })
  const [tab, setTab] = useState<TabName>('What happened')
  return (
    <Box component="section" aria-label="Failed message" onKeyDown={(event) => { if (event.key === 'Escape') onClose() }} sx={{ flex: 1, minHeight: 0, display: 'flex', flexDirection: 'column', bgcolor: 'background.paper', border: 1, borderColor: 'divider', borderRadius: 1.5, overflow: 'hidden' }}>
      <Box sx={{ px: 2, py: 1.25, display: 'flex', gap: 1 }}>
        <Box sx={{ flex: 1, minWidth: 0 }}>
          <Typography variant="h2" sx={{ fontSize: 15, overflowWrap: 'anywhere' }}>{detail ? detail.subject || '(no subject)' : ' '}</Typography>
          {detail && <Box sx={{ color: 'text.secondary', overflowWrap: 'anywhere' }}>{detail.from || 'unknown sender'} · {detail.server} · {sizeText(detail.size)} · <LocalTime at={detail.failedAt} /> · {placeOf(detail)}{detail.request !== null && <> · <Link href={hashOf('requests', detail.request)}>Open request {detail.request}</Link></>}</Box>}
        </Box>
        <IconButton aria-label="Back to the list" title="Back to the list" sx={{ alignSelf: 'flex-start' }} onClick={onClose}><Close /></IconButton>
      </Box>
      {problem && !detail && <Box sx={{ p: 2 }}><ProblemNotice problem={problem} action={<Button onClick={onClose}>Back to the list</Button>} /></Box>}
      {detail && (
        <>
          <Tabs value={tab} onChange={(_event, next: TabName) => setTab(next)} variant="scrollable" aria-label="Parts of the record" sx={{ px: 1, borderBottom: 1, borderColor: 'divider', flex: 'none' }}>
            {tabs.map((name) => <Tab key={name} value={name} label={name} id={`tab-${name}`} aria-controls="error-part" />)}
          </Tabs>
          <Box id="error-part" role="tabpanel" aria-labelledby={`tab-${tab}`} tabIndex={0} sx={{ flex: 1, overflow: 'auto', p: 2 }}><Part tab={tab} detail={detail} /></Box>
        </>
      )}
    </Box>
  )
}

const Part = ({ tab, detail }: { tab: TabName; detail: ErrorDetail }) => {
  if (tab === 'Preview') return <Preview detail={detail} />
  if (tab === 'Headers') return <MonoBlock label="Headers" text={detail.headers || 'There are no headers.'} maxHeight="none" />
  if (tab === 'Exception' && detail.exception === '') return <Box>No exception: a check refused the message. “What happened” names it.</Box>
  if (tab === 'Exception') return <MonoBlock label="Exception" text={detail.exception} maxHeight="none" />
  if (tab === 'Raw') return detail.raw === null ? <Box>The message was not downloaded.</Box> : <><MonoBlock label="Raw message" text={detail.raw} maxHeight="none" />{detail.rawTruncated && <Box sx={{ color: 'text.secondary', mt: 1 }}>Only the beginning is shown. The bundle holds all of it.</Box>}</>
  return (
    <Box sx={{ display: 'grid', gap: 2 }}>
      <ProblemNotice problem={detail.problem} />
      <Box><Typography variant="h3" sx={{ mb: 0.75 }}>Step by step</Typography><StepList steps={detail.steps} /></Box>
      <Box sx={{ color: 'text.secondary', overflowWrap: 'anywhere' }}>Message-ID <Mono>{detail.messageId ?? 'none'}</Mono> · code <Mono>{detail.code}</Mono></Box>
    </Box>
  )
}

/** HTML behind glass, with everything remote left out, or the text. */
const Preview = ({ detail }: { detail: ErrorDetail }) => {
  const [plain, setPlain] = useState(false)
  const asHtml = detail.html !== null && !plain
  return (
    <Box sx={{ display: 'grid', gap: 1, justifyItems: 'start' }}>
      {detail.html !== null && <Button variant="text" onClick={() => setPlain(!plain)}>{plain ? 'Show HTML' : 'Show as text'}</Button>}
      {asHtml ? <Box sx={{ width: '100%' }}><MailFrame html={detail.html ?? ''} title={`Message ${detail.subject}`} address={null} /></Box> : <Box sx={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{detail.text || 'There is no text that could be read.'}</Box>}
    </Box>
  )
}
