import { ProblemError, type Problem } from '#contract/problem.ts'
import type { Clock } from '../fetching/clock.ts'
import { codeLimits, type KeptCode } from '../model/code-rules.ts'
import { createMailedCodes } from '../senders/mailed-codes.ts'

export type SecondFactorNeeds = {
  clock: Pick<Clock, 'now' | 'elapsed'>
  newCode: () => string
  /** The token with this SHA-256; null for one that is not known. */
  tokenOf: (sha256: string) => { name: string; secondFactor: string | null } | null
  /** Puts the mail with the code of the token of this name on disk and on its way. Answers what is in its way, null where a server took it. Throws ProblemError `codes-switched-off`. */
  post: (to: string, code: string, name: string) => Promise<Problem | null>
  /** A code was typed wrong; `from` is where. */
  guessed: (from: string) => void
}

/** Where the second step of a sign-in stands. `to` hides most of the address; `problem` is what is in the way of the mail; `waitSeconds`: no other code is sent for so long. */
export type SecondStep = { to: string; problem: Problem | null; canEnter: boolean; triesLeft: number; waitSeconds: number }

export type SecondFactor = {
  /** Sends a code where none can be entered, or another one where `again` says so and a minute has passed; after five that nobody entered half an hour. null: this token has no second step. Throws ProblemError `code-sent-just-now`. */
  step(sha256: string, again: boolean): Promise<SecondStep | null>
  /** Where it stands, without sending anything. */
  look(sha256: string): Promise<SecondStep | null>
  /** Takes the code of a token, once. Throws ProblemError `code-wrong`, `code-expired`. */
  check(sha256: string, typed: string, from: string): Promise<void>
}

/** Whoever has the link alone must not fill a mailbox with codes, nor have as many tries as there are minutes. */
const mostInARow = 5

/** The second step of tokens with an address: a code that goes there. Codes are kept in memory; after a restart another one is needed. */
export function createSecondFactor({ clock, newCode, tokenOf, post, guessed }: SecondFactorNeeds): SecondFactor {
  const kept = new Map<string, KeptCode & { problem: Problem | null }>()
  /** Codes that were sent one after the other, none of which was entered, and when the last was. */
  const inARow = new Map<string, { count: number; at: number }>()
  const pauseMs = (sha256: string): number => {
    const { count, at } = inARow.get(sha256) ?? { count: 0, at: 0 }
    return count < mostInARow ? 0 : Math.max(0, codeLimits.validMs - (clock.elapsed() - at))
  }
  const codes = createMailedCodes({
    clock, newCode,
    store: {
      find: async (key) => kept.get(key) ?? null,
      putTries: async (key, triesLeft) => {
        const code = kept.get(key)
        if (code !== undefined) kept.set(key, { ...code, triesLeft })
      }
    }
  })
  const stepOf = (sha256: string, to: string): SecondStep => {
    const code = kept.get(sha256)
    if (code === undefined) return { to: masked(to), problem: null, canEnter: false, triesLeft: 0, waitSeconds: 0 }
    const canEnter = !codes.isOver(sha256, code)
    return { to: masked(to), problem: code.problem, canEnter, triesLeft: canEnter ? code.triesLeft : 0, waitSeconds: Math.ceil(Math.max(codes.waitMs(sha256, code), pauseMs(sha256)) / 1_000) }
  }
  const send = (sha256: string, to: string): Promise<void> =>
    codes.make(sha256, async (code, hashed) => {
      const pause = pauseMs(sha256)
      if (pause > 0) throw new ProblemError({ code: 'code-sent-just-now', waitSeconds: Math.ceil(pause / 1_000) })
      kept.set(sha256, { ...hashed, problem: await post(to, code, tokenOf(sha256)?.name ?? '') })
      inARow.set(sha256, { count: (inARow.get(sha256)?.count ?? 0) + 1, at: clock.elapsed() })
    })

  return {
    async step(sha256, again) {
      const to = tokenOf(sha256)?.secondFactor ?? null
      if (to === null) return null
      const before = stepOf(sha256, to)
      // With its tries used up, another is sent when it is asked for.
      if (again || !kept.has(sha256) || (!before.canEnter && before.waitSeconds === 0))
        await send(sha256, to).catch((thrown: unknown) => {
          // Another browser with the same link was quicker: its code is as good.
          if (again || !(thrown instanceof ProblemError) || thrown.problem.code !== 'code-sent-just-now') throw thrown
        })
      return stepOf(sha256, to)
    },
    async look(sha256) {
      const to = tokenOf(sha256)?.secondFactor ?? null
      return to === null ? null : stepOf(sha256, to)
    },
    async check(sha256, typed, from) {
      try {
        await codes.check(sha256, typed, async () => {
          kept.delete(sha256)
          inARow.delete(sha256)
        })
      } catch (thrown) {
        if (thrown instanceof ProblemError && thrown.problem.code === 'code-wrong') guessed(from)
        throw thrown
      }
    }
  }
}

/** Enough of an address for whoever knows it. */
const masked = (address: string): string => `${[...address][0] ?? ''}…${address.slice(address.lastIndexOf('@'))}`
