import assert from 'node:assert/strict'
import { test } from 'node:test'
import { personDraft } from '#contract/person.ts'
import { ProblemError, type Problem } from '#contract/problem.ts'
import { createMemoryDatabase } from '../../testbed/memory-database.ts'
import { configurationTables } from '../database/configuration-tables.ts'
import { mailTables } from '../database/mail-tables.ts'
import { createWorks } from '../work/works.ts'
import { createPeople } from './create-people.ts'

const open = () => {
  const announced: string[] = []
  const database = createMemoryDatabase()
  const people = createPeople({ database, tables: mailTables, history: configurationTables.history, works: createWorks(), announce: (name) => void announced.push(name), now: () => new Date('2026-11-20T08:00:00Z') })
  const save = (id: number | null, address: string, more: object = {}) => people.save({ id, person: personDraft.parse({ name: '', address, ...more }) }, { who: 'Ann' })
  const changes = async () => (await configurationTables.history.list(database, { limit: 10 })).map(({ what, name, action, who, changes: fields }) => [what, name, action, who, fields.map(({ field, to }) => `${field}: ${to}`).join(', ')])
  return { announced, people, save, changes }
}
const problem = (expected: Problem) => (thrown: unknown) => {
  assert.ok(thrown instanceof ProblemError, String(thrown))
  assert.deepEqual(thrown.problem, expected)
  return true
}

test('a person is added, changed and deleted, and the window hears of it', async () => {
  const { announced, people, save } = open()
  const ann = await save(null, 'Ann@example.com', { name: 'Ann', rights: ['edit'] })
  assert.deepEqual(ann, { id: 1, name: 'Ann', address: 'Ann@example.com', user: true, analyst: false, signIn: false, rights: ['edit'], format: null, source: 'console', createdAt: '2026-11-20T08:00:00.000Z', undeliverableSince: null })
  assert.deepEqual(await save(1, 'ann@example.com', { name: 'Ann B.', analyst: true }), { ...ann, name: 'Ann B.', address: 'ann@example.com', analyst: true, rights: [] })
  assert.deepEqual(await people.delete({ ids: [1, 2] }, { who: 'Ann' }), { deleted: 1 })
  assert.deepEqual(await people.delete({ ids: [1] }, { who: 'Ann' }), { deleted: 0 })
  assert.deepEqual(announced, ['people-changed', 'people-changed', 'people-changed'])
})

test('an address belongs to one person, whatever its case', async () => {
  const { announced, save } = open()
  await save(null, 'ann@example.com')
  await save(null, 'bob@example.com')
  await assert.rejects(save(null, 'ANN@example.com'), problem({ code: 'name-taken', what: 'person', name: 'ANN@example.com' }))
  await assert.rejects(save(2, 'Ann@example.com'), problem({ code: 'name-taken', what: 'person', name: 'Ann@example.com' }))
  await assert.rejects(save(9, 'cy@example.com'), problem({ code: 'not-found', what: 'person', name: '9', nearest: null }))
  assert.equal(announced.length, 2)
})

test('pages follow each other to the end', async () => {
  const { people, save } = open()
  for (const address of ['a@example.com', 'b@example.com', 'c@example.com']) await save(null, address)
  const page = async (offset: number, query = '') => {
    const { rows, next, total } = await people.list({ query, limit: 2, offset })
    return [rows.map(({ id }) => id), next, total]
  }
  assert.deepEqual([await page(0), await page(2), await page(5), await page(0, 'b@')], [[[1, 2], 2, 3], [[3], null, 3], [[], null, 3], [[2], null, 1]])
})

test('what a person may do by mail is written down when it changes, and nothing else of them', async () => {
  const { people, save, changes } = open()
  await save(null, 'ann@example.com', { name: 'Ann' })
  await save(1, 'ann@example.com', { name: 'Ann Meyer', format: 'plain' })
  assert.deepEqual(await changes(), [])
  await save(1, 'ann@example.com', { analyst: true, signIn: true, rights: ['close', 'edit'] })
  await people.delete({ ids: [1] }, { who: 'Bob' })
  assert.deepEqual(await changes(), [['access', 'ann@example.com', 'deleted', 'Bob', 'analyst: no, signIn: no, rights: '], ['access', 'ann@example.com', 'changed', 'Ann', 'analyst: yes, signIn: yes, rights: close, edit']])
})
