import type { IncomingServerView } from '#contract/incoming-server.ts'
import type { OutgoingServerView } from '#contract/outgoing-server.ts'
import type { IncomingProtocol, OutgoingProtocol } from '#contract/protocols.ts'
import { IncomingDialog } from './incoming-dialog.tsx'
import { OutgoingDialog } from './outgoing-dialog.tsx'
import { TestIncomingDialog } from './test-incoming-dialog.tsx'
import { TestOutgoingDialog } from './test-outgoing-dialog.tsx'

/** Which dialog is open; `name` null is a new server of `protocol`. */
export type OpenDialog =
  | { kind: 'server' | 'test'; side: 'incoming'; name: string | null; protocol: IncomingProtocol | null; advanced?: boolean }
  | { kind: 'server' | 'test'; side: 'outgoing'; name: string | null; protocol: OutgoingProtocol | null; advanced?: boolean }

type Needs = { dialog: OpenDialog; incoming: readonly IncomingServerView[]; outgoing: readonly OutgoingServerView[]; onChange: (dialog: OpenDialog | null) => void }

export const ServerDialogs = ({ dialog, incoming, outgoing, onChange }: Needs) => {
  const close = (): void => onChange(null)
  if (dialog.side === 'incoming') {
    const view = incoming.find(({ server }) => server.name === dialog.name) ?? null
    if (dialog.kind === 'test') return view && <TestIncomingDialog key={view.server.name} view={view} onClose={close} onOpenServer={(advanced) => onChange({ ...dialog, kind: 'server', advanced })} />
    return <IncomingDialog view={view} protocol={dialog.protocol} name={dialog.name} advanced={dialog.advanced ?? false} onClose={close} onRenamed={(name) => onChange({ ...dialog, name, protocol: null })} />
  }
  const view = outgoing.find(({ server }) => server.name === dialog.name) ?? null
  if (dialog.kind === 'test') return view && <TestOutgoingDialog key={view.server.name} view={view} onClose={close} onOpenServer={(advanced) => onChange({ ...dialog, kind: 'server', advanced })} />
  return <OutgoingDialog view={view} protocol={dialog.protocol} name={dialog.name} advanced={dialog.advanced ?? false} onClose={close} onRenamed={(name) => onChange({ ...dialog, name, protocol: null })} />
}
