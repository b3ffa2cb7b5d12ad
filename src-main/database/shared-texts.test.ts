import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { stringify } from 'yaml'
import { ProblemError } from '#contract/problem.ts'
import { createMemoryDatabase } from '../../testbed/memory-database.ts'
import type { Database } from './database.ts'
import { earlierConfigurationsTable } from './earlier-configurations-table.ts'
import { historyTable } from './history-table.ts'
import { sharedTexts } from './shared-texts.ts'

const picture = (bytes = 60_000, type = 'image/png'): string => `data:${type};base64,${randomBytes(bytes).toString('base64')}`
const shorten = (database: Database, document: string): Promise<string> => database.transaction((transaction) => sharedTexts.shorten(transaction, document))
const sizesOf = async (database: Database): Promise<number[]> => (await database.all<{ size: number }>('SELECT LENGTH(content) AS size FROM shared_texts ORDER BY size')).map(({ size }) => size)

const one = picture()
const words = 'Grüße 😀 "quoted" \\ back\n'.repeat(2_000)
const documents: [what: string, value: unknown, texts: number][] = [
  ['a picture in HTML', { html: `<p class="a">Hello</p><img src="${one}" alt="x">` }, 1],
  ['the same picture three times', [one, `<img src='${one}'>`, `background: url(${one})`], 1],
  ['two pictures', [one, picture()], 2],
  ['a picture without quotes', `<img src=${one} alt=x>`, 1],
  ['a small picture', `<img src="${picture(1_000)}">`, 0],
  ['an SVG with its characters escaped', `data:image/svg+xml,${'%3Csvg%3E'.repeat(4_000)}`, 1],
  ['base64 in lines', `<img src="data:image/png;base64,${one.slice(22).replace(/.{76}/g, '$&\r\n')}">`, 1],
  ['long words', { text: words }, 1],
  ['a picture among long words', { html: `${words}<img src="${one}">${words}` }, 2],
  ['what ends in backslashes', { a: `${'x'.repeat(20_000)}\\`, b: `\\"\\\\`, c: `${'\\'.repeat(20_000)}"` }, 2],
  ['what looks like a mark', { a: `\x01${'0'.repeat(64)}\x02`, b: words }, 1],
  ['the word data: without a picture', { a: 'data: data:"data:', b: words }, 1]
]
for (const [what, value, texts] of documents)
  test(`${what}: letter by letter as it was, in JSON and in YAML`, async () => {
    const [database, ofYaml] = [createMemoryDatabase(), createMemoryDatabase()]
    const document = JSON.stringify(value)
    const stored = await shorten(database, document)
    assert.equal(await sharedTexts.whole(database, stored), document)
    assert.equal((await sizesOf(database)).length, texts)
    assert.ok(texts === 0 ? stored === document : stored.length < 2_000, `${stored.length} characters are left`)
    const yaml = stringify(value, { lineWidth: 0, blockQuote: false, aliasDuplicateObjects: false })
    assert.equal(await sharedTexts.whole(ofYaml, await shorten(ofYaml, yaml)), yaml)
  })

test('what is stored already is not stored again: other words around a picture, another document', async () => {
  const database = createMemoryDatabase()
  const first = await shorten(database, JSON.stringify({ html: `Hello <img src="${one}">` }))
  const second = await shorten(database, JSON.stringify({ html: `Bye <img src="${one}">`, more: true }))
  assert.deepEqual(await sizesOf(database), [one.length])
  assert.deepEqual([first.length, second.length].map((length) => length < 200), [true, true])
})

test('a text that is missing is no empty one', async () => {
  const database = createMemoryDatabase()
  const stored = await shorten(database, JSON.stringify(one))
  await database.transaction((transaction) => transaction.run('DELETE FROM shared_texts'))
  await assert.rejects(sharedTexts.whole(database, stored), (error: unknown) => error instanceof ProblemError && error.problem.code === 'data-folder-damaged')
})

test('a document of quotes, backslashes and pictures of nearly 16 KB takes no longer', async () => {
  const database = createMemoryDatabase()
  const hostile = JSON.stringify([`<img src="${picture(12_000)}">`.repeat(300), '"'.repeat(2_000_000), '\\'.repeat(2_000_000), 'data:'.repeat(400_000), `${'data:x '.repeat(300_000)}`])
  const began = performance.now()
  const stored = await shorten(database, hostile)
  assert.ok(performance.now() - began < 5_000, `${Math.round(performance.now() - began)} ms`)
  assert.equal((await sharedTexts.whole(database, stored)) === hostile, true)
})

test('a picture goes with the last earlier configuration that has it, unless the history has it too', async () => {
  const database = createMemoryDatabase()
  const [gone, kept] = [picture(20_000), picture(30_000)]
  const add = (yaml: string): Promise<number> => database.transaction((transaction) => earlierConfigurationsTable.add(transaction, { at: '', who: '', before: '', incoming: 0, outgoing: 0, yaml }))
  await database.transaction((transaction) => historyTable.add(transaction, { at: '', who: '', what: 'settings', name: 'settings', action: 'changed', changes: [], reason: null, version: { kept } }))
  await add(`a: "${'x '.repeat(10_000)} ${gone}"\nb: "${kept}"\n`)
  await add(`b: "${gone}"\n`)
  for (let more = 0; more < 19; more++) {
    assert.equal((await earlierConfigurationsTable.get(database, 2))?.yaml, `b: "${gone}"\n`)
    await add('version: 1\n')
  }
  assert.equal(await earlierConfigurationsTable.get(database, 1), null)
  assert.equal((await earlierConfigurationsTable.get(database, 2))?.yaml, `b: "${gone}"\n`)
  await add('version: 1\n')
  assert.deepEqual(await sizesOf(database), [kept.length])
  assert.deepEqual((await historyTable.find(database, 1))?.version, { kept })
})
