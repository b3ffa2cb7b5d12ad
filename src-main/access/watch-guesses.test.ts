import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createWatchGuesses, type Guessed } from './watch-guesses.ts'

const minute = 60_000
function createDesk() {
  const time = { run: 0 }
  const rung: string[] = []
  const wrong = createWatchGuesses({ clock: { elapsed: () => time.run }, ring: ({ kind, text }) => void rung.push(`${kind} ${text}`) })
  const times = (count: number, from = '192.0.2.1', everyMs = 1_000, what: Guessed = 'token'): void => {
    for (let turn = 0; turn < count; turn++) {
      wrong(from, what)
      time.run += everyMs
    }
  }
  return { time, rung, times }
}

const cases: [string, (desk: ReturnType<typeof createDesk>) => void, number][] = [
  ['four are nothing', ({ times }) => times(4), 0],
  ['five within ten minutes are told', ({ times }) => times(5), 1],
  ['hundreds are told once', ({ times }) => times(300), 1],
  ['five over an hour are nothing', ({ times }) => times(5, '192.0.2.1', 12 * minute), 0],
  ['five from five places are nothing', ({ times }) => [1, 2, 3, 4, 5].forEach((place) => times(1, `192.0.2.${place}`)), 0],
  ['two places are told each', ({ times }) => (times(5), times(5, '192.0.2.2')), 2],
  ['after ten quiet minutes it is told again', ({ times, time }) => (times(5), (time.run += 11 * minute), times(5)), 2],
  ['one a minute for an hour is told once', ({ times }) => times(60, '192.0.2.1', minute), 1]
]
for (const [what, happens, count] of cases)
  test(what, () => {
    const desk = createDesk()
    happens(desk)
    assert.equal(desk.rung.length, count)
  })

test('it says what is guessed, and from where', () => {
  const { rung, times } = createDesk()
  times(5, '2001:db8::7', 1_000, 'code')
  assert.deepEqual(rung, ['access-guessed Somebody guesses codes: 5 were wrong within ten minutes, from 2001:db8::7.'])
})
