import type { IncomingServerView } from '#contract/incoming-server.ts'
export const TestIncomingDialog = (_needs: { view: IncomingServerView; onClose: () => void; onOpenServer: () => void }) => null
