import { randomBytes } from 'node:crypto'
import { createAccess, type AccessNeeds } from '../access/create-access.ts'
import { accessTokensTable } from '../database/access-tokens-table.ts'
import { systemClock } from '../fetching/clock.ts'

/** Who may change things; it follows the settings. */
export async function composeAccess(given: Omit<AccessNeeds, 'accessTokens' | 'clock' | 'newToken'> & { subscribe: (listener: (name: string) => void) => () => void }) {
  const access = await createAccess({ ...given, accessTokens: accessTokensTable, clock: systemClock, newToken: () => randomBytes(32).toString('base64url') })
  const unsubscribe = given.subscribe((name) => {
    if (name === 'settings-changed') access.settingsChanged().catch((thrown: unknown) => given.reportUnexpected(thrown, 'following the settings of access'))
  })
  return {
    ...access,
    close: () => {
      unsubscribe()
      access.close()
    }
  }
}
