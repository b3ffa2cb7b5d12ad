import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { HistoryProof } from '#contract/history.ts'
import { mailTables } from '../database/mail-tables.ts'
import { createMemoryDatabase } from '../../testbed/memory-database.ts'
import { createBell } from './bell.ts'
import { createWatchHistory } from './watch-history.ts'

const proof = (broken: HistoryProof['broken']): HistoryProof => ({ isIntact: broken === null, entries: 5, unchained: 0, head: 'f', at: '2026-11-21T13:00:00.000Z', broken })

function watching() {
  const bell = createBell({ database: createMemoryDatabase(), tables: mailTables, announce: () => undefined, now: () => Date.parse('2026-11-21T13:00:00Z') })
  const due: { ms: number; work: () => void }[] = []
  const warnings: string[] = []
  let answer: () => Promise<HistoryProof> = async () => proof(null)
  const watch = createWatchHistory({ verify: () => answer(), bell, notify: bell, clock: { after: (ms, work) => (due.push({ ms, work }), () => undefined) }, logWarning: (text) => void warnings.push(text) })
  const told = async () => (await bell.list()).notices.map(({ kind, text }) => [kind, text])
  return { bell, watch, due, warnings, told, finds: (broken: HistoryProof['broken']) => void (answer = async () => proof(broken)), fails: () => void (answer = () => Promise.reject(new Error('the keychain is locked'))) }
}

test('a fault rings once, also after it was read and the console started again; another fault rings again', async () => {
  const { bell, watch, told, finds } = watching()
  await watch.look()
  assert.deepEqual(await told(), [])
  finds({ id: 3, reason: 'it was changed after it was written' })
  await watch.look()
  await bell.read({ ids: null })
  await watch.look()
  assert.deepEqual(await told(), [['history-broken', 'The history is not as it was written from entry 3 on: it was changed after it was written.']])
  finds({ id: 2, reason: 'its hash was removed' })
  await watch.look()
  assert.equal((await told()).length, 2)
})

test('it looks at the start and every day after, whatever happens', async () => {
  const { watch, due, warnings, fails } = watching()
  fails()
  watch.begin()
  assert.equal(due[0]?.ms, 0)
  due[0]?.work()
  await new Promise((resolve) => setImmediate(resolve))
  assert.match(warnings.join(), /keychain is locked/)
  assert.equal(due[1]?.ms, 86_400_000)
  await watch.close()
})
