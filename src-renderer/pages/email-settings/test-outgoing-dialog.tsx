import type { OutgoingServerView } from '#contract/outgoing-server.ts'
export const TestOutgoingDialog = (_needs: { view: OutgoingServerView; onClose: () => void; onOpenServer: () => void }) => null
