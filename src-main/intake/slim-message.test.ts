import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { parseMessage } from '../processing/parsing/parse-message.ts'
import { readsAs, slimMessage } from './slim-message.ts'

const folder = new URL('../../testbed/odd-messages/', import.meta.url)
for (const name of readdirSync(folder).filter((one) => one.endsWith('.eml')))
  test(`${name} reads the same without its other parts, and the same bytes come out each time`, () => {
    const raw = readFileSync(new URL(name, folder))
    const parsed = parseMessage(raw)
    const { slim, remains } = slimMessage(raw)
    assert.ok(readsAs(slim, parsed))
    assert.deepEqual(parseMessage(slim).content.attachments, [])
    assert.deepEqual(remains.attachments, parsed.content.attachments)
    assert.ok(slimMessage(raw).slim.equals(slim))
  })

test('a header in the charset of its body, and what lies beside the parts', () => {
  const raw = Buffer.from(['From: J\xfcrgen <j@example.com>', 'To: it@example.com', 'Subject: Pr\xfcfung', 'Content-Type: multipart/mixed; boundary=b', '', 'preamble-canary', '--b', 'Content-Type: text/plain; charset=iso-8859-1', '', 'gr\xfcn', '--b', 'Content-Type: image/png; name=x.png', '', 'part-canary', '--b--', 'epilogue-canary'].join('\r\n'), 'latin1')
  const { slim } = slimMessage(raw)
  const { from, subject, text } = parseMessage(slim).content
  assert.deepEqual([from?.name, subject, text.trim()], ['Jürgen', 'Prüfung', 'grün'])
  assert.doesNotMatch(slim.toString('latin1'), /canary/)
})
