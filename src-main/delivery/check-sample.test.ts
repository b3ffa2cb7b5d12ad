import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Role } from '#contract/calls.ts'
import { testMail } from '#contract/outgoing-server.ts'
import { sampleHtml } from '#contract/sample-mail.ts'
import { openConsole } from '../compose.ts'
import { silentLog } from '../log/create-log.ts'

const files = [{ name: 'invoice.pdf', mediaType: 'application/pdf', base64: 'YQ==' }]
const table: [what: string, role: Role, mail: object, refusedAt: string | null][] = [
  ['support sends a text', 'support', {}, null], ['support sends its text in the frame of the sample', 'support', { text: 'Does it <arrive>?', html: sampleHtml('Does it <arrive>?') }, null],
  ['support sends no HTML of its own', 'support', { html: '<a href="https://example.net">Sign in</a>' }, 'mail.html'], ['nor another frame', 'support', { html: sampleHtml('Other words') }, 'mail.html'], ['nor files', 'support', { attachments: files }, 'mail.attachments'],
  ['an administrator sends both', 'administrator', { html: '<b>x</b>', attachments: files }, null]
]
test('mail that is signed in the name of the house and says anything is for administrators to send', async () => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'mailroom-sample-'))
  const core = await openConsole({ dataFolder, host: 'browser', demo: false, passphrase: 'a passphrase for this test', log: silentLog, env: { DBUS_SESSION_BUS_ADDRESS: '' } })
  try {
    for (const [what, role, mail, refusedAt] of table) {
      const answer = await core.answer('outgoing.send', { name: 'main', mail: { to: ['victim@example.net'], ...mail }, workId: what.replaceAll(' ', '-') }, { role, who: 'test' })
      const problem = answer.ok ? assert.fail() : answer.problem
      assert.deepEqual(problem.code === 'invalid-input' ? problem.issues.map(({ path }) => path) : problem.code, refusedAt === null ? 'not-found' : [refusedAt], what)
    }
  } finally {
    await core.close()
    rmSync(dataFolder, { recursive: true })
  }
})

test('files of one mail are as large together as one may be', () => {
  const part = { name: 'a', mediaType: 'text/plain', base64: 'YWJj'.repeat(20_000_000) }
  assert.deepEqual(testMail.safeParse({ to: ['a@example.com'], attachments: [part, part] }).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`), ['attachments: The files have at most 100 MB together.'])
  assert.ok(testMail.safeParse({ to: ['a@example.com'], attachments: [part] }).success)
})
