/**
 * Where secrets live: the OS keychain, or a vault file under a passphrase. Accounts are `incoming/NAME` and `outgoing/NAME`'s
 * shared form `server/NAME` and `data-key`. Throws ProblemError `vault-locked` or `keychain-unavailable`.
 */
export interface CredentialStore {
  get(account: string): Promise<string | null>
  set(account: string, secret: string): Promise<void>
  delete(account: string): Promise<boolean>
  accounts(): Promise<string[]>
}
