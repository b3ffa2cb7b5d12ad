import type { PriorityMatrix, RequestTemplate, RequestValues } from '#contract/request-values.ts'

type Weights = Pick<RequestValues, 'impact' | 'urgency'>

/** The priority that impact and urgency have by a partition's matrix, whatever their case; null where it says nothing of the pair. */
export function priorityOf({ matrix }: PriorityMatrix, { impact, urgency }: Weights): string | null {
  if (impact === undefined || urgency === undefined) return null
  return matrix.find((row) => same(row.impact, impact) && same(row.urgency, urgency))?.priority ?? null
}

/**
 * The priority that a change of impact or urgency brings with it: where the request had what the matrix says, it has that again. ''
 * where the matrix says nothing any more; null where the priority stays as it is.
 */
export function priorityAfter(priorities: PriorityMatrix, template: Pick<RequestTemplate, 'priority'>, before: RequestValues, change: RequestValues): string | null {
  if (change.priority !== undefined || template.priority !== '' || (change.impact === undefined && change.urgency === undefined)) return null
  if (!same(before.priority ?? '', priorityOf(priorities, before) ?? '')) return null
  const next = priorityOf(priorities, { impact: change.impact ?? before.impact, urgency: change.urgency ?? before.urgency }) ?? ''
  return same(next, before.priority ?? '') ? null : next
}

const same = (one: string, other: string): boolean => one.trim().toLowerCase() === other.trim().toLowerCase()
