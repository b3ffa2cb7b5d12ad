import { Box, Button } from '@mui/material'
import { incomingServer, type IncomingServerDraft, type IncomingServerView } from '#contract/incoming-server.ts'
import { incomingProtocols, type IncomingProtocol } from '#contract/protocols.ts'
import { callMain } from '../../main-process/call-main.ts'
import { useIsAdministrator } from '../../main-process/console-state.ts'
import { useCall } from '../../main-process/use-call.ts'
import { useAct, useToasts } from '../../problems/toasts.tsx'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { AdvancedSection, ConnectionSection, SignInSection } from './connection-sections.tsx'
import { incomingSummary } from './incoming-summary.ts'
import { AfterFetchFields, ErrorFolderSection, FetchingSection, MailboxSection, NewRequestsSection } from './incoming-sections.tsx'
import { LookOnly } from './form-section.tsx'
import { ServerFormFrame } from './server-form-frame.tsx'
import { useServerForm } from './use-server-form.ts'

type Needs = { view: IncomingServerView | null; protocol: IncomingProtocol | null; name: string | null; advanced: boolean; onClose: () => void; onRenamed: (name: string) => void }

const issuesOf = (draft: IncomingServerDraft): { path: string; message: string }[] => {
  const parsed = incomingServer.safeParse(draft)
  return parsed.success ? [] : parsed.error.issues.map((issue) => ({ path: issue.path.map(String).join('.'), message: issue.message }))
}

/** Details of an incoming server, drawn from what its protocol can do. A server that fetches is stopped before it is changed. */
export const IncomingDialog = ({ view, protocol, name, advanced, onClose, onRenamed }: Needs) => {
  const administrator = useIsAdministrator()
  const act = useAct()
  const { say } = useToasts()
  const partitions = useCall('partitions.list', {}).value ?? []
  const running = view !== null && view.server.enabled
  const locked = running || !administrator
  const form = useServerForm<IncomingServerDraft>({
    stored: view?.server ?? null,
    faultsAtFirst: view?.issues ?? [],
    template: () => callMain('incoming.template', { protocol: protocol ?? 'imap' }),
    check: issuesOf,
    save: ({ server, ...rest }) => callMain('incoming.save', { was: name, server: { ...server, enabled: false }, ...rest }),
    onSaved: (server) => onRenamed(server.name)
  })
  const { draft, change, errors } = form
  const row = draft ? incomingProtocols[draft.protocol] : null
  const start = (): void => void act(async () => { await callMain('incoming.start', { name: draft?.name ?? '' }); say(`${draft?.name} is fetching.`); onClose() })
  const part = draft && { server: draft, change, errors, disabled: locked }
  return (
    <ServerFormFrame
      title={name === null ? `Add incoming server${row ? ` – ${row.label}` : ''}` : `Incoming server – ${name}`} form={form} onClose={onClose} locked={locked} summary={draft ? incomingSummary(draft) : []}
      banner={!administrator ? <LookOnly /> : running && <StopFirst name={view.server.name} onStop={() => void act(() => callMain('incoming.stop', { name: view.server.name }))} />}
      afterSaving={form.answer?.verdict?.verdict === 'failed' ? <Button onClick={start}>Start fetching anyway</Button> : <Button variant="contained" color="primary" onClick={start}>Start fetching</Button>}
    >
      {!part && form.problem && <ProblemNotice problem={form.problem} />}
      {part && row && (
        <>
          <MailboxSection {...part} partitions={partitions} label={row.label} />
          <ConnectionSection {...part} protocol={row} />
          <SignInSection {...part} methods={row.authMethods} hasSecret={view?.hasSecret ?? false} secret={form.secret} setSecret={form.setSecret} />
          <FetchingSection {...part} protocol={row}><AfterFetchFields {...part} protocol={row} /></FetchingSection>
          <NewRequestsSection {...part} />
          {row.has.folders && <ErrorFolderSection {...part} />}
          <AdvancedSection {...part} openAtFirst={advanced} lookAtCertificate={() => callMain('incoming.certificate', { server: part.server })} />
        </>
      )}
    </ServerFormFrame>
  )
}

const StopFirst = ({ name, onStop }: { name: string; onStop: () => void }) => (
  <Box role="note" sx={{ display: 'flex', alignItems: 'center', gap: 1.5, mb: 2, p: 1, pl: 1.5, border: 1, borderColor: 'divider', borderRadius: 1, flexWrap: 'wrap' }}>
    <Box sx={{ flex: 1 }}><StatusMark tone="busy">{name} is started. It is stopped before it is changed.</StatusMark></Box>
    <Button onClick={onStop}>Stop and edit</Button>
  </Box>
)
