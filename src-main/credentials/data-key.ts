import { randomBytes } from 'node:crypto'
import { ProblemError } from '#contract/problem.ts'
import type { CredentialStore } from './credential-store.ts'

/** The account that holds the data key. */
export const dataKeyAccount = 'data-key'

/**
 * The 32 bytes that everything in the data folder is encrypted with; made once, for an empty folder. Throws ProblemError
 * `data-key-missing` where the folder holds data and the store has no key for it: a new key would make the old data unreadable.
 */
export async function dataKeyOf(credentials: CredentialStore, folder: { path: string; holdsData(): Promise<boolean> }): Promise<Buffer> {
  const stored = await credentials.get(dataKeyAccount)
  if (stored !== null) {
    const key = Buffer.from(stored, 'base64')
    if (key.length === 32) return key
    throw new ProblemError({ code: 'data-key-missing', folder: folder.path })
  }
  if (await folder.holdsData()) throw new ProblemError({ code: 'data-key-missing', folder: folder.path })
  const key = randomBytes(32)
  await credentials.set(dataKeyAccount, key.toString('base64'))
  const kept = await credentials.get(dataKeyAccount)
  if (kept !== key.toString('base64')) throw new ProblemError({ code: 'keychain-unavailable', reason: 'the data key was not kept' })
  return key
}
