import { ProblemError } from '#contract/problem.ts'
import { createTurns, type Turns } from '../fetching/turns.ts'
import type { Clock } from '../fetching/clock.ts'
import { codeLimits, isCodeOver, waitForCode, type KeptCode } from '../model/code-rules.ts'
import { hashOfCode, isCode } from './code-hash.ts'

/** Where the code of a key (an address, a token) is kept. What `put` was given is there after a crash where codes are to survive one. */
export type CodeStore = {
  find(key: string): Promise<KeptCode | null>
  /** Keeps how often it may still be tried. */
  putTries(key: string, triesLeft: number): Promise<void>
}
export type MailedCodesNeeds = { store: CodeStore; clock: Pick<Clock, 'now' | 'elapsed'>; /** Digits that nobody can guess. */ newCode: () => string }

/** Codes that are mailed and typed: one at a time for each key, at most one a minute, five tries, half an hour. Work on one key is done in turn. */
export type MailedCodes = {
  /** Makes a code and has `keep` put its hash on disk with the mail. Throws ProblemError `code-sent-just-now`, and what `keep` throws. */
  make<Result>(key: string, keep: (code: string, kept: KeptCode) => Promise<Result>): Promise<Result>
  /** Does `accept` where this is the code. Throws ProblemError `code-wrong`, `code-expired`, and what `accept` throws, after which the code still holds. */
  check<Result>(key: string, typed: string, accept: () => Promise<Result>): Promise<Result>
  /** For how many milliseconds no other code is made. */
  waitMs(key: string, kept: Pick<KeptCode, 'sentAt'>): number
  isOver(key: string, kept: KeptCode): boolean
}

export function createMailedCodes({ store, clock, newCode }: MailedCodesNeeds): MailedCodes {
  // By the clock that nobody sets, for as long as the program runs.
  const sentElapsed = new Map<string, number>()
  const turns = new Map<string, Turns>()
  const inTurn = (key: string): Turns => {
    const found = turns.get(key) ?? createTurns()
    turns.set(key, found)
    return found
  }
  const runMs = (key: string): number | null => {
    const sent = sentElapsed.get(key)
    return sent === undefined ? null : clock.elapsed() - sent
  }
  const waitMs: MailedCodes['waitMs'] = (key, kept) => waitForCode(kept, clock.now(), runMs(key))
  const isOver: MailedCodes['isOver'] = (key, kept) => isCodeOver(kept, clock.now(), runMs(key))

  return {
    make: (key, keep) =>
      inTurn(key)(async () => {
        const before = await store.find(key)
        // What was deleted and added again has had its code all the same.
        const wait = before !== null ? waitMs(key, before) : sentElapsed.has(key) ? waitMs(key, { sentAt: clock.now() }) : 0
        if (wait > 0) throw new ProblemError({ code: 'code-sent-just-now', waitSeconds: Math.ceil(wait / 1_000) })
        const code = newCode()
        const sentAt = clock.now()
        const made = await keep(code, { hash: await hashOfCode(code), sentAt, expiresAt: sentAt + codeLimits.validMs, triesLeft: codeLimits.tries })
        sentElapsed.set(key, clock.elapsed())
        return made
      }),
    check: (key, typed, accept) =>
      inTurn(key)(async () => {
        const kept = await store.find(key)
        if (kept === null) throw new ProblemError({ code: 'code-expired' })
        if (kept.triesLeft <= 0) throw new ProblemError({ code: 'code-wrong', triesLeft: 0 })
        if (isOver(key, kept)) throw new ProblemError({ code: 'code-expired' })
        // Counted before it is looked at: ending the program in between gives no free try.
        const triesLeft = kept.triesLeft - 1
        await store.putTries(key, triesLeft)
        if (!(await isCode(typed, kept.hash))) throw new ProblemError({ code: 'code-wrong', triesLeft })
        return accept()
      }),
    waitMs,
    isOver
  }
}
