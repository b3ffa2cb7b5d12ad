/** How often a PIN was wrong since it was last right, and until when (milliseconds since 1970) none is taken. */
export type PinTries = { wrong: number; until: number }

export const freeTries = 5
const waitsMs = [30_000, 60_000, 300_000, 900_000, 3_600_000]

/** How long nothing is taken now. A clock that was set back does not make a wait longer than the longest. */
export const waitNow = ({ until }: PinTries, now: number): number => Math.max(0, Math.min(until - now, waitsMs.at(-1) ?? 0))

/** The tries after one more that was wrong: five are free, then each costs a longer wait, up to an hour. */
export const afterWrongPin = ({ wrong }: PinTries, now: number): PinTries => {
  const tries = wrong + 1
  const wait = tries < freeTries ? 0 : (waitsMs[Math.min(tries - freeTries, waitsMs.length - 1)] ?? 0)
  return { wrong: tries, until: wait === 0 ? 0 : now + wait }
}

/** Tries that are left before there is a wait. */
export const triesLeft = ({ wrong }: PinTries): number => Math.max(0, freeTries - wrong)
