const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** How much mail a mailbox usually gets is learnt from so many days before its last mail, and not from fewer than a week of them. */
export const learntFromDays = { most: 28, least: 7 }

/** Fewer than this many expected messages come to none in one case of a hundred, and more often (Poisson: e^-4.6 = 0.01). */
export const fewestExpected = -Math.log(0.01)

export type MailSeen = {
  /** Messages by the hour in which they came: the beginning of the hour, in milliseconds since 1970. */
  hours: ReadonlyMap<number, number>
  /** When the first and the last message came that is known. */
  first: number
  last: number
}
/** `hourOfWeek`: which of the 168 hours of the week a time is in, where the people are whose mail it is. */
export type UsualMailNeeds = { now: number; afterHours: number; hourOfWeek: (time: number) => number }

/**
 * Whether a mailbox is silent beyond its habit: no mail for `afterHours` where so many would have come that none at all has a chance under one
 * in a hundred. `expected` is how many would have come since the last. Nights, weekends and whatever else repeats by the week are learnt; with
 * less than a week to learn from nothing is silent.
 */
export const judgeSilence = ({ hours, first, last }: MailSeen, { now, afterHours, hourOfWeek }: UsualMailNeeds): { silent: boolean; expected: number } => {
  const from = Math.max(first, last - learntFromDays.most * dayMs)
  if (last - from < learntFromDays.least * dayMs) return { silent: false, expected: 0 }
  const usual = usualByHour(hours, from, last, hourOfWeek)
  const expected = expectedSince(last, now, (time) => usual[hourOfWeek(time)] ?? 0, hours.get(hourOf(last)) ?? 0)
  return { silent: now - last >= afterHours * hourMs && expected >= fewestExpected, expected }
}

/** Messages in each hour of the week, on average. */
const usualByHour = (hours: MailSeen['hours'], from: number, last: number, hourOfWeek: UsualMailNeeds['hourOfWeek']): number[] => {
  const messages = new Array<number>(168).fill(0)
  const seen = new Array<number>(168).fill(0)
  const begin = hourOf(from)
  // What had piled up before the first round, or while a server was away, is no habit.
  const most = mostAnHour([...hours].filter(([time]) => time > begin && time <= last).map(([, count]) => count))
  for (let time = begin + hourMs; time <= last; time += hourMs) {
    const at = hourOfWeek(time)
    seen[at] = (seen[at] ?? 0) + 1
    messages[at] = (messages[at] ?? 0) + Math.min(most, hours.get(time) ?? 0)
  }
  return messages.map((count, at) => count / Math.max(1, seen[at] ?? 0))
}

const mostAnHour = (counts: number[]): number => {
  const sorted = counts.filter((count) => count > 0).sort((one, other) => one - other)
  return Math.max(2, 3 * (sorted[Math.floor(sorted.length / 2)] ?? 0))
}

/**
 * Messages that usually come after the last one, in hours that are over: mail that always comes at the end of an hour is not missed at its
 * beginning. What the hour of the last message has had already is not expected in it again.
 */
const expectedSince = (last: number, now: number, usual: (time: number) => number, alreadyCame: number): number => {
  const first = hourOf(last)
  const left = (first + hourMs - last) / hourMs
  let sum = now >= first + hourMs ? Math.min(usual(first) * left, Math.max(0, usual(first) - alreadyCame)) : 0
  for (let time = first + hourMs; time + hourMs <= now; time += hourMs) sum += usual(time)
  return sum
}

const hourOf = (time: number): number => Math.floor(time / hourMs) * hourMs
