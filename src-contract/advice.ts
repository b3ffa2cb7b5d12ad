/** What a provider has announced and what it means for a configured server. `date` is when it happens (YYYY-MM-DD), null where it already holds. */
export type Advice = {
  code: string
  severity: 'broken' | 'warning' | 'note'
  date: string | null
  title: string
  text: string
  /** Page that says so, and the day on which it was read. */
  source: string
  asOf: string
  action: 'move-to-graph' | 'sign-in' | 'open-server' | null
}

/** Something with an end: a client secret, a certificate, an unused sign-in, an announced retirement. */
export type Expiry = {
  server: string
  kind: 'incoming' | 'outgoing' | 'native-mail' | 'hand-over'
  /** `own-certificate` is shown by native mail; `ca-certificate` is the authority that a server or help desk is checked by. */
  what: 'client-secret' | 'client-certificate' | 'sign-in' | 'server-certificate' | 'own-certificate' | 'ca-certificate' | 'provider'
  /** ISO 8601. */
  at: string
  daysLeft: number
  text: string
}
