import type { IncomingServerDraft } from './incoming-server.ts'
import type { OutgoingServerDraft } from './outgoing-server.ts'

/** Where a proposal comes from. */
export type SetupSource = 'provider-table' | 'autoconfig' | 'srv' | 'mx' | 'guess'

/** What was found out about one proposed host without sending a password: it answers, shows a certificate, offers these sign-ins. */
export type SetupProbe = { outcome: 'ok' | 'warning' | 'failed' | 'not-tried'; detail: string }

/** One way to reach the mailbox of an address. Hosts outside the address's own domain and outside the provider table need the user's word. */
export type SetupCandidate = {
  id: string
  source: SetupSource
  /** `Microsoft 365 by Graph`, `IMAP at mail.example.com`. */
  title: string
  /** Why this one is proposed, and what to know before choosing it. */
  notes: string[]
  incoming: IncomingServerDraft
  outgoing: OutgoingServerDraft | null
  /** Hosts that the user has to confirm before a password goes there. */
  unconfirmedHosts: string[]
  incomingProbe: SetupProbe
  outgoingProbe: SetupProbe
}
export type SetupAnswer = { address: string; candidates: SetupCandidate[]; notes: string[] }
