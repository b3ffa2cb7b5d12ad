import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

const home = join(import.meta.dirname, '..')
const list = readFileSync(join(home, 'SECURITY.md'), 'utf8')
const named = [...list.matchAll(/`([\w./-]+\.(?:test|e2e)\.tsx?)`: ([^|\n]+?) \|/g)].map(([, file = '', title = '']) => ({ file, title }))

test('the list of security names tests at all', () => assert.ok(named.length > 50, String(named.length)))

for (const { file, title } of named)
  test(`${title} is a test of ${file}`, () => {
    const quoted = title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    assert.match(readFileSync(join(home, file), 'utf8'), new RegExp(`test\\((['"\`])${quoted}`))
  })
