import type { Outcome } from '#contract/message.ts'
import { hourOf } from '../model/dashboard-steps.ts'
import { delayClassOf, secondsOnTheWay } from '../model/delay-classes.ts'
import type { DecidedMessage } from './message-fate.ts'
import type { WriteNeeds } from './write-needs.ts'

/** Counts the messages of a batch for the dashboard: a row for each outcome and class of delay, however many messages there are. */
export async function writeTraffic({ transaction, tables, origin, at }: Pick<WriteNeeds, 'transaction' | 'tables' | 'origin' | 'at'>, decided: readonly DecidedMessage[]): Promise<void> {
  if (decided.length === 0) return
  const of = { hour: hourOf(at), server: origin.serverId }
  const outcomes = counted(decided.map(({ outcome }) => outcome))
  const delays = counted(decided.flatMap((one) => delayOf(one, at) ?? []).map(delayClassOf))
  await tables.trafficHours.add(transaction, [...outcomes].map(([outcome, messages]) => ({ ...of, outcome, messages })))
  await tables.delayHours.add(transaction, [...delays].map(([upToSeconds, messages]) => ({ ...of, upToSeconds, messages })))
  await tables.lastMails.put(transaction, origin.serverId, at)
}

/** Seconds from sent to committed (`at`, ISO 8601) of a message that got where it should; null where it did not, or its date tells nothing. */
export const delayOf = ({ outcome, arrived }: Pick<DecidedMessage, 'outcome' | 'arrived'>, at: string): number | null =>
  reached.has(outcome) ? secondsOnTheWay(arrived.taken?.parsed.content.date ?? null, at) : null

const reached: ReadonlySet<Outcome> = new Set<Outcome>(['request', 'reply', 'command'])

function counted<Value>(values: readonly Value[]): Map<Value, number> {
  const counts = new Map<Value, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return counts
}
