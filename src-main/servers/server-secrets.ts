import { ProblemError } from '#contract/problem.ts'
import type { CredentialStore } from '../credentials/credential-store.ts'

/** What a server's secrets are for: its sign-in, its proxy, the key of its client certificate, the signing of its mail. */
export const secretPurposes = ['sign-in', 'proxy', 'client-key', 'dkim'] as const
export type SecretPurpose = (typeof secretPurposes)[number]

const prefixes: Record<SecretPurpose, string> = { 'sign-in': 'server/', proxy: 'proxy/', 'client-key': 'client-key/', dkim: 'dkim/' }

/** Purposes of a kind of server. Those that both have are shared by an incoming and an outgoing server of the same name; mail is signed by outgoing ones alone. */
export const purposesOf = (kind: 'incoming' | 'outgoing'): readonly SecretPurpose[] => (kind === 'outgoing' ? secretPurposes : secretPurposes.filter((purpose) => purpose !== 'dkim'))

/** The account of a server's secret. An incoming and an outgoing server of the same name share it. */
export const accountOf = (server: string, purpose: SecretPurpose = 'sign-in'): string => `${prefixes[purpose]}${server}`

/** Whose secret an account holds; null for accounts of other things. */
export const ownerOf = (account: string): { server: string; purpose: SecretPurpose } | null => {
  const purpose = secretPurposes.find((known) => account.startsWith(prefixes[known]))
  return purpose === undefined ? null : { server: account.slice(prefixes[purpose].length), purpose }
}

/** Accounts that hold a secret; none while the credential store cannot be asked, since a list must open all the same. */
export const storedAccounts = async (credentials: CredentialStore): Promise<ReadonlySet<string>> => {
  try {
    return new Set(await credentials.accounts())
  } catch (thrown) {
    if (thrown instanceof ProblemError && (thrown.problem.code === 'vault-locked' || thrown.problem.code === 'keychain-unavailable')) return new Set()
    throw thrown
  }
}

/**
 * Stores secrets by account (null deletes one) and does the work; when that fails, every secret is again what it was. Deletions happen
 * after the work, so that no stored server is ever without its secret.
 */
export const withSecrets = async <Result>(credentials: CredentialStore, changes: ReadonlyMap<string, string | null>, work: () => Promise<Result>): Promise<Result> => {
  const deletions = [...changes].filter(([, secret]) => secret === null).map(([account]) => account)
  if (deletions.length > 0) await credentials.accounts() // a locked store is noticed before anything has happened
  const result = await withNewSecrets(credentials, changes, work)
  for (const account of deletions) await credentials.delete(account)
  return result
}

const withNewSecrets = async <Result>(credentials: CredentialStore, changes: ReadonlyMap<string, string | null>, work: () => Promise<Result>): Promise<Result> => {
  const before = new Map<string, string | null>()
  try {
    for (const [account, secret] of changes) {
      if (secret === null) continue
      before.set(account, await credentials.get(account))
      await credentials.set(account, secret)
    }
    return await work()
  } catch (thrown) {
    for (const [account, secret] of before) await (secret === null ? credentials.delete(account) : credentials.set(account, secret))
    throw thrown
  }
}
