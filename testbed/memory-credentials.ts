import type { CredentialStore } from '../src-main/credentials/credential-store.ts'

/** A credential store in memory. `secrets` may be looked at and changed; while `broken` is set, writing fails with it. */
export type MemoryCredentials = CredentialStore & { secrets: Map<string, string>; broken: Error | null; writes: number }

export function createMemoryCredentials(secrets = new Map<string, string>()): MemoryCredentials {
  const store: MemoryCredentials = {
    secrets, broken: null, writes: 0,
    get: async (account) => secrets.get(account) ?? null,
    set: async (account, secret) => {
      if (store.broken) throw store.broken
      store.writes++
      secrets.set(account, secret)
    },
    delete: async (account) => secrets.delete(account),
    accounts: async () => [...secrets.keys()].sort()
  }
  return store
}
