import type { IncomingServerDraft, IncomingServerView } from '#contract/incoming-server.ts'
import type { OutgoingServerDraft, OutgoingServerView } from '#contract/outgoing-server.ts'
import type { IncomingProtocol, OutgoingProtocol } from '#contract/protocols.ts'
import { IncomingDialog } from './incoming-dialog.tsx'
import { OutgoingDialog } from './outgoing-dialog.tsx'
import { SetUpDialog } from './set-up/set-up-dialog.tsx'
import { SignInDialog } from './sign-in/sign-in-dialog.tsx'
import { TestIncomingDialog } from './test-incoming-dialog.tsx'
import { TestOutgoingDialog } from './test-outgoing-dialog.tsx'
import { TranscriptDialog } from './transcript/transcript-dialog.tsx'

type OfServer = { kind: 'server' | 'test' | 'sign-in' | 'transcript'; name: string | null; advanced?: boolean }
/** Which dialog is open; `name` null is a new server of `protocol`, or one that begins as `prefill`. */
export type OpenDialog =
  | (OfServer & { side: 'incoming'; protocol: IncomingProtocol | null; prefill?: IncomingServerDraft })
  | (OfServer & { side: 'outgoing'; protocol: OutgoingProtocol | null; prefill?: OutgoingServerDraft })
  | { kind: 'set-up'; side: null; name: null }

type Views = { incoming: readonly IncomingServerView[]; outgoing: readonly OutgoingServerView[] }
type Needs = Views & { dialog: OpenDialog; onChange: (dialog: OpenDialog | null) => void; onMove: (side: 'incoming' | 'outgoing', name: string) => void }

export const ServerDialogs = ({ dialog, incoming, outgoing, onChange, onMove }: Needs) => {
  const close = (): void => onChange(null)
  if (dialog.kind === 'set-up') return <SetUpDialog names={{ incoming: incoming.map(nameOf), outgoing: outgoing.map(nameOf) }} onClose={close} onOpenDraft={(prefill) => onChange({ kind: 'server', side: 'incoming', name: null, protocol: null, prefill })} />
  const again = { onMove: () => dialog.name !== null && onMove(dialog.side, dialog.name), onClose: close }
  if (dialog.side === 'incoming') {
    const view = incoming.find(({ server }) => server.name === dialog.name) ?? null
    if (dialog.kind === 'sign-in') return view && <SignInDialog kind="incoming" name={view.server.name} account={view.server.auth.user} onClose={close} onOpenServer={() => onChange({ ...dialog, kind: 'server' })} />
    if (dialog.kind === 'transcript') return view && <TranscriptDialog side="incoming" name={view.server.name} debug={view.server.debug} onClose={close} />
    if (dialog.kind === 'test') return view && <TestIncomingDialog key={view.server.name} view={view} outgoing={outgoing} onClose={close} onSignIn={() => onChange({ ...dialog, kind: 'sign-in' })} onOpenServer={(advanced) => onChange({ ...dialog, kind: 'server', advanced })} />
    return <IncomingDialog {...again} view={view} protocol={dialog.protocol} prefill={dialog.prefill ?? null} name={dialog.name} advanced={dialog.advanced ?? false} onRenamed={(name) => onChange({ ...dialog, name, protocol: null })} />
  }
  const view = outgoing.find(({ server }) => server.name === dialog.name) ?? null
  if (dialog.kind === 'sign-in') return view && <SignInDialog kind="outgoing" name={view.server.name} account={view.server.auth.user} onClose={close} onOpenServer={() => onChange({ ...dialog, kind: 'server' })} />
  if (dialog.kind === 'transcript') return view && <TranscriptDialog side="outgoing" name={view.server.name} debug={view.server.debug} onClose={close} />
  if (dialog.kind === 'test') return view && <TestOutgoingDialog key={view.server.name} view={view} onClose={close} onSignIn={() => onChange({ ...dialog, kind: 'sign-in' })} onOpenServer={(advanced) => onChange({ ...dialog, kind: 'server', advanced })} />
  return <OutgoingDialog {...again} view={view} names={outgoing.map(nameOf)} protocol={dialog.protocol} prefill={dialog.prefill ?? null} name={dialog.name} advanced={dialog.advanced ?? false} onRenamed={(name) => onChange({ ...dialog, name, protocol: null })} />
}

const nameOf = ({ server }: IncomingServerView | OutgoingServerView): string => server.name
