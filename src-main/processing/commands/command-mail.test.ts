import assert from 'node:assert/strict'
import { test } from 'node:test'
import { personNamed, stepInput, type SaidOfStep } from '../../../testbed/step-input.ts'
import type { Decision } from '../../requests/decide.ts'
import { parseMessage } from '../parsing/parse-message.ts'
import { decide } from '../pipeline.ts'

const tom = personNamed('Tom', { user: false, analyst: true, signIn: true })
const settings: SaidOfStep['settings'] = { processing: { emailCommand: { enabled: true } }, requestTemplates: [{ name: 'Printer', category: 'Hardware', group: 'Print' }] }

/** What becomes of raw mail of Tom, an analyst who may sign in. */
function decided(lines: string[], said: SaidOfStep = {}): Decision {
  const parsed = parseMessage(Buffer.from(['From: Tom <tom@example.net>', 'To: it@example.com', 'MIME-Version: 1.0', ...lines].join('\r\n')))
  return decide({ ...stepInput({ settings, people: [tom], requests: [{ number: 5 }, { number: 7, partition: 'HR' }], server: { template: 'Printer', useLinkedAnalyst: true }, ...said }), parsed })
}

test('HTML alone: a new request with template, command, logging analyst and subject', () => {
  const html = '<html><body><p>Hello</p><p><b>$Operation</b>=AddRequest$<br>$Priority&#61;&nbsp;High $</p><div>$Site=<span>Berlin</span>$</div><div>$RequesterEmail=<a href="mailto:bob@example.net">bob@example.net</a>$</div></body></html>'
  const { outcome, newRequest, people, change } = decided(['Subject: =?utf-8?q?=40=40command=40=40_No_paper?=', 'Content-Type: text/html; charset=utf-8', '', html])
  assert.equal(outcome, 'command')
  assert.deepEqual(newRequest, {
    subject: 'No paper', status: 'open', requester: { name: '', address: 'bob@example.net' },
    values: { category: 'Hardware', group: 'Print', template: 'Printer', priority: 'High', site: 'Berlin', loggingAnalyst: 'tom@example.net' }
  })
  assert.deepEqual([people.map(({ address, existing }) => [address, existing]), change], [[['tom@example.net', 1], ['bob@example.net', null]], null])
})

const plain = (subject: string, ...text: string[]): string[] => [`Subject: ${subject}`, '', ...text]

test('the answer to a command does not bear the identifier, so that a reply to it is no command', () => {
  const { answers } = decided(plain('@@command@@ No paper', '$Operation=AddRequest$'), { settings: { ...settings, processing: { emailCommand: { enabled: true }, answers: { acknowledge: true } } } })
  assert.deepEqual(answers.map(({ subject }) => subject), ['Received: No paper'])
})

test('a change, also where new requests by e-mail are disabled', () => {
  const { outcome, newRequest, change, replyTo } = decided(plain('@@command@@ ##RE-5##', '$Operation=PickupRequest$'), { server: { newRequests: { allowed: false, except: [] } } })
  assert.deepEqual([outcome, newRequest, change?.operation, change?.request, replyTo], ['command', null, 'pick-up', 5, null])
})

test('a new request by command keeps to what the server allows, also with a request\'s id in its subject', () => {
  const { outcome, steps } = decided(plain('@@command@@ ##RE-5##', '$Operation=AddRequest$'), { server: { newRequests: { allowed: false, except: [] } } })
  assert.deepEqual([outcome, steps.at(-1)?.step], ['dropped', 'new-requests'])
})

const ends: [string, string[], SaidOfStep, string, RegExp][] = [
  ['another partition', plain('@@command@@', '$Operation=CloseRequest$', '$RequestID=7$'), {}, 'error', /Request 7 belongs to another partition/],
  ['no such request', plain('@@command@@', '$Operation=CloseRequest$', '$RequestID=70$'), {}, 'error', /Request 70 does not exist/],
  ['without sign-in it is a reply', plain('@@command@@ ##RE-5##', '$Operation=CloseRequest$'), { people: [{ ...tom, signIn: false }] }, 'reply', /no permission to sign in/],
  ['unknown sender: it is a request', plain('@@command@@', '$Operation=AddRequest$'), { people: [] }, 'request', /nobody is known/],
  ['an out-of-office that quotes one', ['Auto-Submitted: auto-replied', ...plain('Re: @@command@@ ##RE-5##', '$Operation=CloseRequest$')], {}, 'reply', /automatic mail/],
  ['id and no operation', plain('@@command@@ ##RE-5##', '$Priority=High$'), {}, 'reply', /names no operation|no operation, so it is a reply/],
  ['id of nothing and no operation', plain('@@command@@ ##RE-50##', '$Priority=High$'), {}, 'error', /makes no new request/]
]
for (const [what, lines, said, outcome, detail] of ends)
  test(`command mail: ${what}`, () => {
    const decision = decided(lines, said)
    assert.equal(decision.outcome, outcome)
    assert.match(decision.steps.find(({ step }) => step === 'email-command')?.detail ?? '', detail)
    assert.equal(decision.change, null)
    if (outcome === 'error') assert.equal(decision.problem?.code, 'email-command-refused')
  })

test('a long hostile command is decided on in time', () => {
  for (const text of ['$Priority=a$ '.repeat(100_000), '@@a.b=c@@'.repeat(100_000), '$RequestID=##RE-1## '.repeat(50_000), 'From: a\r\nTo: '.repeat(50_000)]) {
    const before = performance.now()
    decided(plain(`@@command@@ ${'##RE-5## '.repeat(100)}`, '$Operation=AddRequest$', text))
    assert.ok(performance.now() - before < 2000)
  }
})
