import { testCertificates } from './certificates.ts'
import { startDovecot } from './dovecot.ts'
import { startEntraAuthority } from './entra-authority.ts'
import { startEwsServer } from './ews-server.ts'
import { closedPort } from './free-ports.ts'
import { startGmailServer } from './gmail-server.ts'
import { startGoogleTokenEndpoint } from './google-token-endpoint.ts'
import { GraphError } from './graph-error.ts'
import { startGraphServer } from './graph-server.ts'
import { startScriptedServer } from './scripted-server.ts'

/** What is wrong with a server of the world; `throttles` is for Graph alone. */
export type WorldFault = 'hangs' | 'refuses' | 'throttles'
export type WorldKind = 'imap' | 'pop3' | 'ews' | 'graph' | 'gmail'
export type MailWorld = {
  /** A server of the configuration file; its mailbox is `NAME@example.com`. */
  server(kind: WorldKind, name: string, more?: { fault?: WorldFault; push?: boolean; fetchEvery?: string }): string
  deliver(kind: WorldKind, name: string, raw: Buffer | string): void
  /** Where the secrets of the file come from. */
  env: Record<string, string>
  stop(): Promise<void>
}

/** Mail servers of every kind on loopback, with whoever issues their tokens: one server process each, any number of mailboxes. */
export async function startMailWorld(): Promise<MailWorld> {
  const caFile = testCertificates().ca.certFile
  const dovecot = await startDovecot()
  const secret = 'wq7~client-secret-of-the-world'
  const entra = await startEntraAuthority({ app: { roles: ['Mail.ReadWrite', 'Mail.Send'], secrets: [{ value: secret, expiresAt: Date.now() + 86_400_000 }] } })
  const google = await startGoogleTokenEndpoint()
  const password = 'correct-horse-of-exchange'
  const ews = await startEwsServer({ offers: ['NTLM'], passwordOf: () => password })
  const bearer = (token: string) => (entra.tokenIs(token) === null ? null : { app: entra.app.clientId, user: '*', rights: ['Mail.ReadWrite', 'Mail.Send'] })
  const graph = await startGraphServer({ bearer })
  const throttling = await startGraphServer({ bearer })
  // https://learn.microsoft.com/graph/throttling#sample-response
  throttling.chaos = () => new GraphError(429, 'ApplicationThrottled', 'Application is over its MailboxConcurrency limit.', { 'retry-after': '3600' })
  const gmail = await startGmailServer({ bearer: (token) => { const found = google.tokenIs(token); return found === null ? null : { email: found.email, scopes: found.scopes } } })
  const silent = await startScriptedServer([{ silence: true }])
  const refusing = await closedPort()
  const env = { WORLD_DOVECOT: dovecot.password, WORLD_EWS: password, WORLD_ENTRA: secret, WORLD_GOOGLE: google.keyFile }

  const ports = { imap: dovecot.ports.imaps, pop3: dovecot.ports.pop3s, ews: ews.port, graph: graph.port, gmail: gmail.port }
  const portOf = (kind: WorldKind, fault: WorldFault | undefined): number => (fault === 'hangs' ? silent.port : fault === 'refuses' ? refusing : fault === 'throttles' ? throttling.port : ports[kind])
  const own: Record<WorldKind, (port: number, user: string) => string> = {
    imap: (port, user) => `host: localhost, port: ${port}, security: tls, auth: { method: password, user: ${user}, secret: "env:WORLD_DOVECOT" }`,
    pop3: (port, user) => `host: localhost, port: ${port}, security: tls, auth: { method: password, user: ${user}, secret: "env:WORLD_DOVECOT" }, afterFetch: delete, errorFolder: { enabled: false }`,
    ews: (port, user) => `endpoint: "https://localhost:${port}/EWS/Exchange.asmx", auth: { method: ntlm, user: ${user}, secret: "env:WORLD_EWS" }`,
    graph: (port, user) => `endpoint: "https://localhost:${port}", mailbox: ${user}, auth: { method: oauth2, provider: microsoft, flow: client-credentials, authority: "${entra.url}", tenant: ${entra.tenant}, clientId: ${entra.app.clientId}, secret: "env:WORLD_ENTRA" }`,
    gmail: (port, user) => `endpoint: "https://localhost:${port}", auth: { method: service-account, account: ${google.serviceAccount.account}, subject: ${user}, tokenUrl: "${google.tokenUrl}", secret: "env:WORLD_GOOGLE" }`
  }
  return {
    env,
    server(kind, name, { fault, push = false, fetchEvery = '60s' } = {}) {
      const user = `${name}@example.com`
      if (kind === 'gmail') google.serviceAccount.users.push(user)
      return `  - { name: ${name}, protocol: ${kind}, ${own[kind](portOf(kind, fault), user)}, push: ${push}, fetchEvery: ${fetchEvery}, tls: { caFile: ${caFile} } }\n`
    },
    deliver(kind, name, raw) {
      const user = `${name}@example.com`
      if (kind === 'ews') ews.store(user).deliver(Buffer.from(raw))
      else if (kind === 'graph') graph.deliver(user, raw)
      else if (kind === 'gmail') gmail.deliver(user, raw)
      else dovecot.deliver(user, raw)
    },
    async stop() {
      await Promise.all([dovecot.stop(), entra.close(), google.close(), ews.stop(), graph.stop(), throttling.stop(), gmail.stop(), silent.stop()])
    }
  }
}
