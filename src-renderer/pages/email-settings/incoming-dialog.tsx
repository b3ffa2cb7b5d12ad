import type { IncomingServerView } from '#contract/incoming-server.ts'
import type { IncomingProtocol } from '#contract/protocols.ts'
export const IncomingDialog = (_needs: { view: IncomingServerView | null; protocol: IncomingProtocol | null; name: string | null; onClose: () => void; onRenamed: (name: string) => void }) => null
