import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noFindings, stepInput, type SaidOfStep } from '../../../testbed/step-input.ts'
import { loopGuard } from './loop-guard.ts'

const header = (name: string, value: string, more: SaidOfStep = {}): SaidOfStep => ({ ...more, parsed: { headers: [{ name, value }], ...more.parsed } })
const report = { messageId: '<x@example.com>', recipients: [] }
const ours = { '<ours@example.com>': { request: 1, recipient: 'ann@example.net' } }

/** `personal`, `dropped`, or the kind of automatic mail, which is taken but not answered. */
const table: [what: string, said: SaidOfStep, expected: string][] = [
  ['mail of a person', {}, 'personal'],
  ['Auto-Submitted: auto-replied (RFC 3834 5)', header('auto-submitted', 'auto-replied'), 'answer'],
  ['Auto-Submitted with a comment', header('auto-submitted', '(out of office) auto-replied'), 'answer'],
  ['Auto-Submitted: no', header('auto-submitted', 'no'), 'personal'],
  ['Precedence: bulk', header('precedence', 'bulk'), 'bulk'],
  ['a mailing list (RFC 2919)', header('list-id', '<users.example.net>'), 'list'],
  ['a newsletter (RFC 2369)', header('list-unsubscribe', '<https://example.net/leave>'), 'list'],
  ['X-Loop', header('x-loop', 'bot@example.net'), 'notification'],
  ['a report by its Content-Type (RFC 3464)', header('content-type', 'multipart/report; report-type=delivery-status'), 'bounce'],
  ['a report by its content', { parsed: { bounce: report } }, 'bounce'],
  ['our notice that came back', header('x-mailroom-notice', 'yes'), 'dropped'],
  ['our own mail that came back', { content: { messageId: '<ours@example.com>' }, sent: ours }, 'dropped'],
  ['an answer to our own mail', { content: { messageId: '<1@example.net>', inReplyTo: '<ours@example.com>' }, sent: ours }, 'personal'],
  ['an automatic answer from our own address', header('auto-submitted', 'auto-replied', { from: 'IT@example.com' }), 'dropped'],
  ['a person who writes from our own address', { from: 'it@example.com' }, 'personal']
]
for (const [what, said, expected] of table)
  test(`loop guard: ${what}`, () => {
    const answer = loopGuard(stepInput(said), noFindings())
    assert.equal(answer.outcome === 'pass' ? (answer.found?.automatic?.kind ?? 'personal') : answer.outcome, expected)
  })

test('a code that was sent to this mailbox stays there, for whoever is to read it', () => {
  const left = (field: string): boolean => {
    const answer = loopGuard(stepInput(header('x-mailroom-notice', field)), noFindings())
    return answer.outcome === 'dropped' && answer.leave === true
  }
  assert.deepEqual([left('code'), left(' code '), left('yes'), left('connectivity')], [true, true, false, false])
})
