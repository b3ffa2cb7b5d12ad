import type { HandOverEvent, HandOverTarget } from '#contract/hand-over.ts'

/** What happened to a request; `subjectId` is the entry or change that it is about. */
export type Happened = { request: number; partition: string; event: HandOverEvent; subjectId: number | null }
/** An event for one target. `key` is the same however often it is sent; `at` is ISO 8601. */
export type NewHandOver = Omit<Happened, 'partition'> & { target: string; key: string; at: string }

/** Whom a happening is told: every enabled target whose partitions fit, in the order of the settings. */
export const targetsFor = (targets: readonly HandOverTarget[], partition: string): HandOverTarget[] =>
  targets.filter(({ enabled, partitions }) => enabled && (partitions.length === 0 || partitions.includes(partition)))

/** The events that follow from what happened, in its order, one for each target that is told. */
export const handOversOf = (targets: readonly HandOverTarget[], happened: readonly Happened[], at: string, newKey: () => string): NewHandOver[] =>
  happened.flatMap(({ partition, request, event, subjectId }) => targetsFor(targets, partition).map(({ name }) => ({ target: name, request, event, subjectId, key: newKey(), at })))
