import { outgoingServer, type OutgoingServerDraft, type OutgoingServerView } from '#contract/outgoing-server.ts'
import { outgoingProtocols, type OutgoingProtocol } from '#contract/protocols.ts'
import { callMain } from '../../main-process/call-main.ts'
import { useIsAdministrator } from '../../main-process/console-state.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
import { AdvancedSection, ConnectionSection, SignInSection } from './connection-sections.tsx'
import { AlternateSection, DeliverySection, SenderSection, TimeoutField } from './outgoing-sections.tsx'
import { placeText } from '../../components/server-words.ts'
import { LookOnly } from './form-section.tsx'
import { ServerFormFrame } from './server-form-frame.tsx'
import { useServerForm } from './use-server-form.ts'

type Needs = { view: OutgoingServerView | null; protocol: OutgoingProtocol | null; name: string | null; advanced: boolean; onClose: () => void; onRenamed: (name: string) => void }

const issuesOf = (draft: OutgoingServerDraft): { path: string; message: string }[] => {
  const parsed = outgoingServer.safeParse(draft)
  return parsed.success ? [] : parsed.error.issues.map((issue) => ({ path: issue.path.map(String).join('.'), message: issue.message }))
}

/** Details of an outgoing server. */
export const OutgoingDialog = ({ view, protocol, name, advanced, onClose, onRenamed }: Needs) => {
  const locked = !useIsAdministrator()
  const form = useServerForm<OutgoingServerDraft>({
    stored: view?.server ?? null,
    faultsAtFirst: view?.issues ?? [],
    template: () => callMain('outgoing.template', { protocol: protocol ?? 'smtp' }),
    check: issuesOf,
    save: (saving) => callMain('outgoing.save', { was: name, ...saving }),
    onSaved: (server) => onRenamed(server.name)
  })
  const { draft, change, errors } = form
  const row = draft ? outgoingProtocols[draft.protocol] : null
  const part = draft && { server: draft, change, errors, disabled: locked }
  return (
    <ServerFormFrame title={name === null ? `Add outgoing server${row ? ` – ${row.label}` : ''}` : `Outgoing server – ${name}`} form={form} onClose={onClose} locked={locked} summary={draft ? summaryOf(draft, view) : []} banner={locked && <LookOnly />}>
      {!part && form.problem && <ProblemNotice problem={form.problem} />}
      {part && row && (
        <>
          <SenderSection {...part} label={row.label} />
          <ConnectionSection {...part} protocol={row} />
          <SignInSection {...part} methods={row.authMethods} hasSecret={view?.hasSecret ?? false} secret={form.secret} setSecret={form.setSecret} />
          <AlternateSection {...part} />
          <DeliverySection {...part} />
          <AdvancedSection {...part} openAtFirst={advanced} lookAtCertificate={() => callMain('outgoing.certificate', { server: part.server })}><TimeoutField {...part} /></AdvancedSection>
        </>
      )}
    </ServerFormFrame>
  )
}

const summaryOf = (server: OutgoingServerDraft, view: OutgoingServerView | null): string[] => [
  server.block ? 'No mail is sent through this server; it is kept for later.' : `Mail goes out through ${placeText(server.host, server.port)} as ${server.senderName ? `${server.senderName} <${server.replyTo || '–'}>` : server.replyTo || '–'}.`,
  ...(view?.isDefault ? ['It is the default: partitions without a server of their own send through it.'] : []),
  ...(server.overrideTo && !server.block ? [`Every mail goes to ${server.overrideTo} instead of its recipients.`] : []),
  server.alternate ? `When it cannot be reached, mail goes through ${placeText(server.alternate.host, server.alternate.port)}${server.alternate.returnToPrimary === 'manual' ? ' until you return to the primary.' : ' until the primary answers again.'}` : 'There is no alternate: while it cannot be reached, nothing is sent.',
  ...(server.conversationId.attach ? [`The ${server.conversationId.location === 'subject' ? 'subject' : 'text'} carries the request number, so that answers find their request.`] : [])
]
