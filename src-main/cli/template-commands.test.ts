import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { builtInAcknowledgement } from '#contract/mail-template.ts'
import { settings as settingsSchema } from '#contract/settings.ts'
import { run } from '../../testbed/command-line.ts'
import type { Handlers } from '../ipc/handlers-type.ts'

const rule = (name: string, more: object = {}) => ({ name, event: 'request-created', to: ['requester', 'desk@example.com'], template: { subject: `${name} {{number}}`, text: 't' }, ...more })
const settings = settingsSchema.parse({ requestMails: [rule('New request'), rule('Closed', { event: 'request-closed', enabled: false, partitions: ['IT'], template: { subject: 'Closed', text: '', html: '<p>x</p>' } })], processing: { answers: { template: { subject: 'Thanks', text: 'ack' } } } })
const asked: { name: string; input: unknown }[] = []
const handlers: Partial<Handlers> = {
  'settings.get': async () => settings,
  'template.preview': async (input) => (asked.push({ name: 'preview', input }), { subject: 'Request \u001b[31m7', text: 'Hello\nAnn\n', html: '<p>Hello</p>' }),
  'template.send-sample': async ({ workId: _, ...input }) => (asked.push({ name: 'sample', input }), { messageId: '<1@example.com>', serverSaid: '250 ok', through: 'primary', accepted: [input.to], refused: input.to === 'no@example.com' ? [{ address: input.to, serverSaid: '550 unknown' }] : [] })
}

test('template list shows each rule with its event, partitions and recipients', async () => {
  const { status, out } = await run('template list', { handlers })
  assert.equal(status, 0)
  assert.match(out, /New request +on +request-created +any +requester, desk@example\.com +New request \{\{number\}\} +text/)
  assert.match(out, /Closed +off +request-closed +IT +.*HTML/)
  const { out: json } = await run('template list --event request-closed --json', { handlers })
  assert.deepEqual((JSON.parse(json) as { name: string }[]).map(({ name }) => name), ['Closed'])
  assert.match((await run('template list', { handlers: { 'settings.get': async () => settingsSchema.parse({}) } })).said, /No rule sends mail about requests\. Add one/)
  assert.equal((await run('template list --event closed', { handlers })).status, 2)
})

test('template placeholders lists what may be used', async () => assert.match((await run('template placeholders', { handlers })).out, /\{\{requesterAddress\}\} +Address of the requester/))

test('template preview shows a stored template, the acknowledgement or files, on a request or a made-up one', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'template-'))
  try {
    const html = join(folder, 'a.html')
    writeFileSync(html, '\ufeff<p>{{number}}</p>')
    asked.length = 0
    const { status, out } = await run(['template', 'preview', '--rule', 'new REQUEST', '--request', '7'], { handlers })
    assert.deepEqual([status, out], [0, 'Subject: Request  [31m7\n\nHello\nAnn\n\nHTML:\n<p>Hello</p>\n'])
    await run('template preview --acknowledgement', { handlers })
    await run(['template', 'preview', '--subject', 'S', '--text', '-', '--html', html], { handlers, stdin: 'from stdin' })
    assert.deepEqual(asked.map(({ input }) => input), [
      { template: settings.requestMails[0]?.template, request: 7 }, { template: settings.processing.answers.template, request: null }, { template: { subject: 'S', text: 'from stdin', html: '<p>{{number}}</p>' }, request: null }
    ])
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('template send-sample sends through a partition, and a refusal ends with 1', async () => {
  asked.length = 0
  const { status, out } = await run('template send-sample --acknowledgement --to me@example.com --partition HR', { handlers })
  assert.deepEqual([status, out], [0, 'Sent: <1@example.com>\nThe server said: 250 ok\n'])
  assert.deepEqual(asked[0]?.input, { template: settings.processing.answers.template, request: null, partition: 'HR', to: 'me@example.com' })
  assert.equal((await run('template send-sample --acknowledgement --to no@example.com', { handlers })).status, 1)
})

const refused: [string, string[], RegExp][] = [
  ['no template', ['template', 'preview'], /Name a template: --rule NAME/],
  ['two templates', ['template', 'preview', '--rule', 'Closed', '--acknowledgement'], /--rule and --acknowledgement do not go together/],
  ['a rule that is not there', ['template', 'preview', '--rule', 'New requests'], /There is no rule “New requests”\. Did you mean “New request”\?/],
  ['a text without a subject', ['template', 'preview', '--text', '-'], /A template needs --subject TEXT/],
  ['an unknown placeholder', ['template', 'preview', '--subject', 'Request {{numbr}}'], /There is no placeholder \{\{numbr\}\} \(line 1, character 9\) — did you mean \{\{number\}\}\?/],
  ['nobody', ['template', 'send-sample', '--rule', 'Closed'], /needs --to ADDRESS/],
  ['no number', ['template', 'preview', '--rule', 'Closed', '--request', 'x'], /--request needs a whole number/]
]
for (const [what, line, expected] of refused)
  test(`template refuses ${what}`, async () => {
    const { status, said } = await run(line, { handlers })
    assert.equal(status, 2)
    assert.match(said, expected)
  })

test('the acknowledgement without a template of its own is the built-in one', async () => {
  asked.length = 0
  await run('template preview --acknowledgement', { handlers: { ...handlers, 'settings.get': async () => settingsSchema.parse({}) } })
  assert.deepEqual(asked.map(({ input }) => input), [{ template: builtInAcknowledgement, request: null }])
})
