import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Problem } from '#contract/problem.ts'
import { afterFailure } from './after-failure.ts'

const peer = { host: 'mail.example.com', port: 993 }
const refused: Problem = { code: 'credentials-refused', server: 'it', user: 'it', serverSaid: 'no' }
const unreachable: Problem = { code: 'host-unreachable', ...peer }
const busy: Problem = { code: 'server-busy', serverSaid: '', ...peer }
const changed: Problem = { code: 'mailbox-identity-changed', server: 'it', folder: 'INBOX', before: '1', now: '2' }
const full: Problem = { code: 'error-folder-full', server: 'it', messages: 50, limit: 50 }

const rows: [string, Problem, number, number, ReturnType<typeof afterFailure>][] = [
  ['unreachable is tried again soon', unreachable, 1, 0.5, { next: 'retry', afterMs: 5_000 }],
  ['and then less often', unreachable, 3, 0.5, { next: 'retry', afterMs: 20_000 }],
  ['up to a limit', unreachable, 1000, 0.5, { next: 'retry', afterMs: 300_000 }],
  ['a busy server gets more time', busy, 1, 0.5, { next: 'retry', afterMs: 30_000 }],
  ['a refused password is not hammered', refused, 1, 0.5, { next: 'retry', afterMs: 900_000 }],
  ['not even after many', refused, 10, 0.5, { next: 'retry', afterMs: 3_600_000 }],
  ['chance spreads downwards', unreachable, 1, 0, { next: 'retry', afterMs: 4_000 }],
  ['chance spreads upwards', unreachable, 1, 1, { next: 'retry', afterMs: 6_000 }],
  ['another mailbox waits for a person', changed, 1, 0.5, { next: 'stop' }],
  ['a full error folder waits for a person', full, 1, 0.5, { next: 'stop' }]
]
for (const [title, problem, failures, chance, expected] of rows)
  test(title, () => assert.deepEqual(afterFailure(problem, failures, chance), expected))
