import { useState } from 'react'
import { outgoingServer, type OutgoingServerDraft, type OutgoingServerView } from '#contract/outgoing-server.ts'
import { outgoingProtocols, type OutgoingProtocol } from '#contract/protocols.ts'
import { expectedSteps } from '../../components/expected-steps.ts'
import { plural } from '../../components/sizes.ts'
import { callMain } from '../../main-process/call-main.ts'
import { useIsAdministrator } from '../../main-process/console-state.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
import { useDraftAdvice } from './advice/use-draft-advice.ts'
import { AdvancedSection } from './advanced-section.tsx'
import { AlternateSection } from './alternate-section.tsx'
import { ConnectionSection } from './connection-section.tsx'
import { DeliverySection } from './delivery-section.tsx'
import { DkimPart } from './dkim-part.tsx'
import { nothingStored, unnamed } from './form-parts.ts'
import { PopBeforeField, SenderSection, TimeoutField } from './outgoing-sections.tsx'
import { placeText, serverPlace } from '../../components/server-words.ts'
import { LookOnly } from './form-section.tsx'
import { SendingSection } from './sending-section.tsx'
import { ServerFormFrame } from './server-form-frame.tsx'
import { SignInBox } from './sign-in/sign-in-box.tsx'
import { SignInDialog } from './sign-in/sign-in-dialog.tsx'
import { SignInSection } from './sign-in-section.tsx'
import { TranscriptDialog } from './transcript/transcript-dialog.tsx'
import { useServerForm } from './use-server-form.ts'

type Needs = { view: OutgoingServerView | null; /** Names of all outgoing servers. */ names: readonly string[]; protocol: OutgoingProtocol | null; prefill: OutgoingServerDraft | null; name: string | null; advanced: boolean; onClose: () => void; onRenamed: (name: string) => void; onMove: () => void }

const issuesOf = (draft: OutgoingServerDraft): { path: string; message: string }[] => {
  const parsed = outgoingServer.safeParse(draft)
  return parsed.success ? [] : parsed.error.issues.map((issue) => ({ path: issue.path.map(String).join('.'), message: issue.message }))
}

/** Details of an outgoing server. */
export const OutgoingDialog = ({ view, names, protocol, prefill, name, advanced, onClose, onRenamed, onMove }: Needs) => {
  const locked = !useIsAdministrator()
  const [signingIn, setSigningIn] = useState(false)
  const [reading, setReading] = useState(false)
  const form = useServerForm<OutgoingServerDraft>({
    stored: view?.server ?? null,
    faultsAtFirst: view?.issues ?? [],
    template: () => (prefill ? Promise.resolve(prefill) : callMain('outgoing.template', { protocol: protocol ?? 'smtp' })),
    check: issuesOf,
    save: (saving) => callMain('outgoing.save', { was: name, ...saving }),
    onSaved: (server) => onRenamed(server.name)
  })
  const { draft, change, errors } = form
  const advice = useDraftAdvice('outgoing.advice', draft && { ...draft, name: name ?? unnamed }, view?.advice ?? [])
  const row = draft ? outgoingProtocols[draft.protocol] : null
  const part = draft && row && { server: draft, change, errors, disabled: locked, protocol: row, stored: view ?? nothingStored, secrets: form.secrets, setSecrets: form.setSecrets }
  return (
    <>
      <ServerFormFrame
        title={name === null ? `Add outgoing server${row ? ` – ${row.label}` : ''}` : `Outgoing server – ${name}`} form={form} onClose={onClose} locked={locked} summary={draft ? summaryOf(draft, view) : []} banner={locked && <LookOnly />}
        expected={draft && row ? expectedSteps(draft, row, 'outgoing') : []} advice={advice} onMove={name === null ? null : onMove} onSignIn={!locked && view?.signIn ? () => setSigningIn(true) : null}
      >
        {!part && form.problem && <ProblemNotice problem={form.problem} />}
        {part && (
          <>
            <SenderSection {...part} label={part.protocol.label} />
            <ConnectionSection key={draft.protocol} {...part} />
            <SignInSection {...part} state={view?.signIn && draft.auth.method === view.server.auth.method && <SignInBox kind="outgoing" name={view.server.name} state={view.signIn} unsaved={form.dirty} disabled={locked} onSignIn={() => setSigningIn(true)} />} />
            <AlternateSection {...part} others={names.filter((other) => other !== name)} />
            <DeliverySection {...part} view={view} />
            <SendingSection {...part} />
            <DkimPart {...part} />
            <AdvancedSection {...part} onTranscript={name === null ? null : () => setReading(true)} openAtFirst={advanced} lookAtCertificate={() => callMain('outgoing.certificate', { server: { ...draft, name: draft.name || unnamed } })}><TimeoutField {...part} />{(part.protocol.reach === 'host' || draft.popBeforeSmtp) && <PopBeforeField {...part} />}</AdvancedSection>
          </>
        )}
      </ServerFormFrame>
      {reading && view && <TranscriptDialog side="outgoing" name={view.server.name} debug={view.server.debug} onClose={() => setReading(false)} />}
      {signingIn && name !== null && <SignInDialog kind="outgoing" name={name} account={draft?.auth.user ?? ''} onClose={(signedIn) => { setSigningIn(false); if (signedIn && !locked) form.save(false) }} />}
    </>
  )
}

const summaryOf = (server: OutgoingServerDraft, view: OutgoingServerView | null): string[] => [
  server.block ? `No mail is sent through this server; it is held in the outbox${view && view.outbox.waiting > 0 ? `, which has ${plural(view.outbox.waiting, 'mail')} of this server now` : ''}.` : goesOut(server),
  ...(view?.isDefault ? ['It is the default: partitions without a server of their own send through it.'] : []),
  ...(server.overrideTo && !server.block ? [`Every mail goes to ${server.overrideTo} instead of its recipients.`] : []),
  ...(server.block ? [] : [alternateWords(server)]),
  ...(server.conversationId.attach ? [`The ${server.conversationId.location === 'subject' ? 'subject' : 'text'} carries the request number, so that answers find their request.`] : [])
]

const goesOut = (server: OutgoingServerDraft): string => {
  const place = serverPlace({ server })
  if (place === '–') return 'Mail goes out once its server is named.'
  return `Mail goes out through ${place} as ${server.senderName ? `${server.senderName} <${server.replyTo || 'no address yet'}>` : server.replyTo || 'no address yet'}.`
}

const alternateWords = ({ alternate }: OutgoingServerDraft): string => {
  if (alternate === null) return 'There is no alternate: while it cannot be reached, mail waits in the outbox.'
  const through = 'server' in alternate ? alternate.server || 'the other server' : alternate.host === '' ? 'the second host' : placeText(alternate.host, alternate.port)
  const when = alternate.afterFailures > 1 ? `After ${alternate.afterFailures} failures in a row` : 'When it cannot be reached'
  return `${when}, mail goes through ${through} until ${alternate.returnToPrimary === 'manual' ? 'you return to the primary' : 'the primary answers again'}.`
}
