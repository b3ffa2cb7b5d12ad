import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fieldWords } from './field-words.ts'
import { fits } from './find-command.ts'

const home = join(import.meta.dirname, '..', '..')
const pages = [...readFileSync(join(import.meta.dirname, 'pages.tsx'), 'utf8').matchAll(/id: '([^']+)', title: '([^']+)', group: '[^']+', keywords: '([^']*)'/g)].map(([, id = '', title = '', keywords = '']) => ({ id, title, keywords }))
const drawn = globSync('src-renderer/pages/**/*.{ts,tsx}', { cwd: home }).map((path) => readFileSync(join(home, path), 'utf8')).join('\n')
const found = (query: string): string[] => [...pages.map(({ title, keywords }) => ({ label: title, words: keywords, kind: 'Page' })), ...fieldWords.map(({ label, words, place }) => ({ label, words: `${words} ${place}`, kind: 'Field' }))].filter((command) => fits(command, query)).map(({ label }) => label)

/** Buttons of every form. */
const everywhere = /^(Save|OK|Open|Edit|Delete|Test|Add)$/

/** The rows of FIELDS.md that lead somewhere. */
const rows = [...readFileSync(join(home, 'FIELDS.md'), 'utf8').matchAll(/^\| (?!Page \|)([^|]+) \| ([^|]+) \| ([^|]+) \|$/gm)]
  .map(([, page = '', field = '', here = '']) => ({ page, field, here }))
  .filter(({ here }) => here.includes('**') && !here.startsWith('left out'))

test('a page and a field are found however e-mail is written', () => {
  for (const query of ['email settings', 'E-Mail settings', 'mail server settings']) assert.ok(found(query).includes('E-mail settings'), query)
  assert.ok(found('email command').includes('E-mail command'))
  assert.ok(fits({ label: 'Sign in: main (outgoing)', words: '', kind: 'Action' }, 'sign in main'))
  const handOver = { label: 'Hand-over', words: 'help desk', kind: 'Page' }
  assert.deepEqual(['hand-', 'hand-over', 'handover', 'hand over'].filter((query) => !fits(handOver, query)), [])
  assert.ok(!fits({ label: 'Outbox', words: 'queue it', kind: 'Page' }, 'it-'))
  assert.ok(!fits({ label: 'Outbox', words: 'queue', kind: 'Page' }, 'outbox spam'))
})

for (const { label, page } of fieldWords)
  test(`the search leads to ${label} on a page that has it`, () => {
    assert.ok(pages.some(({ id }) => id === page), page)
    assert.ok(drawn.includes(label), label)
  })

for (const { page, field, here } of rows)
  test(`${page}, ${field}: found by its name there`, () => {
    const ours = [...here.matchAll(/\*\*([^*]+)\*\*/g)].map(([, label = '']) => label)
    for (const word of field.replaceAll(/\(.*?\)|:.*| …/g, '').split(/, | and |\/(?=[A-Z])/).map((each) => each.trim()))
      if (!everywhere.test(word)) assert.ok(found(word).some((label) => ours.some((our) => our.startsWith(label))), `${word}: ${found(word).join(', ') || 'nothing'}`)
  })
