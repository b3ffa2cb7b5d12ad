import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MailTemplate } from '#contract/mail-template.ts'
import type { TestMail } from '#contract/outgoing-server.ts'
import { ProblemError } from '#contract/problem.ts'
import { partition } from '#contract/settings.ts'
import { createRig, createWorld, mailOf, testServer } from '../../testbed/fetching-rig.ts'
import { decide } from '../processing/pipeline.ts'
import { createWorks } from '../work/works.ts'
import { newOutgoingServer } from '#contract/outgoing-server.ts'
import { nothingKnown } from './nothing-known.ts'
import { createTemplates } from './templates.ts'

async function office(...mails: string[]) {
  const world = createWorld()
  const rig = createRig(world, { decide })
  world.mail.deliver(...mails)
  if (mails.length > 0) await rig.round({ server: testServer() })
  const sent: { server: string; mail: TestMail; signal: AbortSignal }[] = []
  const works = createWorks()
  const templates = createTemplates({
    ...rig, works, settings: async () => world.settings, partitions: async () => [partition.parse({ name: 'HR' }), partition.parse({ name: 'IT', default: true })], now: () => new Date('2026-11-20T09:00:00Z'),
    outgoing: async (name) => ({ ...nothingKnown.outgoing, senderName: `Desk of ${name}` }), outgoingFor: async (name) => (name === 'IT' ? { server: { ...newOutgoingServer('smtp'), name: 'main' } } : null),
    sendTest: async (server, mail, signal) => {
      sent.push({ server, mail, signal })
      if (mail.to[0] === 'slow@example.com') await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))
      return { messageId: '<1@example.com>', serverSaid: '250 ok', through: 'primary', accepted: mail.to, refused: [] }
    }
  })
  return { world, rig, templates, sent, works }
}
const template: MailTemplate = { subject: '{{number}} {{subject}}', text: '{{requester}} in {{partition}}: {{message}} -- {{senderName}}', html: '<p onclick="x">{{subject}}</p><img src="https://tracker.example/x">' }
const code = (wanted: string) => (thrown: unknown) => thrown instanceof ProblemError && thrown.problem.code === wanted

test('a made-up request shows every placeholder with something in it', async () => {
  const { templates } = await office()
  const { subject, text, html } = await templates.preview({ template, request: null })
  assert.equal(subject, '1042 The printer on the second floor does not print')
  assert.match(text, /^Ann Example in IT: Good morning,\n\n.* & prints nothing\.\n\nKind regards\nAnn -- Desk of IT$/)
  assert.equal(html, '<p>The printer on the second floor does not print</p>')
  const { text: all } = await templates.preview({ template: { subject: 's', text: '{{category}}|{{priority}}|{{technician}}|{{group}}|{{status}}|{{createdAt}}|{{requesterAddress}}', html: null }, request: null })
  assert.equal(all, 'Hardware|High|Tess Technician|Field service|Open|2026-11-20 09:00 UTC|ann@example.com')
})

test('a real request shows its own, with the newest mail of its conversation', async () => {
  const { templates } = await office(mailOf('1', 'Help <b>'), mailOf('2', 'More', ['In-Reply-To: <1@example.com>']))
  assert.deepEqual(await templates.preview({ template, request: 1 }), { subject: '1 Help <b>', text: 'Ann in IT: Text of 2. -- Desk of IT', html: '<p>Help &lt;b&gt;</p>' })
  await assert.rejects(templates.preview({ template, request: 9 }), code('not-found'))
})

test('a sample goes at once through the server of its partition, and can be cancelled', async () => {
  const { templates, sent, works } = await office()
  const wanted = { template, request: null, partition: null, to: 'me@example.com', workId: 'work-0001' }
  assert.equal((await templates.sendSample(wanted)).serverSaid, '250 ok')
  assert.deepEqual(sent.map(({ server, mail }) => [server, mail.to, mail.cc, mail.subject, mail.html]), [['main', ['me@example.com'], [], '1042 The printer on the second floor does not print', '<p>The printer on the second floor does not print</p>']])
  const slow = templates.sendSample({ ...wanted, to: 'slow@example.com', workId: 'work-0002' })
  while (sent.length < 2) await new Promise(setImmediate)
  works.cancel('work-0002')
  await assert.rejects(slow, code('cancelled'))
})

test('a sample says what stands in its way', async () => {
  const { templates } = await office()
  const wanted = { template, request: null, to: 'me@example.com', workId: 'work-0001' }
  await assert.rejects(templates.sendSample({ ...wanted, partition: 'HR' }), code('no-outgoing-server'))
  await assert.rejects(templates.sendSample({ ...wanted, partition: 'ITT' }), (thrown) => thrown instanceof ProblemError && thrown.problem.code === 'not-found' && thrown.problem.nearest === 'IT')
})
