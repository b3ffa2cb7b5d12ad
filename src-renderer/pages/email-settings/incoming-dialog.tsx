import { Box, Button } from '@mui/material'
import { useState } from 'react'
import { incomingServer, type IncomingServerDraft, type IncomingServerView } from '#contract/incoming-server.ts'
import { incomingProtocols, type IncomingProtocol } from '#contract/protocols.ts'
import { expectedSteps } from '../../components/expected-steps.ts'
import { callMain } from '../../main-process/call-main.ts'
import { useIsAdministrator } from '../../main-process/console-state.ts'
import { useCall } from '../../main-process/use-call.ts'
import { useAct, useToasts } from '../../problems/toasts.tsx'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { useDraftAdvice } from './advice/use-draft-advice.ts'
import { AdvancedSection } from './advanced-section.tsx'
import { ConnectionSection } from './connection-section.tsx'
import { nothingStored, unnamed } from './form-parts.ts'
import { incomingSummary } from './incoming-summary.ts'
import { AfterFetchFields, ErrorFolderSection, FetchingSection, MailboxSection } from './incoming-sections.tsx'
import { RequestsSection } from './requests-section.tsx'
import { SendersSection } from './senders-section.tsx'
import { LookOnly } from './form-section.tsx'
import { ServerFormFrame } from './server-form-frame.tsx'
import { SignInBox } from './sign-in/sign-in-box.tsx'
import { SignInDialog } from './sign-in/sign-in-dialog.tsx'
import { SignInSection } from './sign-in-section.tsx'
import { TranscriptDialog } from './transcript/transcript-dialog.tsx'
import { useServerForm } from './use-server-form.ts'

type Needs = { view: IncomingServerView | null; protocol: IncomingProtocol | null; prefill: IncomingServerDraft | null; name: string | null; advanced: boolean; onClose: () => void; onRenamed: (name: string) => void; onMove: () => void }

const issuesOf = (draft: IncomingServerDraft): { path: string; message: string }[] => {
  const parsed = incomingServer.safeParse(draft)
  return parsed.success ? [] : parsed.error.issues.map((issue) => ({ path: issue.path.map(String).join('.'), message: issue.message }))
}

/** Details of an incoming server, drawn from what its protocol can do. A server that fetches is stopped before it is changed. */
export const IncomingDialog = ({ view, protocol, prefill, name, advanced, onClose, onRenamed, onMove }: Needs) => {
  const administrator = useIsAdministrator()
  const act = useAct()
  const { say } = useToasts()
  const [signingIn, setSigningIn] = useState(false)
  const [reading, setReading] = useState(false)
  const partitions = useCall('partitions.list', {}).value ?? []
  const templates = useCall('settings.get', {}, { refreshOn: ['settings-changed'] }).value?.requestTemplates ?? []
  const running = view !== null && view.server.enabled
  const locked = running || !administrator
  const form = useServerForm<IncomingServerDraft>({
    stored: view?.server ?? null,
    faultsAtFirst: view?.issues ?? [],
    template: () => (prefill ? Promise.resolve(prefill) : callMain('incoming.template', { protocol: protocol ?? 'imap' })),
    check: issuesOf,
    save: ({ server, dkimKey: _, ...rest }) => callMain('incoming.save', { was: name, server: { ...server, enabled: false }, ...rest }),
    onSaved: (server) => onRenamed(server.name)
  })
  const { draft, change, errors } = form
  const advice = useDraftAdvice('incoming.advice', draft && { ...draft, name: name ?? unnamed }, view?.advice ?? [])
  const row = draft ? incomingProtocols[draft.protocol] : null
  const start = (): void => void act(async () => { await callMain('incoming.start', { name: draft?.name ?? '' }); say(`${draft?.name} was started.`); onClose() })
  const part = draft && row && { server: draft, change, errors, disabled: locked, protocol: row, stored: view ?? nothingStored, secrets: form.secrets, setSecrets: form.setSecrets }
  const signIn = administrator && view?.signIn ? () => setSigningIn(true) : null
  return (
    <>
      <ServerFormFrame
        title={name === null ? `Add incoming server${row ? ` – ${row.label}` : ''}` : `Incoming server – ${name}`} form={form} onClose={onClose} locked={locked} summary={draft ? incomingSummary(draft) : []}
        expected={draft && row ? expectedSteps(draft, row, 'incoming') : []} advice={advice} onMove={name === null ? null : onMove} onSignIn={signIn}
        banner={!administrator ? <LookOnly /> : running && <StopFirst name={view.server.name} onStop={() => void act(() => callMain('incoming.stop', { name: view.server.name }))} />}
        afterSaving={form.answer?.verdict?.verdict === 'failed' ? <Button onClick={start}>Start fetching anyway</Button> : <Button variant="contained" color="primary" onClick={start}>Start fetching</Button>}
      >
        {!part && form.problem && <ProblemNotice problem={form.problem} />}
        {part && (
          <>
            <MailboxSection {...part} label={part.protocol.label} />
            <ConnectionSection key={draft.protocol} {...part} />
            <SignInSection {...part} state={view?.signIn && draft.auth.method === view.server.auth.method && <SignInBox kind="incoming" name={view.server.name} state={view.signIn} unsaved={form.dirty} disabled={!administrator} onSignIn={() => setSigningIn(true)} />} />
            <FetchingSection {...part}><AfterFetchFields {...part} /></FetchingSection>
            <RequestsSection {...part} partitions={partitions} templates={templates} />
            {part.protocol.has.folders && <ErrorFolderSection {...part} />}
            <SendersSection {...part} />
            <AdvancedSection {...part} onTranscript={name === null ? null : () => setReading(true)} openAtFirst={advanced} mayForbid={draft.auth.method === 'oauth2' || draft.auth.method === 'service-account' || (draft.forbiddenMailbox ?? '') !== ''} lookAtCertificate={() => callMain('incoming.certificate', { server: { ...draft, name: draft.name || unnamed } })} />
          </>
        )}
      </ServerFormFrame>
      {reading && view && <TranscriptDialog side="incoming" name={view.server.name} debug={view.server.debug} onClose={() => setReading(false)} />}
      {signingIn && name !== null && <SignInDialog kind="incoming" name={name} account={draft?.auth.user ?? ''} onClose={(signedIn) => { setSigningIn(false); if (signedIn && !locked) form.save(false) }} />}
    </>
  )
}

const StopFirst = ({ name, onStop }: { name: string; onStop: () => void }) => (
  <Box role="note" sx={{ display: 'flex', alignItems: 'center', gap: 1.5, mb: 2, p: 1, pl: 1.5, border: 1, borderColor: 'divider', borderRadius: 1, flexWrap: 'wrap' }}>
    <Box sx={{ flex: 1 }}><StatusMark tone="busy">{name} is started. It is stopped before it is changed.</StatusMark></Box>
    <Button onClick={onStop}>Stop and edit</Button>
  </Box>
)
