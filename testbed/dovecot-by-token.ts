import type { ConnectionNeeds } from '../src-main/mail/incoming-transport.ts'
import { startDovecot, type Dovecot } from './dovecot.ts'
import { startTokenIntrospection } from './token-introspection.ts'

/** A Dovecot that takes these tokens (whose they are, by token) by XOAUTH2 and OAUTHBEARER, or by the mechanisms named; `anyUser` lets each of them open any mailbox. */
export async function startDovecotByToken(tokens: Record<string, string>, wishes: { anyUser?: boolean; mechanisms?: ('xoauth2' | 'oauthbearer')[] } = {}): Promise<{ dovecot: Dovecot; stop(): Promise<void> }> {
  const introspection = await startTokenIntrospection(new Map(Object.entries(tokens)))
  const dovecot = await startDovecot({ oauth2: { introspectionUrl: introspection.url, ...wishes } })
  return {
    dovecot,
    async stop() {
      await dovecot.stop()
      await introspection.stop()
    }
  }
}

/** What a connection of Ann's is given when she shows this token; the transcript goes into `lines`. */
export const annShows = (shown: string, lines: string[] = [], scope: string[] = []): ConnectionNeeds => ({
  credentials: { kind: 'token', user: 'ann', token: async () => ({ token: shown, expiresAt: Date.now() + 1_800_000, scope, account: 'ann' }) }, proxyPassword: null, clientKeyPassphrase: null,
  signal: AbortSignal.timeout(20_000), transcript: (line) => void lines.push(line), cursor: null
})
