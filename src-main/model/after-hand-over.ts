/** `delivered`: the help desk has it. `later`: it is tried again by itself. `refused`: another try would end the same way, a person has to look. */
export type HandOverVerdict = 'delivered' | 'later' | 'refused'

/**
 * What an answer's status means. 409 is `delivered` where the help desk has the event already: it says so, or an earlier try ended without
 * an answer that can be relied on. Redirects are not followed (Standard Webhooks 1.0.0, "Delivery success and failure"): the URL has to be mended.
 */
export function verdictOf(status: number, { hasItAlready }: { hasItAlready: boolean }): HandOverVerdict {
  if (status >= 200 && status < 300) return 'delivered'
  if (status === 409) return hasItAlready ? 'delivered' : 'refused'
  if (status === 408 || status === 425 || status === 429) return 'later'
  return status >= 300 && status < 500 ? 'refused' : 'later'
}

/** Whether an answer to a repeated event says that the event is there already: it names its key, or says so in words. */
export const saysItHasItAlready = (answer: string, key: string): boolean => answer.includes(key) || /\b(?:already|duplicate[ds]?)\b/i.test(answer)

const firstMs = 10_000
const longestMs = 3_600_000

/** How long to wait after so many tries (milliseconds): 10 s, doubled up to an hour, and up to a quarter more by `chance` (0 to 1). */
export const handOverPauseMs = (tries: number, chance: number): number => Math.min(longestMs, firstMs * 2 ** Math.min(Math.max(tries, 1) - 1, 20)) * (1 + chance / 4)
