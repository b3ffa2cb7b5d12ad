import type { Advice } from '#contract/advice.ts'
import type { IncomingServerDraft } from '#contract/incoming-server.ts'
import type { OutgoingServerDraft } from '#contract/outgoing-server.ts'

export type AdvisedServer = { kind: 'incoming'; server: IncomingServerDraft } | { kind: 'outgoing'; server: OutgoingServerDraft }

/** What providers have announced that touches a server, worst first. `today` is a day as YYYY-MM-DD, `others` are all other servers. */
export const adviceFor = (_advised: AdvisedServer, _today: string, _others: readonly AdvisedServer[]): Advice[] => []
