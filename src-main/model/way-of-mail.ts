/**
 * Which of the ways of a server mail takes: 0 is the server itself, 1 its alternate, 2 the alternate of that. `hop` is the way of the next mail, `standing` the
 * one that has been taking mail, `failures` those in a row on each way.
 */
export type WayOfMail = { hop: number; standing: number; failures: readonly number[] }

export const primaryWay: WayOfMail = { hop: 0, standing: 0, failures: [] }

/** What stands in for another is left only after so many failures in a row: one that stumbles must not undo what is to last. */
export const failuresOfStandIn = 3

/**
 * After a mail that could not reach the server on `hop`. `afterFailures` has a number for each way that has an alternate. `tryAgain`: there is a further way, and
 * the mail may take it at once; false: all were tried, and the next try begins at the server itself.
 */
export const afterUnreachable = (way: WayOfMail, hop: number, afterFailures: readonly number[]): { way: WayOfMail; tryAgain: boolean } => {
  // Mail that was under way when another mail found out.
  if (hop !== way.hop) return { way, tryAgain: way.hop > hop }
  const failures = countedAt(way.failures, hop, (count) => count + 1)
  const wanted = afterFailures[hop]
  const count = failures[hop] ?? 0
  if (wanted !== undefined) return count >= wanted ? { way: { ...way, failures, hop: hop + 1 }, tryAgain: true } : { way: { ...way, failures }, tryAgain: false }
  const stays = hop > 0 && hop === way.standing && count < failuresOfStandIn
  return { way: { ...way, failures, hop: stays ? hop : 0 }, tryAgain: false }
}

/** After a mail that the server on `hop` answered, whatever it said: it is up. */
export const afterAnswer = (way: WayOfMail, hop: number): WayOfMail => ({ ...way, failures: countedAt(way.failures, hop, () => 0) })

/** Whether the server on `hop` stands in but has taken no mail yet: it may be one that never takes any. */
export const isTrial = (way: WayOfMail, hop: number): boolean => hop > 0 && hop !== way.standing

/** After a mail that the server on `hop` answered and did not take. One that has taken none yet is not kept to: the next mail begins at the server itself. */
export const afterNotTaken = (way: WayOfMail, hop: number): WayOfMail => (hop === way.hop && isTrial(way, hop) ? { ...afterAnswer(way, hop), hop: 0 } : afterAnswer(way, hop))

/** After a mail that was taken on `hop`. What was still under way on a way that has been left changes nothing. */
export const afterTaken = (way: WayOfMail, hop: number): WayOfMail => (hop === way.hop ? { ...afterAnswer(way, hop), standing: hop } : way)

const countedAt = (failures: readonly number[], hop: number, count: (before: number) => number): number[] =>
  Array.from({ length: Math.max(failures.length, hop + 1) }, (_, index) => (index === hop ? count(failures[index] ?? 0) : (failures[index] ?? 0)))
