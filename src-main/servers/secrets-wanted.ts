import type { HandOverTarget } from '#contract/hand-over.ts'
import { proxyWantsSecret, wantsSecret } from './connection-secrets.ts'
import type { SecretWanted } from './import-secrets.ts'
import type { ImportPlan } from './plan-import.ts'
import type { AnyServer } from './server-kind.ts'

type Secretive = AnyServer & { proxySecret?: string | undefined; dkim?: { secret: string } | null }
type PlannedSecretive = { path: string; server: Secretive }

/** The secrets that the servers of a plan need, or name a source for; each once, since servers of one name share them. */
export const secretsWanted = ({ incoming, outgoing }: { incoming: readonly PlannedSecretive[]; outgoing: readonly PlannedSecretive[] }): SecretWanted[] => {
  const wanted = [...incoming, ...outgoing].flatMap(({ path, server }) => wantedBy(path, server))
  return wanted.filter(({ name, purpose }, index) => wanted.findIndex((other) => other.name === name && other.purpose === purpose) === index)
}

/** The secrets of help desks, as the file names their sources. */
const targetSecretsWanted = (targets: readonly HandOverTarget[]): SecretWanted[] => targets.map(({ name, secret }, index) => ({ path: `handOver[${index}].secret`, name, purpose: 'hand-over', source: secret }))

/** All that an import of a plan asks for; those of help desks where the file names any. */
export const allSecretsWanted = (plan: Pick<ImportPlan, 'incoming' | 'outgoing' | 'settings'>, namesDesks: boolean): SecretWanted[] => [...secretsWanted(plan), ...(namesDesks ? targetSecretsWanted(plan.settings.handOver) : [])]

const wantedBy = (path: string, { name, auth, proxy, proxySecret, tls, dkim = null }: Secretive): SecretWanted[] => {
  const signIn = auth.method !== 'none' && (wantsSecret(auth) || auth.secret !== 'keychain')
  return [
    ...(signIn ? [{ path: `${path}.auth.secret`, name, purpose: 'sign-in' as const, source: auth.secret }] : []),
    ...(proxySecret !== undefined || proxyWantsSecret(proxy) ? [{ path: `${path}.proxySecret`, name, purpose: 'proxy' as const, source: proxySecret ?? 'keychain' }] : []),
    ...(tls.clientKeySecret === undefined ? [] : [{ path: `${path}.tls.clientKeySecret`, name, purpose: 'client-key' as const, source: tls.clientKeySecret }]),
    ...(dkim === null ? [] : [{ path: `${path}.dkim.secret`, name, purpose: 'dkim' as const, source: dkim.secret }])
  ]
}
