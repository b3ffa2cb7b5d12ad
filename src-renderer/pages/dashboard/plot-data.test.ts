import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Dashboard } from '#contract/dashboard.ts'
import { durationText, plotAsText, plotsOf, valueText } from './plot-data.ts'

const at = ['2026-11-21T12:00:00.000Z', '2026-11-21T13:00:00.000Z']
const quiet: Dashboard = {
  at: '2026-11-21T13:24:50.000Z', stepHours: 1, servers: [],
  traffic: at.map((time) => ({ at: time, request: 0, reply: 0, command: 0, dropped: 0, error: 0 })), delay: at.map((time) => ({ at: time, median: null, p95: null })),
  queues: at.map((time) => ({ at: time, outbox: 0, handOver: 0, errorFolder: 0, waitingOnServers: 0 })), rounds: at.map((time) => ({ at: time, rounds: 0, failed: 0 }))
}
const busy: Dashboard = {
  ...quiet,
  traffic: [{ at: at[0] ?? '', request: 3, reply: 1, command: 0, dropped: 0, error: 2 }, { at: at[1] ?? '', request: 1, reply: 0, command: 0, dropped: 0, error: 0 }],
  delay: [{ at: at[0] ?? '', median: 12, p95: 300 }, { at: at[1] ?? '', median: null, p95: null }],
  queues: [{ at: at[0] ?? '', outbox: 0, handOver: 7, errorFolder: 2, waitingOnServers: 0 }, { at: at[1] ?? '', outbox: 0, handOver: 1, errorFolder: 2, waitingOnServers: 0 }],
  rounds: [{ at: at[0] ?? '', rounds: 60, failed: 1 }, { at: at[1] ?? '', rounds: 20, failed: 0 }]
}

test('plots say in words what they show', () => {
  assert.deepEqual(plotsOf(busy).map(({ title, summary, empty }) => [title, summary, empty]), [
    ['Mail per hour', '7 messages: 4 requests, 1 reply, 2 errors.', null],
    ['From sent to request', 'Last: half of the mail within 12 s, 95 of 100 within 5 min.', null],
    ['Queues', 'At most: hand-over 7, failed mail 2.', null],
    ['Fetch rounds', '80 rounds, 1 failed.', null]
  ])
})

test('a delay of days is explained by mail that lay in a mailbox before', () => {
  const summary = plotsOf({ ...busy, delay: [{ at: at[0] ?? '', median: 1, p95: 700_000 }] })[1]?.summary
  assert.equal(summary, 'Last: half of the mail within 1 s, 95 of 100 within 8.1 days. Old mail that a mailbox held when it was first fetched from counts with its age.')
})

test('where there is nothing to draw, words stand in its place', () => {
  for (const plot of plotsOf(quiet)) assert.ok(plot.empty !== null && plot.empty.endsWith('.'), plot.id)
})

test('good rounds are those that did not fail', () => assert.deepEqual(plotsOf(busy)[3]?.series.map(({ values }) => values), [[59, 20], [1, 0]]))

test('the numbers are copied as plain ones, with nothing for what is not known', () => {
  assert.equal(plotAsText(plotsOf(busy)[1] as ReturnType<typeof plotsOf>[number]), `From\tHalf of the mail (s)\t95 of 100 (s)\n${at[0]}\t12\t300\n${at[1]}\t\t`)
})

const durations: [seconds: number, text: string][] = [[0, '0 s'], [0.84, '0.8 s'], [9.96, '10 s'], [45.2, '45 s'], [99.4, '99 s'], [180, '3 min'], [5_399, '90 min'], [9_000, '2.5 h'], [86_400, '24 h'], [259_200, '3 days']]
for (const [seconds, text] of durations) test(`${seconds} s are ${text}`, () => assert.equal(durationText(seconds), text))
test('what is not known is a dash', () => assert.deepEqual([valueText(null, 'seconds'), valueText(1_204, 'messages').replace(/\s/, ' ')], ['–', '1 204']))
