import type { Auth, TlsSettings } from '#contract/fields.ts'
import { accountOfTarget } from '../hand-over/hand-over-needs.ts'
import { proxyWantsSecret, wantsSecret } from './connection-secrets.ts'
import type { PresentConfiguration } from './present-configuration.ts'
import { accountOf } from './server-secrets.ts'

/** The configuration with `ask` in place of `keychain` for every secret that is needed, or stored here: to be carried to another console. */
export const askForSecrets = (present: PresentConfiguration, stored: ReadonlySet<string>): PresentConfiguration => ({
  ...present,
  incoming: present.incoming.map((row) => ({ ...row, server: asking(row.server, stored) })),
  outgoing: present.outgoing.map((row) => ({ ...row, server: asking(row.server, stored) })),
  settings: { ...present.settings, handOver: present.settings.handOver.map((target) => (target.secret === 'keychain' && (target.kind !== 'json' || stored.has(accountOfTarget(target.name))) ? { ...target, secret: 'ask' } : target)) }
})

type Secretive = { name: string; auth: Auth; proxy: string | null; proxySecret?: string | undefined; tls: TlsSettings; dkim?: { secret: string } | null }

const asking = <Server extends Secretive>(server: Server, stored: ReadonlySet<string>): Server => {
  const { name, auth, proxy, tls } = server
  const signIn = auth.method !== 'none' && auth.secret === 'keychain' && (wantsSecret(auth) || stored.has(accountOf(name)))
  const ofProxy = (server.proxySecret ?? 'keychain') === 'keychain' && proxyWantsSecret(proxy)
  return {
    ...server,
    ...(signIn ? { auth: { ...auth, secret: 'ask' } } : {}),
    ...(ofProxy ? { proxySecret: 'ask' } : {}),
    ...(tls.clientKeySecret === 'keychain' ? { tls: { ...tls, clientKeySecret: 'ask' } } : {}),
    ...(server.dkim?.secret === 'keychain' ? { dkim: { ...server.dkim, secret: 'ask' } } : {})
  }
}
