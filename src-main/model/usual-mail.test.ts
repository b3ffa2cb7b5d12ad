import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fewestExpected, judgeSilence, type MailSeen } from './usual-mail.ts'

const hourMs = 3_600_000
const monday = Date.parse('2026-11-02T00:00:00Z')
const at = (days: number, hour = 0): number => monday + (days * 24 + hour) * hourMs
const hourOfWeek = (time: number): number => new Date(time).getUTCDay() * 24 + new Date(time).getUTCHours()
/** Mail as `perHour` says, from Monday on until a time. */
const habit = (perHour: (day: number, hour: number) => number, until: number, from = monday): MailSeen => {
  const hours = new Map<number, number>()
  let first = Number.NaN
  let last = Number.NaN
  for (let time = from; time < until; time += hourMs) {
    const count = perHour((new Date(time).getUTCDay() + 6) % 7, new Date(time).getUTCHours())
    if (count === 0) continue
    hours.set(time, count)
    first = Number.isNaN(first) ? time : first
    last = time + hourMs - 1
  }
  return { hours, first, last }
}
const office = (day: number, hour: number): number => (day < 5 && hour >= 8 && hour < 18 ? 5 : 0)
const seldom = (_day: number, hour: number): number => (hour === 9 ? 1 : 0)
const always = (): number => 3
const lateShift = (day: number, hour: number): number => (day < 5 && hour >= 22 ? 5 : 0)
const atFive = (day: number, hour: number): number => (day < 5 && hour === 17 ? 5 : 0)

const rows: [string, MailSeen, number, number, boolean][] = [
  ['an office at work, six hours without mail', habit(office, at(23, 9)), at(23, 15), 6, true],
  ['an office at work, not yet six hours', habit(office, at(23, 9)), at(23, 14), 6, false],
  ['an office at night', habit(office, at(23, 18)), at(24, 8), 6, false],
  ['an office at the weekend', habit(office, at(25, 18)), at(28, 8), 6, false],
  ['an office on the morning after: an hour was enough', habit(office, at(23, 18)), at(24, 9), 6, true],
  ['an office that nobody wrote to on Monday', habit(office, at(25, 18)), at(28, 14), 6, true],
  ['a mailbox with one mail a day, two days without', habit(seldom, at(26)), at(28), 6, false],
  ['a mailbox with one mail a day, a week without', habit(seldom, at(26)), at(33), 6, true],
  ['mail day and night, two hours without', habit(always, at(23, 4)), at(23, 6), 1, true],
  ['mail day and night, one hour without', habit(always, at(23, 4)), at(23, 5), 1, false],
  ['a new mailbox with six days to learn from', habit(always, at(6)), at(7), 6, false],
  ['a mailbox with eight days to learn from', habit(always, at(8)), at(8, 6), 6, true],
  ['a late shift, by day', habit(lateShift, at(23, 24)), at(24, 21), 6, false],
  ['a late shift, in its hours', habit(lateShift, at(23, 24)), at(25, 0), 6, true],
  ['old mail that was fetched at once is no habit', { ...habit(seldom, at(26)), hours: new Map([...habit(seldom, at(26)).hours, [at(7, 15), 3_000]]) }, at(28, 16), 6, false],
  ['no mail has ever come but one', { hours: new Map([[monday, 1]]), first: monday, last: monday }, at(28), 6, false],
  ['five mails at the stroke of five every day, that night', { ...habit(atFive, at(23, 18)), last: at(23, 17) + 5_000 }, at(24, 9), 6, false],
  ['five mails at the end of the hour every day, before they come', habit(atFive, at(23, 18)), at(24, 17.9), 6, false],
  ['long ago it was busy: the last four weeks count', habit((day, hour) => (hour === 9 && day === 0 ? 1 : 0), at(63), monday), at(66), 6, false]
]
for (const [title, mail, now, afterHours, silent] of rows)
  test(`${silent ? 'silent' : 'not silent'}: ${title}`, () => {
    const judged = judgeSilence(mail, { now, afterHours, hourOfWeek })
    assert.equal(judged.silent, silent, JSON.stringify(judged))
    if (silent) assert.ok(judged.expected >= fewestExpected)
  })

test('about as many are expected as usually come', () => {
  const { expected } = judgeSilence(habit(office, at(23, 10)), { now: at(23, 14), afterHours: 1, hourOfWeek })
  assert.ok(Math.abs(expected - 20) < 1, String(expected))
})
