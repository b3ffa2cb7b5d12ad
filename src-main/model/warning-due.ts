import type { Expiry } from '#contract/advice.ts'

/** How many days ahead a person is warned; 0 is said once it is over. Certificates of servers renew themselves weeks before their end. */
const warnAheadDays = (what: Expiry['what']): readonly number[] => (what === 'server-certificate' ? [7, 0] : [60, 30, 7, 0])

/**
 * The warning that is due: the nearest threshold that has been reached, unless it, or a nearer one, was given for this very end. null where
 * none is. `rung` is the last warning: what was to end when, and how many days ahead it was given. A later end starts anew.
 */
export const warningDue = ({ what, at, daysLeft }: Pick<Expiry, 'what' | 'at' | 'daysLeft'>, rung: { ends: string; days: number } | null): number | null => {
  const reached = warnAheadDays(what).filter((days) => (days === 0 ? daysLeft < 0 : daysLeft <= days)).at(-1)
  if (reached === undefined) return null
  return rung !== null && rung.ends === at && rung.days <= reached ? null : reached
}
