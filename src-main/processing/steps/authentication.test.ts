import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MailAuthentication } from '#contract/authentication.ts'
import { noFindings, stepInput } from '../../../testbed/step-input.ts'
import type { ParsedMessage } from '../parsing/parsed-message.ts'
import { authentication } from './authentication.ts'

const result = (verdict: MailAuthentication['verdict'], more: Partial<MailAuthentication> = {}): MailAuthentication => ({
  verdict, by: 'checked', spf: { result: verdict === 'pass' ? 'pass' : 'fail', domain: 'example.net' }, dkim: [], dmarc: { result: verdict === 'pass' ? 'pass' : 'fail', domain: 'example.net', policy: 'reject' }, ...more
})
type Policy = 'ignore' | 'mark' | 'drop' | 'error-folder'
const run = (policy: Policy, found: MailAuthentication | null, more: { parsed?: Partial<ParsedMessage>; forwarders?: string[]; sender?: string } = {}) => {
  const input = stepInput({ server: { authentication: { policy, trustedServers: [] }, forwarders: more.forwarders ?? [] }, parsed: { authentication: found, ...more.parsed } })
  const findings = noFindings(input)
  const answer = authentication(input, more.sender === undefined ? findings : { ...findings, sender: { name: '', address: more.sender } })
  return { outcome: answer.outcome, detail: answer.detail, marked: answer.outcome === 'pass' && (answer.found?.mark ?? '') !== '', problem: answer.outcome === 'error' ? answer.problem : null }
}

const none = { result: 'none', domain: 'example.net', policy: '' } as const
const table: [what: string, policy: Policy, found: MailAuthentication | null, outcome: string, marked: boolean][] = [
  ['ignore: failed mail passes unmarked', 'ignore', result('fail'), 'pass', false],
  ['mark', 'mark', result('fail'), 'pass', true],
  ['drop', 'drop', result('fail'), 'dropped', false],
  ['error folder', 'error-folder', result('fail'), 'error', false],
  ['drop: authentic mail passes', 'drop', result('pass'), 'pass', false],
  ['drop: a domain that says nothing passes', 'drop', result('none', { dmarc: none }), 'pass', false],
  ['drop: DNS that gave no answer loses no mail', 'drop', result('unknown'), 'pass', false],
  ['drop: a message that nothing is known of passes', 'drop', null, 'pass', false],
  ['drop: without DMARC, SPF fails', 'drop', result('fail', { dmarc: none }), 'dropped', false],
  ['drop: p=quarantine', 'drop', result('fail', { dmarc: { result: 'fail', domain: 'example.net', policy: 'quarantine' } }), 'dropped', false],
  ['drop: the domain asks for nothing (RFC 7489 6.3 p=none)', 'drop', result('fail', { spf: { result: 'softfail', domain: 'example.net' }, dmarc: { result: 'fail', domain: 'example.net', policy: 'none' } }), 'pass', true],
  ['drop: p=none, but SPF fails outright', 'drop', result('fail', { dmarc: { result: 'fail', domain: 'example.net', policy: 'none' } }), 'dropped', false]
]
for (const [what, policy, found, outcome, marked] of table) test(`authentication: ${what}`, () => {
  const answer = run(policy, found)
  assert.deepEqual([answer.outcome, answer.marked], [outcome, marked], answer.detail)
})

const forwarded: [what: string, header: [string, string], forwarders: string[], outcome: string][] = [
  ['by a mailbox that is known to', ['delivered-to', 'it@old.example'], ['it@old.example'], 'pass'],
  ['by Gmail, which rewrites the return path', ['return-path', '<it+caf_=desk=example.com@gmail.com>'], ['it@gmail.com'], 'pass'],
  ['by Gmail, which names itself (X-Forwarded-For)', ['x-forwarded-for', 'it@gmail.com desk@example.com'], ['it@gmail.com'], 'pass'],
  ['by a mailbox that is not known to', ['delivered-to', 'it@other.example'], ['it@old.example'], 'error'],
  ['by nobody whom the server names', ['delivered-to', 'it@old.example'], [], 'error']
]
for (const [what, [name, value], forwarders, outcome] of forwarded)
  test(`authentication: forwarded ${what}`, () => assert.equal(run('error-folder', result('fail'), { forwarders, parsed: { headers: [{ name, value }] } }).outcome, outcome))

test('a message whose author is another than From is forwarded mail', () => {
  const answer = run('drop', result('fail'), { sender: 'author@example.org' })
  assert.deepEqual([answer.outcome, answer.marked], ['pass', true])
})

test('the error folder is told what failed', () => {
  const { problem, detail } = run('error-folder', result('fail', { dkim: [{ result: 'fail', domain: 'example.net' }] }))
  const reason = 'DMARC fail for example.net (policy reject), SPF fail for example.net, DKIM fail for example.net'
  assert.deepEqual(problem, { code: 'sender-not-authentic', sender: 'ann@example.net', reason })
  assert.equal(detail, `The domain example.net does not stand for this message: ${reason}.`)
})

test('without a mailbox nothing is asked', () => assert.equal(authentication(stepInput({ server: null }), noFindings()).outcome, 'pass'))
