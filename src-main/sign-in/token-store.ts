import type { CredentialStore } from '../credentials/credential-store.ts'
import { recordIn, type TokenRecord } from './token-record.ts'

export type ServerKind = 'incoming' | 'outgoing'
/** The tokens of one server: read once, then kept in memory; written through. Every method throws ProblemError of the credential store. */
export type TokenStore = {
  read(): Promise<TokenRecord | null>
  /** The record counts from when it lies in the credential store; until then the one before stays. */
  write(record: TokenRecord): Promise<void>
  remove(): Promise<void>
}

/** The account of a server's tokens in the credential store. */
export const tokenAccount = (kind: ServerKind, name: string): string => `token/${kind}/${name}`

export function createTokenStore(store: CredentialStore, account: string): TokenStore {
  let known: TokenRecord | null | undefined
  return {
    async read() {
      if (known !== undefined) return known
      const text = await store.get(account)
      known ??= text === null ? null : recordIn(text)
      return known
    },
    async write(record) {
      await store.set(account, JSON.stringify(record))
      known = record
    },
    async remove() {
      await store.delete(account)
      known = null
    }
  }
}
