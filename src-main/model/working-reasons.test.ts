import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { HealthReason } from '#contract/health.ts'
import type { Problem } from '#contract/problem.ts'
import { workingReasons, type WatchedServer } from './working-reasons.ts'

const now = Date.parse('2026-11-21T12:00:00Z')
const ago = (minutes: number): string => new Date(now - minutes * 60_000).toISOString()
const refused: Problem = { code: 'connection-refused', host: 'mail.example.com', port: 993 }
const revoked: Problem = { code: 'sign-in-revoked', server: 'it', serverSaid: '' }
const full: Problem = { code: 'error-folder-full', server: 'it', messages: 50, limit: 50 }
const lastRound = (minutes: number): WatchedServer['state']['lastRound'] => ({ server: 'it', seconds: 1, startedAt: ago(minutes), problem: null, fetched: 0, requests: 0, replies: 0, commands: 0, dropped: 0, errors: 0 })

type Changes = Partial<Omit<WatchedServer, 'state'>> & { state?: Partial<WatchedServer['state']> }
const rows: [name: string, changes: Changes, reasons: HealthReason['code'][]][] = [
  ['waits for its next round', { state: { nextRoundAt: ago(-1) } }, []],
  ['failed once', { state: { fetching: 'failing', problem: refused, failuresInARow: 1, nextRoundAt: ago(-1) } }, []],
  ['failed as often as alerts wait for', { state: { fetching: 'failing', problem: refused, failuresInARow: 5, nextRoundAt: ago(-1) } }, ['server-failing']],
  ['fails for ten minutes, although it is tried rarely', { state: { fetching: 'failing', problem: refused, failuresInARow: 1, failingSince: ago(10), nextRoundAt: ago(-5) } }, ['server-failing']],
  ['fails for nine minutes', { state: { fetching: 'failing', problem: refused, failuresInARow: 2, failingSince: ago(9), nextRoundAt: ago(-5) } }, []],
  ['lost its sign-in, which waiting does not mend', { state: { fetching: 'failing', problem: revoked, failuresInARow: 1, nextRoundAt: ago(-1) } }, ['server-failing']],
  ['was stopped by a problem', { enabled: false, state: { fetching: 'stopped', problem: full } }, ['server-stopped']],
  ['was stopped by hand', { enabled: false, state: { fetching: 'stopped' } }, []],
  ['is a draft', { isDraft: true, state: { problem: refused, failuresInARow: 9 } }, []],
  ['is stuck in a round', { state: { fetching: 'fetching', stuckSince: ago(2) } }, ['round-stuck']],
  ['fetches for long, but gets on', { state: { fetching: 'fetching', lastRound: lastRound(60) } }, []],
  ['should have been asked ten minutes ago', { state: { nextRoundAt: ago(10) } }, ['round-overdue']],
  ['should have been asked a minute ago, and waits for a place', { state: { nextRoundAt: ago(1) } }, []],
  ['has no plan and was never asked since the beginning', { state: {} }, ['round-overdue']],
  ['has no plan, but was asked just now', { state: { lastRound: lastRound(2) } }, []],
  ['has no plan, but is asked once a day', { fetchEveryMs: 86_400_000, state: { lastRound: lastRound(600) } }, []],
  ['is listened to', { state: { fetching: 'listening', lastRound: lastRound(600) } }, []],
  ['is held off by the provider', { state: { nextRoundAt: ago(10), delayedUntil: ago(-5) } }, []],
  ['is silent', { silentSince: ago(600), state: { nextRoundAt: ago(-1) } }, ['mailbox-silent']],
  ['is silent and fails', { silentSince: ago(600), state: { problem: refused, failuresInARow: 7, nextRoundAt: ago(-1) } }, ['server-failing', 'mailbox-silent']]
]
for (const [name, { state, ...changes }, reasons] of rows)
  test(`a server that ${name}`, () => {
    const server: WatchedServer = {
      enabled: true, isDraft: false, fetchEveryMs: 60_000, silentSince: null, ...changes,
      state: { fetching: 'waiting', problem: null, failuresInARow: 0, failingSince: null, stuckSince: null, nextRoundAt: null, delayedUntil: null, lastRound: null, ...state }
    }
    assert.deepEqual(workingReasons(server, { now, begunAt: now - 3_600_000, afterFailures: 5 }), reasons)
  })
