import type { OutgoingServerView } from '#contract/outgoing-server.ts'
import type { OutgoingProtocol } from '#contract/protocols.ts'
export const OutgoingDialog = (_needs: { view: OutgoingServerView | null; protocol: OutgoingProtocol | null; name: string | null; onClose: () => void; onRenamed: (name: string) => void }) => null
