import type { FoundIncoming, FoundOutgoing, FoundSetup, SetupAddress } from './found-server.ts'

/** The names that most servers have. `few` leaves out all but the likeliest, for a guess that nobody can test. Pure. */
export function guessServers({ address, domain }: SetupAddress, few = false): FoundSetup {
  const signIn = { method: 'password' as const, user: address }
  const incoming = (few ? ['imap'] : ['imap', 'mail']).flatMap<FoundIncoming>((name) => [
    { protocol: 'imap', host: `${name}.${domain}`, port: 993, security: 'tls', signIn },
    ...(few ? [] : [{ protocol: 'imap' as const, host: `${name}.${domain}`, port: 143, security: 'starttls' as const, signIn }])
  ])
  const outgoing = (few ? ['smtp'] : ['smtp', 'mail']).flatMap<FoundOutgoing>((name) => [
    { protocol: 'smtp', host: `${name}.${domain}`, port: 465, security: 'tls', signIn },
    ...(few ? [] : [{ protocol: 'smtp' as const, host: `${name}.${domain}`, port: 587, security: 'starttls' as const, signIn }])
  ])
  return { source: 'guess', title: domain, notes: ['A guess by the usual names: nothing names this server for the address'], incoming, outgoing }
}
