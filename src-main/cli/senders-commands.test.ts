import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ProblemError, type Problem } from '#contract/problem.ts'
import type { SenderAddress } from '#contract/sender-address.ts'
import { run } from '../../testbed/command-line.ts'
import type { Handlers } from '../ipc/handlers-type.ts'

type Mail = NonNullable<NonNullable<SenderAddress['code']>['mail']>
const later = new Date(Date.now() + 1_800_000).toISOString()
const withCode = (mail: Mail | null): SenderAddress => ({ address: 'it@example.com', kind: 'sender', verifiedAt: null, code: { sentAt: '2026-11-21T08:00:00.000Z', expiresAt: later, triesLeft: 5, nextAt: later, mail }, usedBy: ['main'] })
const verified: SenderAddress = { ...withCode(null), verifiedAt: '2026-11-21T08:00:00.000Z', code: null }
const sent: Mail = { state: 'sent', problem: null }

test('senders list says how each address stands', async () => {
  const handlers: Partial<Handlers> = { 'senders.list': async () => [verified, { ...withCode(sent), address: 'hr@example.com', kind: 'group', usedBy: [] }, { ...verified, address: 'x@example.com', verifiedAt: null }] }
  const { status, out } = await run('senders list', { handlers })
  assert.equal(status, 0)
  assert.match(out, /^STATE +ADDRESS +KIND +VERIFIED +USED BY\nverified +it@example\.com +sender +\S[^\n]*main *\ncode-sent +hr@example\.com +group[^\n]*\nnew +x@example\.com/)
  assert.deepEqual(JSON.parse((await run('senders list --json', { handlers })).out)[0], { ...verified, state: 'verified' })
  assert.match((await run('senders list', { handlers: { 'senders.list': async () => [] } })).said, /mailroom senders add ADDRESS/)
})

/** What became of the mail with the code, the exit status, and what is said. */
const codes: [what: string, mail: Mail | null, status: number, out: RegExp, said: RegExp][] = [
  ['went', sent, 0, /^A code was sent to it@example\.com\. Enter it: mailroom senders verify it@example\.com\n$/, /^$/],
  ['waits', { state: 'waiting', problem: { code: 'connection-refused', host: 'mail.example.com', port: 25 } }, 1, /waits in the outbox: mailroom outbox list\n$/, /mail\.example\.com, port 25 refused the connection\. \S/],
  ['was refused', { state: 'refused', problem: { code: 'recipient-refused', server: 'main', recipients: ['it@example.com'], serverSaid: '550' } }, 1, /^The code for it@example\.com was not sent: mailroom outbox list --state refused\n$/, /refused/],
  ['is in the outbox no more', null, 1, /^The code for it@example\.com was not sent\. Send another: mailroom senders send-code it@example\.com\n$/, /^$/]
]
for (const [what, mail, expected, shown, tells] of codes)
  for (const line of ['senders add it@example.com', 'senders send-code it@example.com'])
    test(`${line}: the code ${what}`, async () => {
      const answer = async (): Promise<SenderAddress> => withCode(mail)
      const { status, out, said } = await run(line, { handlers: { 'senders.add': answer, 'senders.send-code': answer } })
      assert.equal(status, expected)
      assert.match(out, shown)
      assert.match(said, tells)
    })

test('senders add takes kind and reason; its JSON has the state and no code', async () => {
  const asked: unknown[] = []
  const handlers: Partial<Handlers> = { 'senders.add': async ({ workId: _, ...input }) => (asked.push(input), withCode(sent)) }
  const { out } = await run(['senders', 'add', 'desk@example.com', '--kind', 'group', '--reason', 'new desk', '--json'], { handlers })
  assert.deepEqual(asked, [{ address: 'desk@example.com', kind: 'group', reason: 'new desk' }])
  assert.deepEqual(JSON.parse(out), { ...withCode(sent), state: 'code-sent' })
  assert.equal((await run('senders add it@example.com --kind list', { handlers })).status, 2)
})

test('senders verify takes the code from stdin or asks for it, never from the command line', async () => {
  const asked: unknown[] = []
  const handlers: Partial<Handlers> = { 'senders.verify': async (input) => (asked.push(input), verified) }
  const piped = await run('senders verify it@example.com', { handlers, stdin: '12345678\n' })
  assert.deepEqual([piped.status, piped.out], [0, 'it@example.com is verified.\n'])
  assert.equal((await run('senders verify it@example.com', { handlers, answers: ['87654321'] })).status, 0)
  assert.deepEqual(asked, [{ address: 'it@example.com', code: '12345678', reason: null }, { address: 'it@example.com', code: '87654321', reason: null }])
  const typed = await run('senders verify it@example.com 12345678', { handlers, stdin: '' })
  assert.deepEqual([typed.status, typed.opened], [2, 0])
  for (const nothing of [{ stdin: ' \n' }, { answers: [null] }]) {
    const { status, said, opened } = await run('senders verify it@example.com', { handlers, ...nothing })
    assert.deepEqual([status, opened], [2, 0])
    assert.match(said, /The code is empty/)
  }
})

const wrongCodes: [problem: Problem, status: number, says: RegExp][] = [
  [{ code: 'code-wrong', triesLeft: 4 }, 1, /4 tries left/], [{ code: 'code-expired' }, 1, /Have a new code sent/], [{ code: 'not-found', what: 'sender address', name: 'it@example.com', nearest: null }, 2, /it@example\.com/]
]
for (const [problem, expected, says] of wrongCodes)
  test(`senders verify ends with ${expected} for ${problem.code}`, async () => {
    const { status, said } = await run('senders verify it@example.com', { stdin: '12345678', handlers: { 'senders.verify': async () => Promise.reject(new ProblemError(problem)) } })
    assert.equal(status, expected)
    assert.match(said, says)
    assert.ok(!said.includes('12345678'))
  })

test('senders delete takes an address away', async () => {
  const asked: unknown[] = []
  const { status, out } = await run(['senders', 'delete', 'it@example.com', '--reason', 'gone'], { handlers: { 'senders.delete': async (input) => void asked.push(input) } })
  assert.deepEqual([status, out, asked], [0, 'it@example.com was deleted.\n', [{ address: 'it@example.com', reason: 'gone' }]])
})
