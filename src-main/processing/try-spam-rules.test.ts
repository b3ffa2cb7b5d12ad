import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ProblemError } from '#contract/problem.ts'
import { spamRule } from '#contract/spam-rule.ts'
import { createMemoryDatabase } from '../../testbed/memory-database.ts'
import { spamHitsTable } from '../database/spam-hits-table.ts'
import { createTrySpamRules } from './try-spam-rules.ts'

const setUp = () => {
  const database = createMemoryDatabase()
  return { database, rules: createTrySpamRules({ database, spamHits: spamHitsTable }) }
}
const raw = Buffer.from('From: Ann <ann@example.net>\r\nTo: it@example.com\r\nSubject: =?utf-8?q?Out_of_B=C3=BCro?=\r\n\r\nBack on Monday.\r\n')

test('a rule is tried before it is saved, and every criterion told', async () => {
  const { rules } = setUp()
  const tried = spamRule.parse({ name: 'Absent', enabled: false, criteria: [{ field: 'subject', condition: 'contains', values: ['x', 'büro'] }, { field: 'body', condition: 'matches', values: ['back on (mon|tues)day'] }, { field: 'sender', condition: 'is', values: ['bob@example.net'] }] })
  assert.deepEqual(await rules.try({ rules: [tried], base64: raw.toString('base64') }), [
    { rule: 'Absent', matches: false, criteria: [{ met: true, found: 'büro' }, { met: true, found: 'back on (mon|tues)day' }, { met: false, found: null }] }
  ])
})

test('what is no expression is refused where it stands', async () => {
  const { rules } = setUp()
  const tried = spamRule.parse({ name: 'R', criteria: [{ field: 'subject', condition: 'contains', values: ['(is text'] }, { field: 'body', condition: 'matches', values: ['ok', '(a'] }] })
  await assert.rejects(rules.try({ rules: [tried], base64: '' }), (error) => {
    assert.ok(error instanceof ProblemError)
    assert.deepEqual(error.problem, { code: 'invalid-input', issues: [{ path: 'rules[0].criteria[1].values[1]', message: 'This is no regular expression (RE2): missing closing ): `(a`.' }] })
    return true
  })
})

test('whatever the bytes are there is an answer', async () => {
  const { rules } = setUp()
  const tried = spamRule.parse({ name: 'R', criteria: [{ field: 'subject', condition: 'contains', values: ['a'] }] })
  for (const base64 of ['', '!!!', Buffer.from([0, 255, 0]).toString('base64')]) assert.equal((await rules.try({ rules: [tried], base64 }))[0]?.matches, false)
})

test('hits are counted by name and can be reset', async () => {
  const { database, rules } = setUp()
  assert.deepEqual(await rules.hits(), [])
  await database.transaction((transaction) => spamHitsTable.add(transaction, new Map([['b', 2], ['a', 1]]), '2026-11-21T08:00:00.000Z'))
  await database.transaction((transaction) => spamHitsTable.add(transaction, new Map([['b', 3]]), '2026-11-21T09:00:00.000Z'))
  const b = { rule: 'b', hits: 5, lastAt: '2026-11-21T09:00:00.000Z' }
  assert.deepEqual(await rules.hits(), [{ rule: 'a', hits: 1, lastAt: '2026-11-21T08:00:00.000Z' }, b])
  await rules.resetHits({ rule: 'a' })
  assert.deepEqual(await rules.hits(), [b])
})
