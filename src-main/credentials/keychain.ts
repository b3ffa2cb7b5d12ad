import { randomBytes } from 'node:crypto'
import type * as keytarModule from 'keytar'
import { ProblemError } from '#contract/problem.ts'
import type { CredentialStore } from './credential-store.ts'

type Keytar = Pick<typeof keytarModule, 'getPassword' | 'setPassword' | 'deletePassword' | 'findCredentials'>
export type KeychainNeeds = {
  /** Id of the data folder: several on one computer keep their secrets apart. */
  id: string
  env: Readonly<Record<string, string | undefined>>
  platform: NodeJS.Platform
  /** How long the keychain may think, asking its user included. */
  limitMs?: number
  load?: () => Promise<Keytar>
}

const load = async (): Promise<Keytar> => {
  const loaded: Keytar & { default?: Keytar } = await import('keytar')
  return loaded.default ?? loaded
}

/**
 * The OS keychain, proved by a round trip: writes, reads and deletes a probe. Throws ProblemError `keychain-unavailable` with the
 * reason in words, and never waits longer than `limitMs` (10 s).
 */
export async function openKeychain(needs: KeychainNeeds): Promise<CredentialStore> {
  const { id, env, platform, limitMs = 10_000 } = needs
  // Without a session bus keytar may wait for ever in native code; where there is none there is no Secret Service.
  if (platform === 'linux' && !env.DBUS_SESSION_BUS_ADDRESS) throw unavailable('there is no D-Bus session, so no Secret Service can be reached')
  const keytar = await (needs.load ?? load)().catch((error: unknown) => {
    throw unavailable('the keytar module cannot be loaded (on Linux it needs libsecret)', error)
  })
  const service = `mailroom ${id}`
  const ask = <Result>(work: Promise<Result>): Promise<Result> => within(limitMs, work)
  await probe(keytar, service, ask)
  return {
    get: (account) => ask(keytar.getPassword(service, account)),
    set: (account, secret) => ask(keytar.setPassword(service, account, secret)),
    delete: (account) => ask(keytar.deletePassword(service, account)),
    accounts: async () => (await ask(keytar.findCredentials(service))).map(({ account }) => account).sort()
  }
}

async function probe(keytar: Keytar, service: string, ask: <Result>(work: Promise<Result>) => Promise<Result>): Promise<void> {
  const value = randomBytes(12).toString('base64')
  await ask(keytar.setPassword(`${service} probe`, 'probe', value))
  const read = await ask(keytar.getPassword(`${service} probe`, 'probe'))
  await ask(keytar.deletePassword(`${service} probe`, 'probe'))
  if (read !== value) throw unavailable('the keychain did not give back what was stored in it')
}

function within<Result>(limitMs: number, work: Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(unavailable(`the keychain did not answer within ${Math.ceil(limitMs / 1000)} seconds`)), limitMs)
    work.then(resolve, (error: unknown) => reject(unavailable(`the keychain refused: ${error instanceof Error ? error.message : String(error)}`, error))).finally(() => clearTimeout(timer))
  })
}

const unavailable = (reason: string, cause?: unknown): ProblemError => new ProblemError({ code: 'keychain-unavailable', reason }, { cause })
