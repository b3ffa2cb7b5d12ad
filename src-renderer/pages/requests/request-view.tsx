import Close from '@mui/icons-material/Close'
import { Box, Button, IconButton, Typography } from '@mui/material'
import type { RequestDetail } from '#contract/request.ts'
import { Mono } from '../../components/mono.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { LocalTime } from '../../components/times.tsx'
import { callMain } from '../../main-process/call-main.ts'
import { useIsAdministrator } from '../../main-process/console-state.ts'
import { useCall } from '../../main-process/use-call.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
import { useAct } from '../../problems/toasts.tsx'
import { EntryView } from './entry-view.tsx'

/** One request with its conversation, oldest first. Esc closes. */
export const RequestView = ({ number, onClose }: { number: number; onClose: () => void }) => {
  const { value: request, problem, reload } = useCall('requests.show', { number }, { refreshOn: ['requests-changed'] })
  return (
    <Box
      component="section" aria-label={`Request ${number}`} onKeyDown={(event) => { if (event.key === 'Escape') onClose() }}
      sx={{ flex: 1, minHeight: 0, display: 'flex', flexDirection: 'column', bgcolor: 'background.paper', border: 1, borderColor: 'divider', borderRadius: 1.5, overflow: 'hidden' }}
    >
      {problem && !request && <Box sx={{ p: 2 }}><ProblemNotice problem={problem} action={<Button onClick={onClose}>Back to the list</Button>} /></Box>}
      {request && <Head request={request} onClose={onClose} reload={reload} />}
      <Box sx={{ flex: 1, overflow: 'auto' }} tabIndex={0} role="region" aria-label="Conversation">
        {request?.conversation.map((entry) => <EntryView key={entry.id} entry={entry} />)}
      </Box>
    </Box>
  )
}

const Head = ({ request, onClose, reload }: { request: RequestDetail; onClose: () => void; reload: () => void }) => {
  const administrator = useIsAdministrator()
  const act = useAct()
  const other = request.status === 'open' ? 'closed' : 'open'
  const change = (): void => void act(async () => { await callMain('requests.close', { number: request.number, status: other }); reload() })
  return (
    <Box sx={{ px: 2, py: 1.25, borderBottom: 1, borderColor: 'divider', display: 'flex', gap: 1, alignItems: 'flex-start', flexWrap: 'wrap' }}>
      <Box sx={{ flex: '1 1 260px', minWidth: 0 }}>
        <Typography variant="h2" component="h2" sx={{ fontSize: 15, overflowWrap: 'anywhere' }}>{request.subject || '(no subject)'}</Typography>
        <Box sx={{ color: 'text.secondary', display: 'flex', columnGap: 1.5, flexWrap: 'wrap', mt: 0.25 }}>
          <Mono>{request.number}</Mono>
          <StatusMark tone={request.status === 'open' ? 'pending' : 'good'}>{request.status === 'open' ? 'Open' : 'Closed'}</StatusMark>
          <span>{request.requester}</span><span>via {request.server}</span><LocalTime at={request.createdAt} />
        </Box>
      </Box>
      {administrator && <Button onClick={change}>{request.status === 'open' ? 'Close request' : 'Open again'}</Button>}
      <IconButton aria-label="Back to the list" title="Back to the list" onClick={onClose}><Close /></IconButton>
    </Box>
  )
}
