import type { Advice, Expiry } from '#contract/advice.ts'

/** What is known of the ends of one server's secrets and certificates. Times are ISO 8601, days YYYY-MM-DD; null for what has no end or is not known. */
export type ExpiryFacts = {
  server: string
  kind: Expiry['kind']
  clientSecret: string | null
  /** Of the certificate that the application, or the connection, shows who it is with. */
  clientCertificate: string | null
  /** When an unused sign-in dies. */
  signIn: string | null
  serverCertificate: string | null
  /** Of the certificate that native mail shows to those who deliver. */
  ownCertificate?: string | null
  /** Of the private authority that the other side is checked by. */
  caCertificate?: string | null
  advice: readonly Advice[]
}

const dayMs = 86_400_000

/** Everything of a server that has an end, soonest first. `now` in milliseconds since 1970. What is announced without a date has none. */
export const expiriesOf = (facts: ExpiryFacts, now: number): Expiry[] => {
  const { server, kind } = facts
  const ending = (what: Expiry['what'], at: string | null, words: (when: string) => string): Expiry[] => {
    const ends = at === null ? Number.NaN : Date.parse(at)
    if (at === null || Number.isNaN(ends)) return []
    const daysLeft = Math.floor((ends - now) / dayMs)
    return [{ server, kind, what, at: new Date(ends).toISOString(), daysLeft, text: words(at.slice(0, 10)) }]
  }
  const over = (at: string): boolean => Date.parse(at) <= now
  return [
    ...ending('client-secret', facts.clientSecret, (day) => `The client secret of ${server} ${over(day) ? 'expired' : 'expires'} on ${day}. Make a new one at the provider and store it here.`),
    ...ending('client-certificate', facts.clientCertificate, (day) => `The client certificate of ${server} ${over(day) ? 'expired' : 'expires'} on ${day}. Replace it here and where it is registered.`),
    ...ending('sign-in', facts.signIn, (day) => `The sign-in of ${server} ${over(day) ? 'ended' : 'ends'} on ${day} if it is not used before. Start fetching, or sign in again.`),
    // One that was over would stop the connection itself; what the last test saw has been renewed since.
    ...ending('server-certificate', facts.serverCertificate, (day) => `The certificate that the mail server of ${server} showed in the last test expires on ${day}. Its administrator has to renew it; test again to see whether that is done.`).filter(({ daysLeft }) => daysLeft >= 0),
    ...ending('own-certificate', facts.ownCertificate ?? null, (day) => `The certificate that ${server} shows ${over(day) ? 'expired' : 'expires'} on ${day}. Renew the file; mail servers may deliver without encryption, or not at all, once it is over.`),
    ...ending('ca-certificate', facts.caCertificate ?? null, (day) => `The private certificate authority in the CA file of ${server} ${over(day) ? 'expired' : 'expires'} on ${day}. Put the new one into the file before it is used.`),
    ...facts.advice.flatMap(({ date, title }) => ending('provider', date, (day) => `${server}: ${title} (${day})`))
  ].sort((one, other) => one.daysLeft - other.daysLeft)
}
