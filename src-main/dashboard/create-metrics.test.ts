import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { RoundResult } from '#contract/incoming-server.ts'
import type { Outcome } from '#contract/message.ts'
import type { Problem } from '#contract/problem.ts'
import { readExposition, type Family } from '../../testbed/exposition-format.ts'
import type { CommitNeeds } from '../requests/message-fate.ts'
import { createMetrics, type MetricsSeen } from './create-metrics.ts'

type Told = Parameters<CommitNeeds['told']>
const now = Date.parse('2026-11-21T12:00:00Z')
const metricsFor = (context: TestContext) => {
  const metrics = createMetrics({ now: () => now, version: '1.2.3', nodeVersion: '24.0.0' })
  context.after(metrics.close)
  return metrics
}
const empty: MetricsSeen = { servers: [], outbox: 0, handOver: [], expiries: [], working: true }
const server: MetricsSeen['servers'][number] = { name: 'it', isStarted: true, isWell: true, failuresInARow: 0, lastSuccessAt: null, lastMailAt: null, errorsOpen: 0, waiting: null }
const origin = (name: string | null): Told[0] => ({ serverId: 1, sharedWith: [], server: name === null ? null : ({ name } as Told[0]['server']), isMailbox: true, identity: '', errorsAreMoved: true })
const committed = (outcome: Outcome, date: string | null): Told[1][number] => ({ outcome, decided: { outcome, arrived: { taken: { parsed: { content: { date } } } } } }) as unknown as Told[1][number]
const round = (problem: Problem | null, seconds = 0.4): RoundResult => ({ server: 'it', seconds, startedAt: '', problem, fetched: 0, requests: 0, replies: 0, commands: 0, dropped: 0, errors: 0 })
const valueOf = (families: Family[], name: string, labels: Record<string, string> = {}): number | undefined =>
  families.flatMap(({ samples }) => samples).find((one) => one.name === name && JSON.stringify(Object.entries(one.labels).sort()) === JSON.stringify(Object.entries(labels).sort()))?.value

test('what happens is counted, and the text keeps to the format to the letter', async (context) => {
  const metrics = metricsFor(context)
  metrics.committed(origin('it'), [committed('request', '2026-11-21T11:59:57Z'), committed('request', null), committed('dropped', '2026-11-21T11:00:00Z'), committed('error', '2026-11-21T11:00:00Z')])
  metrics.committed(origin(null), [committed('reply', '2026-11-21T11:00:01Z')])
  metrics.roundEnded(round(null))
  metrics.roundEnded(round({ code: 'connection-refused', host: 'x', port: 1 }, 7))
  metrics.roundEnded(round({ code: 'delayed-by-provider', server: 'it', until: '', serverSaid: '' }))
  const families = readExposition(await metrics.text({ ...empty, servers: [server] }))
  const expected: [name: string, labels: Record<string, string>, value: number][] = [
    ['mailroom_messages_total', { server: 'it', outcome: 'request' }, 2], ['mailroom_messages_total', { server: 'it', outcome: 'dropped' }, 1], ['mailroom_messages_total', { server: 'it', outcome: 'error' }, 1],
    ['mailroom_messages_total', { server: 'it', outcome: 'command' }, 0], ['mailroom_messages_total', { server: '(files)', outcome: 'reply' }, 1],
    ['mailroom_rounds_total', { server: 'it', result: 'ok' }, 1], ['mailroom_rounds_total', { server: 'it', result: 'failed' }, 1], ['mailroom_rounds_total', { server: 'it', result: 'delayed' }, 1],
    ['mailroom_round_seconds_count', { server: 'it' }, 3], ['mailroom_round_seconds_bucket', { server: 'it', le: '0.5' }, 2],
    ['mailroom_request_delay_seconds_count', {}, 2], ['mailroom_request_delay_seconds_bucket', { le: '5' }, 1], ['mailroom_request_delay_seconds_bucket', { le: '3600' }, 2],
    ['mailroom_build_info', { version: '1.2.3', node: '24.0.0' }, 1]
  ]
  for (const [name, labels, value] of expected) assert.equal(valueOf(families, name, labels), value, `${name} ${JSON.stringify(labels)}`)
  const typeOf = (name: string): string | undefined => families.find((one) => one.name === name)?.type
  assert.deepEqual(['mailroom_messages_total', 'mailroom_request_delay_seconds', 'mailroom_server_up'].map(typeOf), ['counter', 'histogram', 'gauge'])
})

test('what is looked up stands as it is seen, and what is gone is gone', async (context) => {
  const metrics = metricsFor(context)
  const seen: MetricsSeen = {
    working: false, outbox: 3, handOver: [{ target: 'desk', waiting: 4 }], expiries: [{ server: 'it', what: 'provider', daysLeft: 90 }, { server: 'it', what: 'provider', daysLeft: -2 }, { server: 'it', what: 'sign-in', daysLeft: 7 }],
    servers: [{ ...server, isWell: false, failuresInARow: 6, lastSuccessAt: '2026-11-21T11:00:00.000Z', lastMailAt: '2026-11-21T10:00:00.500Z', errorsOpen: 2, waiting: 17 }, { ...server, name: 'hr', isStarted: false }]
  }
  const families = readExposition(await metrics.text(seen))
  const expected: [name: string, labels: Record<string, string>, value: number | undefined][] = [
    ['mailroom_working', {}, 0], ['mailroom_outbox_waiting', {}, 3], ['mailroom_hand_over_waiting', { target: 'desk' }, 4], ['mailroom_expiry_days', { server: 'it', what: 'provider' }, -2], ['mailroom_expiry_days', { server: 'it', what: 'sign-in' }, 7],
    ['mailroom_server_up', { server: 'it' }, 0], ['mailroom_server_up', { server: 'hr' }, undefined], ['mailroom_server_failures_in_a_row', { server: 'it' }, 6], ['mailroom_errors_open', { server: 'it' }, 2], ['mailroom_errors_open', { server: 'hr' }, 0],
    ['mailroom_last_success_timestamp_seconds', { server: 'it' }, 1_795_258_800], ['mailroom_last_mail_timestamp_seconds', { server: 'it' }, 1_795_255_200.5], ['mailroom_last_mail_timestamp_seconds', { server: 'hr' }, undefined],
    ['mailroom_waiting_on_server', { server: 'it' }, 17], ['mailroom_waiting_on_server', { server: 'hr' }, undefined]
  ]
  for (const [name, labels, value] of expected) assert.equal(valueOf(families, name, labels), value, `${name} ${JSON.stringify(labels)}`)
  const later = readExposition(await metrics.text({ ...empty, servers: [{ ...server, name: 'renamed' }] }))
  assert.deepEqual(['it', 'renamed'].map((name) => valueOf(later, 'mailroom_server_up', { server: name })), [undefined, 1])
  assert.equal(valueOf(later, 'mailroom_expiry_days', { server: 'it', what: 'sign-in' }), undefined)
})

test('names with quotes, backslashes, line feeds and other scripts come back as they are', async (context) => {
  const name = 'a"b\\c\nd é 日本 {}=,'
  const metrics = metricsFor(context)
  metrics.roundEnded({ ...round(null), server: name })
  assert.equal(valueOf(readExposition(await metrics.text({ ...empty, servers: [{ ...server, name }] })), 'mailroom_rounds_total', { server: name, result: 'ok' }), 1)
})

test('two consoles in one process count apart', async (context) => {
  const [one, other] = [metricsFor(context), metricsFor(context)]
  one.roundEnded(round(null))
  assert.equal(valueOf(readExposition(await other.text({ ...empty, servers: [server] })), 'mailroom_rounds_total', { server: 'it', result: 'ok' }), 0)
})

test('the process tells its memory, processor time and event loop', async (context) => {
  const families = readExposition(await metricsFor(context).text(empty))
  for (const name of ['process_resident_memory_bytes', 'process_start_time_seconds', 'process_cpu_seconds_total', 'nodejs_heap_size_used_bytes']) assert.ok((valueOf(families, name) ?? 0) > 0, name)
  for (const name of ['mailroom_event_loop_delay_max_seconds', 'mailroom_event_loop_delay_p99_seconds']) assert.ok((valueOf(families, name) ?? -1) >= 0, name)
})

const refused: [what: string, text: string][] = [
  ['no line feed at the end', 'a 1'], ['a value that is no number', '# TYPE a gauge\na one\n'], ['a label without quotes', '# TYPE a gauge\na{b=c} 1\n'], ['a quote that is not escaped', '# TYPE a gauge\na{b="c"d"} 1\n'], ['a name with a dash', '# TYPE a-b gauge\na-b 1\n'],
  ['the same sample twice', '# TYPE a gauge\na{b="c"} 1\na{b="c"} 2\n'], ['a family in two places', '# TYPE a gauge\na 1\n# TYPE b gauge\nb 1\n# TYPE a gauge\na{c="d"} 1\n'], ['an unknown type', '# TYPE a number\na 1\n'],
  ['a histogram whose buckets fall', '# TYPE a histogram\na_bucket{le="1"} 2\na_bucket{le="+Inf"} 1\na_sum 1\na_count 1\n'], ['a histogram without +Inf', '# TYPE a histogram\na_bucket{le="1"} 1\na_sum 1\na_count 1\n'], ['a sample of another family', '# TYPE a gauge\nb 1\n']
]
for (const [what, text] of refused) test(`the reader of this test refuses ${what}`, () => assert.throws(() => readExposition(text)))
