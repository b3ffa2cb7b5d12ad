import { ProblemError, type ProblemOf } from '#contract/problem.ts'
import { nearestName } from '#contract/nearest-name.ts'

type Findable = ProblemOf<'not-found'>['what']

/** The row whose server has this name. Throws ProblemError `not-found` with the nearest name. */
export const serverNamed = <Row extends { server: { name: string } }>(what: Findable, rows: readonly Row[], name: string): Row => {
  const row = rows.find((candidate) => candidate.server.name === name)
  if (row === undefined) throw notFound(what, name, rows.map((candidate) => candidate.server.name))
  return row
}

export const notFound = (what: Findable, name: string, known: readonly string[]): ProblemError =>
  new ProblemError({ code: 'not-found', what, name, nearest: nearestName(name, known) })

/** Names that differ only in case count as the same: people and some mail systems do not tell them apart. */
export const sameName = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase()

/** Throws ProblemError `name-taken` when another than `was` has this name. */
export const refuseTakenName = (what: string, name: string, was: string | null, taken: readonly string[]): void => {
  if (taken.some((other) => other !== was && sameName(other, name))) throw new ProblemError({ code: 'name-taken', what, name })
}
