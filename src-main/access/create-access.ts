import type { PinState } from '#contract/access.ts'
import type { ParsedInput, Role } from '#contract/calls.ts'
import { ProblemError } from '#contract/problem.ts'
import type { Settings } from '#contract/settings.ts'
import type { Clock } from '../fetching/clock.ts'
import type { Notify } from '../notices/notify.ts'
import type { Caller, ConfigurationNeeds } from '../servers/configuration-needs.ts'
import { readSettings } from '../servers/present-configuration.ts'
import { checkedReason } from '../servers/record-change.ts'
import type { AccessTokensTable } from './access-table.ts'
import { openAccessTokens } from './access-tokens.ts'
import { openPin } from './pin.ts'
import { tellAccess } from './tell-access.ts'
import { createWindowLock } from './window-lock.ts'

export type AccessNeeds = Pick<ConfigurationNeeds, 'database' | 'tables' | 'credentials' | 'announce'> & {
  accessTokens: AccessTokensTable
  /** Only the desktop window is locked and unlocked. */
  host: 'desktop' | 'browser'
  clock: Clock
  settings: () => Promise<Settings>
  /** A token of 256 bits that nobody can guess. */
  newToken: () => string
  /** Rings the bell and mails people by the rules. */
  notify: Notify
  /** A PIN was wrong; `from` is where. */
  guessed: (from: string) => void
  reportUnexpected: (thrown: unknown, during: string) => unknown
}

const pinWords = { added: 'set', changed: 'changed', deleted: 'taken away' } as const

/** Who may change things: the PIN of the desktop window and the named tokens of the headless host; one function for each call `access.…`. */
export async function createAccess(needs: AccessNeeds) {
  const { database, tables, host, clock } = needs
  const changed = (): void => needs.announce('access-changed', {})
  const counted = (thrown: unknown): never => {
    if (thrown instanceof ProblemError && thrown.problem.code === 'wrong-pin') needs.guessed(host === 'desktop' ? 'the desktop window' : 'the command line or a browser')
    throw thrown
  }
  const pin = await openPin(needs)
  const tokens = await openAccessTokens(needs)
  const lock = createWindowLock({ ...needs, hasPin: pin.isSet, changed })

  const onDesktop = (call: string, role: Role): void => {
    if (host !== 'desktop') throw new ProblemError({ code: 'not-allowed', call, role })
  }
  const recordPin = (action: 'added' | 'changed' | 'deleted', given: string | null, who: string) => (): Promise<void> =>
    database.transaction(async (transaction) => {
      const reason = checkedReason(await readSettings(tables, transaction), given)
      await tables.history.add(transaction, { at: new Date(clock.now()).toISOString(), who, what: 'access', name: 'PIN', action, changes: [{ field: 'PIN', from: '', to: action }], reason, version: null })
    })

  return {
    tokens: tokens.list,
    addToken: tokens.add,
    revokeToken: tokens.revoke,
    namedToken: tokens.holder,

    /** Throws ProblemError `wrong-pin`, `too-many-tries`, and `not-allowed` elsewhere than in the desktop window. */
    async unlock({ pin: typed }: ParsedInput<'access.unlock'>, { role }: Caller): Promise<void> {
      onDesktop('access.unlock', role)
      await pin.check(typed).catch(counted)
      if (pin.isSet()) await lock.unlock()
    },
    async lock(_input: ParsedInput<'access.lock'>, { role }: Caller): Promise<void> {
      onDesktop('access.lock', role)
      lock.lock()
    },
    /** The window stays open for whoever set it. Throws ProblemError `wrong-pin`, `too-many-tries`, `invalid-input` at `reason`. */
    async setPin({ current, pin: next, reason }: ParsedInput<'access.set-pin'>, { who }: Caller): Promise<void> {
      const action = next === null ? 'deleted' : pin.isSet() ? 'changed' : 'added'
      if (next === null && !pin.isSet()) return
      await pin.change(current, next, recordPin(action, reason, who)).catch(counted)
      await tellAccess(needs, `The PIN of the window was ${pinWords[action]} by ${who}.`)
      if (next !== null && host === 'desktop') await lock.unlock()
      else changed()
    },
    /** Takes a forgotten PIN away. Throws ProblemError `not-allowed` in the window that it guards, `invalid-input` at `reason`. */
    async resetPin({ reason }: ParsedInput<'access.reset-pin'>, { who, role }: Caller): Promise<{ wasSet: boolean }> {
      if (host === 'desktop') throw new ProblemError({ code: 'not-allowed', call: 'access.reset-pin', role })
      if (!pin.isSet()) return { wasSet: false }
      await pin.reset(recordPin('deleted', reason, who))
      await tellAccess(needs, `The PIN of the window was ${pinWords.deleted} by ${who}.`)
      changed()
      return { wasSet: true }
    },

    pinState: (): PinState => (host === 'desktop' ? lock.state() : 'none'),
    windowRole: (): Role => lock.role(),
    windowUsed: lock.used,
    /** Follows settings that were saved. */
    settingsChanged: lock.follow,
    close: lock.close
  }
}
