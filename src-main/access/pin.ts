import { z } from 'zod'
import type { ParsedInput } from '#contract/calls.ts'
import { ProblemError } from '#contract/problem.ts'
import type { CredentialStore } from '../credentials/credential-store.ts'
import type { Clock } from '../fetching/clock.ts'
import { createTurns } from '../fetching/turns.ts'
import { afterWrongPin, triesLeft, waitNow, type PinTries } from '../model/pin-wait.ts'
import { hashOfPin, isPin } from './pin-hash.ts'

const pinAccount = 'access/pin'
const triesAccount = 'access/pin-tries'
const triesShape = z.object({ wrong: z.int().min(0), until: z.number() })

export type PinNeeds = { credentials: CredentialStore; clock: Clock }

/** The PIN as the credential store keeps it: its hash, and how often it was wrong. One try at a time. */
export async function openPin({ credentials, clock }: PinNeeds) {
  const inTurn = createTurns()
  let stored = await credentials.get(pinAccount)
  // By the time that runs, so that a clock which is set forward ends no wait while the console is open.
  let waitsUntil = 0

  const tries = async (): Promise<PinTries> => {
    const text = await credentials.get(triesAccount)
    return text === null ? { wrong: 0, until: 0 } : triesShape.parse(JSON.parse(text))
  }
  /** Throws ProblemError `wrong-pin`, `too-many-tries`. */
  const check = async (typed: string): Promise<void> => {
    if (stored === null) return
    const before = await tries()
    const waitMs = Math.max(waitNow(before, clock.now()), Math.ceil(waitsUntil - clock.elapsed()))
    if (waitMs > 0) throw new ProblemError({ code: 'too-many-tries', waitMs })
    // Counted before it is looked at: ending the program in between gives no free try.
    const after = afterWrongPin(before, clock.now())
    await credentials.set(triesAccount, JSON.stringify(after))
    waitsUntil = clock.elapsed() + waitNow(after, clock.now())
    if (!(await isPin(typed, stored))) throw new ProblemError({ code: 'wrong-pin', triesLeft: triesLeft(after) })
    waitsUntil = 0
    await credentials.delete(triesAccount)
  }
  const put = async (pin: ParsedInput<'access.set-pin'>['pin']): Promise<void> => {
    const hash = pin === null ? null : await hashOfPin(pin)
    if (hash === null) await credentials.delete(pinAccount)
    else await credentials.set(pinAccount, hash)
    await credentials.delete(triesAccount)
    waitsUntil = 0
    stored = hash
  }
  return {
    isSet: (): boolean => stored !== null,
    check: (typed: string) => inTurn(() => check(typed)),
    /** Does the work with the new PIN in place; where that fails the old one holds again. */
    change: (current: string | null, pin: string | null, work: () => Promise<void>) =>
      inTurn(async () => {
        await check(current ?? '')
        await replacing(pin, work)
      }),
    reset: (work: () => Promise<void>) => inTurn(() => replacing(null, work))
  }

  async function replacing(pin: string | null, work: () => Promise<void>): Promise<void> {
    const before = stored
    try {
      await put(pin)
      await work()
    } catch (thrown) {
      if (before !== null) await credentials.set(pinAccount, before)
      else await credentials.delete(pinAccount)
      stored = before
      throw thrown
    }
  }
}
