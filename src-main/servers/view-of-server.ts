import type { Advice } from '#contract/advice.ts'
import type { SignInState } from '#contract/oauth.ts'
import { ProblemError } from '#contract/problem.ts'
import { adviceFor, type AdvisedServer } from '../model/provider-advice.ts'
import type { ConfigurationNeeds } from './configuration-needs.ts'
import { usesTokens, type Kind, type ReadyServer } from './connection-secrets.ts'
import { readConfiguration, type PresentConfiguration } from './present-configuration.ts'
import { accountOf, storedAccounts } from './server-secrets.ts'

export type SharedView = { hasSecret: boolean; hasProxySecret: boolean; hasClientKeySecret: boolean; signIn: SignInState | null; advice: Advice[] }

/** What the rows of both tables tell of secrets, sign-in and announcements of providers. */
export const createSharedViews = async ({ credentials, signIn, now }: Pick<ConfigurationNeeds, 'credentials' | 'signIn' | 'now'>, present: PresentConfiguration) => {
  const accounts = await storedAccounts(credentials)
  const advised = advisedServers(present)
  const today = now().toISOString().slice(0, 10)
  return async (advisedServer: AdvisedServer, ready: ReadyServer | null): Promise<SharedView> => {
    const { kind, server } = advisedServer
    return {
      hasSecret: accounts.has(accountOf(server.name)), hasProxySecret: accounts.has(accountOf(server.name, 'proxy')), hasClientKeySecret: accounts.has(accountOf(server.name, 'client-key')),
      signIn: ready === null ? null : await signInOf(signIn, kind, ready),
      advice: adviceFor(advisedServer, today, advised.filter((other) => other.server !== server))
    }
  }
}

export const advisedServers = ({ incoming, outgoing }: Pick<PresentConfiguration, 'incoming' | 'outgoing'>): AdvisedServer[] => [
  ...incoming.map(({ server }): AdvisedServer => ({ kind: 'incoming', server })), ...outgoing.map(({ server }): AdvisedServer => ({ kind: 'outgoing', server }))
]

/** What providers have announced for a server as typed; what is stored of it does not count as another one. */
export const adviceForDraft = async ({ tables, database, now }: Pick<ConfigurationNeeds, 'tables' | 'database' | 'now'>, advised: AdvisedServer): Promise<Advice[]> => {
  const others = advisedServers(await readConfiguration(tables, database)).filter(({ kind, server }) => kind !== advised.kind || server.name !== advised.server.name)
  return adviceFor(advised, now().toISOString().slice(0, 10), others)
}

/** How the sign-in of a server stands; null where it uses no tokens, and while the credential store cannot be asked: a list must open all the same. */
export const signInOf = async (signIn: ConfigurationNeeds['signIn'], kind: Kind, server: ReadyServer): Promise<SignInState | null> => {
  if (!usesTokens(server.auth)) return null
  try {
    return await signIn.stateOf(kind, server)
  } catch (thrown) {
    if (thrown instanceof ProblemError && (thrown.problem.code === 'vault-locked' || thrown.problem.code === 'keychain-unavailable')) return null
    throw thrown
  }
}
