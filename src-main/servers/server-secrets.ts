import { ProblemError } from '#contract/problem.ts'
import type { CredentialStore } from '../credentials/credential-store.ts'

/** The account of a server's secret. An incoming and an outgoing server of the same name share it. */
export const accountOf = (server: string): string => `server/${server}`

/** The server of an account; null for accounts of other things. */
export const serverOf = (account: string): string | null => (account.startsWith('server/') ? account.slice('server/'.length) : null)

/** Names of the servers that have a secret; none while the credential store cannot be asked, since a list must open all the same. */
export const serversWithSecret = async (credentials: CredentialStore): Promise<Set<string>> => {
  try {
    return new Set((await credentials.accounts()).map(serverOf).filter((server) => server !== null))
  } catch (thrown) {
    if (thrown instanceof ProblemError && (thrown.problem.code === 'vault-locked' || thrown.problem.code === 'keychain-unavailable')) return new Set()
    throw thrown
  }
}

/**
 * Stores the secrets (null deletes one) and does the work; when that fails, every secret is again what it was. Deletions happen
 * after the work, so that no stored server is ever without its secret.
 */
export const withSecrets = async <Result>(credentials: CredentialStore, changes: ReadonlyMap<string, string | null>, work: () => Promise<Result>): Promise<Result> => {
  const deletions = [...changes].filter(([, secret]) => secret === null).map(([server]) => accountOf(server))
  if (deletions.length > 0) await credentials.accounts() // a locked store is noticed before anything has happened
  const result = await withNewSecrets(credentials, changes, work)
  for (const account of deletions) await credentials.delete(account)
  return result
}

const withNewSecrets = async <Result>(credentials: CredentialStore, changes: ReadonlyMap<string, string | null>, work: () => Promise<Result>): Promise<Result> => {
  const before = new Map<string, string | null>()
  try {
    for (const [server, secret] of changes) {
      if (secret === null) continue
      before.set(accountOf(server), await credentials.get(accountOf(server)))
      await credentials.set(accountOf(server), secret)
    }
    return await work()
  } catch (thrown) {
    for (const [account, secret] of before) await (secret === null ? credentials.delete(account) : credentials.set(account, secret))
    throw thrown
  }
}
