/** A code that was mailed, as it is kept: a salted hash, never the code. Times are milliseconds since 1970. */
export type KeptCode = { hash: string; sentAt: number; expiresAt: number; triesLeft: number }

/** How often a code may be typed wrong, how long it holds, and how long there is none after it at the same place. */
export const codeLimits = { tries: 5, validMs: 30 * 60_000, betweenMs: 60_000 }

/** A clock that is put right by a little is no reason to let go of a code. */
const toleranceMs = 120_000

/**
 * Whether no try is heard any more. `runMs` is how long ago the code was sent by a clock that nobody sets, null where that is not known any more (the program was
 * started again): setting the clock of the computer back gives no code a longer life.
 */
export const isCodeOver = ({ sentAt, expiresAt, triesLeft }: KeptCode, now: number, runMs: number | null): boolean =>
  triesLeft <= 0 || now >= expiresAt || now < sentAt - toleranceMs || (runMs !== null && runMs >= codeLimits.validMs)

/** For how long no other code is sent; setting the clock makes that neither shorter while the program runs, nor ever longer. */
export const waitForCode = ({ sentAt }: Pick<KeptCode, 'sentAt'>, now: number, runMs: number | null): number =>
  Math.max(0, codeLimits.betweenMs - (runMs ?? (now < sentAt ? codeLimits.betweenMs : now - sentAt)))
