import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { allCommands } from './cli/commands.ts'

const home = join(import.meta.dirname, '..')
const list = readFileSync(join(home, 'FIELDS.md'), 'utf8')
const text = globSync(['src-renderer/**/*.{ts,tsx}', 'src-contract/{protocols,oauth,forwarding-guides,notice}.ts'], { cwd: home, exclude: (path) => path.endsWith('.test.ts') }).map((path) => readFileSync(join(home, path), 'utf8')).join('\n')

/** Rows of the tables: page, field of another console, where it is here. */
const rows = [...list.matchAll(/^\| (?!Page \|)([^|]+) \| ([^|]+) \| ([^|]+) \|$/gm)].map(([, page = '', field = '', here = '']) => ({ page, field, here }))
const labels = new Set([...list.matchAll(/\*\*([^*]+)\*\*/g)].map(([, label = '']) => label))
/** Words of the list itself, said at its head. */
const ownWords = new Set(['Bold', 'Incoming server'])

test('the list of fields has the five pages, incoming and outgoing', () => {
  assert.equal([...list.matchAll(/^## /gm)].length, 5)
  assert.ok(rows.length > 150, String(rows.length))
})

test('each field says where it is, or that it is left out', () => assert.deepEqual(rows.filter(({ here }) => !/\*\*|`mailroom |^(left out|not needed|no field): /.test(here)).map(({ field }) => field), []))

for (const label of labels)
  test(`the window has ${label}`, () => {
    if (ownWords.has(label)) return
    const quoted = label.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    assert.match(text, new RegExp(`(?:["'\`>]|^\\s*)${quoted}(?:["'\`<…]|$)`, 'm'))
  })

for (const [, command = ''] of list.matchAll(/`mailroom ([a-z -]+)`/g)) test(`there is mailroom ${command}`, async () => assert.ok((await allCommands()).some(({ name }) => name === command)))
