import Close from '@mui/icons-material/Close'
import { Box, Button, IconButton, Link, Tab, Tabs, Typography } from '@mui/material'
import { useState } from 'react'
import type { RequestDetail } from '#contract/request.ts'
import { Details } from '../../components/details.tsx'
import { hashOf, withSearch } from '../../components/hash-location.ts'
import { Mono } from '../../components/mono.tsx'
import { plural } from '../../components/sizes.ts'
import { StatusMark } from '../../components/status-mark.tsx'
import { LocalTime } from '../../components/times.tsx'
import { callMain } from '../../main-process/call-main.ts'
import { useIsAdministrator } from '../../main-process/console-state.ts'
import { useCall } from '../../main-process/use-call.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
import { useAct } from '../../problems/toasts.tsx'
import { EntryView } from './entry-view.tsx'
import { HistoryPart } from './history-part.tsx'
import { OutgoingPart } from './outgoing-part.tsx'
import { valueLines } from './request-words.ts'

type Part = 'conversation' | 'outgoing' | 'history'

/** One request: its values, its conversation oldest first, the mail that goes out about it, and its history. Esc closes. */
export const RequestView = ({ number, onClose }: { number: number; onClose: () => void }) => {
  const { value: request, problem, reload } = useCall('requests.show', { number }, { refreshOn: ['requests-changed'] })
  const mails = useCall('outbox.list', { request: number, limit: 100 }, { refreshOn: ['outbox-changed'], bunchMs: 1_000 })
  const [part, setPart] = useState<Part>('conversation')
  const conversation = request?.conversation.filter(({ kind }) => kind !== 'command') ?? []
  const happened = request ? request.changes.length + request.conversation.filter(({ kind, id }) => kind === 'command' && !request.changes.some(({ entry }) => entry === id)).length : 0
  return (
    <Box
      component="section" aria-label={`Request ${number}`} onKeyDown={(event) => { if (event.key === 'Escape') onClose() }}
      sx={{ flex: 1, minHeight: 0, display: 'flex', flexDirection: 'column', bgcolor: 'background.paper', border: 1, borderColor: 'divider', borderRadius: 1.5, overflow: 'hidden' }}
    >
      {problem && !request && <Box sx={{ p: 2 }}><ProblemNotice problem={problem} action={<Button onClick={onClose}>Back to the list</Button>} /></Box>}
      {request && (
        <>
          <Head request={request} onClose={onClose} reload={reload} />
          <Tabs value={part} onChange={(_event, next: Part) => setPart(next)} aria-label="Parts of the request" sx={{ px: 1, borderBottom: 1, borderColor: 'divider', flex: 'none' }}>
            <Tab value="conversation" label={`Conversation ${conversation.length}`} id="request-tab-conversation" aria-controls="request-part" />
            <Tab value="outgoing" label={`Outgoing mail${mails.value ? ` ${mails.value.total}` : ''}`} id="request-tab-outgoing" aria-controls="request-part" />
            <Tab value="history" label={`History ${happened}`} id="request-tab-history" aria-controls="request-part" />
          </Tabs>
          <Box id="request-part" role="tabpanel" aria-labelledby={`request-tab-${part}`} sx={{ flex: 1, overflow: 'auto' }} tabIndex={0}>
            {part === 'conversation' ? conversation.map((entry) => <EntryView key={entry.id} entry={entry} />) : part === 'outgoing' ? <OutgoingPart mails={mails} /> : <HistoryPart request={request} />}
          </Box>
        </>
      )}
    </Box>
  )
}

const Head = ({ request, onClose, reload }: { request: RequestDetail; onClose: () => void; reload: () => void }) => {
  const administrator = useIsAdministrator()
  const act = useAct()
  const other = request.status === 'open' ? 'closed' : 'open'
  const change = (): void => void act(async () => { await callMain('requests.close', { number: request.number, status: other }); reload() })
  return (
    <Box sx={{ px: 2, pt: 1.25, pb: 0.75, display: 'flex', gap: 1, alignItems: 'flex-start', flexWrap: 'wrap' }}>
      <Box sx={{ flex: '1 1 260px', minWidth: 0 }}>
        <Typography variant="h2" component="h2" sx={{ fontSize: 15, overflowWrap: 'anywhere' }}>{request.subject || '(no subject)'}</Typography>
        <Box sx={{ color: 'text.secondary', display: 'flex', columnGap: 1.5, flexWrap: 'wrap', mt: 0.25 }}>
          <Mono>{request.number}</Mono>
          <StatusMark tone={request.status === 'open' ? 'pending' : 'good'}>{request.status === 'open' ? 'Open' : 'Closed'}</StatusMark>
          {request.values.priority && <span>Priority {request.values.priority}</span>}
          <Link href={withSearch(hashOf('people'), { query: request.requester })} title="Show this person" sx={{ overflowWrap: 'anywhere' }}>{request.requester}</Link>
          <span>{request.partition}</span><span>via {request.server}</span><LocalTime at={request.createdAt} />
        </Box>
      </Box>
      {administrator && <Button onClick={change}>{request.status === 'open' ? 'Close request' : 'Open again'}</Button>}
      <IconButton aria-label="Back to the list" title="Back to the list" onClick={onClose}><Close /></IconButton>
      <Values request={request} />
    </Box>
  )
}

/** What the request has of values, folded to one line until somebody wants them. */
const Values = ({ request }: { request: RequestDetail }) => {
  const templates = useCall('settings.get', {}, { refreshOn: ['settings-changed'] }).value?.requestTemplates ?? []
  const lines = valueLines(request.values, templates)
  if (lines.length === 0) return null
  return (
    <Box component="section" aria-label="Values" sx={{ flex: '1 0 100%', minWidth: 0 }}>
      <Details label={plural(lines.length, 'value')} hint={lines.filter(({ label }) => label !== 'Priority').slice(0, 3).map(({ label, text }) => `${label} ${text}`).join(' · ')}>
        <Box component="dl" sx={{ m: 0, mb: 0.5, display: 'grid', gridTemplateColumns: 'repeat(auto-fill, minmax(170px, 1fr))', gap: 1, '& dt': { color: 'text.secondary', fontSize: 12 }, '& dd': { m: 0, overflowWrap: 'anywhere' } }}>
          {lines.map(({ label, text }) => <Box key={label}><dt>{label}</dt><dd>{text}</dd></Box>)}
        </Box>
      </Details>
    </Box>
  )
}
