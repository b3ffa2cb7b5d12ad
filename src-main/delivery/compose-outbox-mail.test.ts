import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newOutgoingServer, type OutgoingServer } from '#contract/outgoing-server.ts'
import type { StoredMail } from '../database/outbox-table.ts'
import { composeMessage } from '../mail/smtp/compose-message.ts'
import { markedLine } from '../model/conversation-mark.ts'
import { findRecordIds } from '../model/find-request-id.ts'
import { isAutomaticMail } from '../model/is-automatic-mail.ts'
import { parseMessage } from '../processing/parsing/parse-message.ts'
import { createComposeOutboxMail } from './compose-outbox-mail.ts'

const server = (more: Partial<OutgoingServer> = {}): OutgoingServer => ({ ...newOutgoingServer('smtp'), name: 'main', host: 'mail.example.com', replyTo: 'it@example.com', senderName: 'IT Support', alternate: null, dkim: null, ...more }) as OutgoingServer
const stored = (more: Partial<StoredMail> = {}): StoredMail => ({
  id: 1, partition: 'IT', to: 'ann@example.org', subject: 'Received: Help', content: 'We have it.', inReplyTo: null, messageId: '<fixed@example.com>', request: null, createdAt: '2026-11-20T08:00:00.000Z', tries: 0,
  nextAt: '2026-11-20T08:00:00.000Z', problem: null, state: 'sending', kind: 'acknowledgement', wantedServer: null, html: null, priority: false, begunAt: null, endedAt: null, termFrom: '2026-11-20T08:00:00.000Z', server: null, through: null, serverSaid: '', ...more
})
type Formats = { format?: 'html' | 'plain'; own?: 'html' | 'plain' | null }
const composed = (more: Partial<StoredMail> = {}, to: Partial<OutgoingServer> = {}, { format = 'plain', own = null }: Formats = {}) =>
  createComposeOutboxMail({ compose: composeMessage, sign: async (_server, raw) => raw, newId: () => assert.fail('its Message-ID is fixed'), format: async () => format, formatOf: async () => own })(server(to), stored(more))
const fieldsOf = (raw: Buffer): { name: string; value: string }[] => parseMessage(raw).headers.map(({ name, value }) => ({ name, value }))
const value = (raw: Buffer, name: string): string | null => fieldsOf(raw).find((field) => field.name === name)?.value.trim() ?? null

test('what was fixed before the first try is the same at each of them', async () => {
  const [one, other] = [await composed(), await composed()]
  assert.deepEqual([one.messageId, value(one.raw, 'message-id'), value(one.raw, 'date')], ['<fixed@example.com>', '<fixed@example.com>', 'Fri, 20 Nov 2026 08:00:00 +0000'])
  assert.equal(one.raw.toString(), other.raw.toString())
})

test('Auto-Submitted says what kind of automatic mail it is (RFC 3834 5), and other desks know it by that', async () => {
  const table: [Partial<StoredMail>, string, string | null][] = [
    [{ inReplyTo: '<asked@example.org>' }, 'auto-replied', '<asked@example.org>'], [{}, 'auto-generated', null], [{ kind: 'request-mail' }, 'auto-generated', null],
    [{ kind: 'request-mail', inReplyTo: '<asked@example.org>' }, 'auto-replied', '<asked@example.org>'], [{ kind: 'mail-returned', inReplyTo: '<asked@example.org>' }, 'auto-replied', '<asked@example.org>'],
    [{ kind: 'notice' }, 'auto-generated', null], [{ kind: 'code', inReplyTo: '<asked@example.org>' }, 'auto-generated', null],
    [{ inReplyTo: 'no id\r\nBcc: eve@example.net' }, 'auto-generated', null], [{ inReplyTo: `<${'x'.repeat(2_000)}@y>` }, 'auto-generated', null]
  ]
  for (const [more, submitted, answered] of table) {
    const { raw } = await composed(more)
    assert.deepEqual([value(raw, 'auto-submitted'), value(raw, 'in-reply-to'), value(raw, 'references')], [submitted, answered, answered], JSON.stringify(more).slice(0, 200))
    assert.notEqual(isAutomaticMail(fieldsOf(raw), 'it@example.com'), null)
    assert.equal(value(raw, 'list-unsubscribe'), null)
    assert.equal(value(raw, 'x-mailroom-notice'), more.kind === 'notice' ? 'yes' : more.kind === 'code' ? 'code' : null)
    assert.doesNotMatch(value(raw, 'x-auto-response-suppress') ?? '', /\b(?:NDR|All)\b/)
  }
})

test('the format of the person goes before that of the console', async () => {
  const table: [Formats, string | null, boolean][] = [
    [{ format: 'plain' }, null, false], [{ format: 'html' }, null, true], [{ format: 'html', own: 'plain' }, null, false], [{ format: 'plain', own: 'html' }, null, true],
    [{ format: 'plain' }, '<p>Own</p>', false], [{ format: 'plain', own: 'html' }, '<p>Own</p>', true], [{ format: 'html', own: 'plain' }, '<p>Own</p>', false]
  ]
  for (const [formats, html, isHtml] of table) {
    const raw = (await composed({ html }, {}, formats)).raw.toString()
    assert.deepEqual([raw.includes('text/html'), raw.includes('text/plain')], [isHtml, true], JSON.stringify([formats, html]))
    if (isHtml) assert.equal(raw.includes('Own'), html !== null)
  }
})

test('an answer finds its request by the id, wherever the server puts it, from plain text and from HTML', async () => {
  for (const location of ['subject', 'body'] as const)
    for (const prefix of ['##', '$$', '<<', '&&'])
      for (const format of ['plain', 'html'] as const)
        for (const html of [null, '<html><body><p>We have it.</p></body></html>']) {
          const { raw } = await composed({ request: 123, html }, { conversationId: { attach: true, location, prefix } }, { format })
          const { subject, text, html: page } = parseMessage(raw).content
          if (location === 'subject') assert.deepEqual(findRecordIds(`Re: ${subject}`, prefix), [{ module: 'RE', number: 123 }])
          else {
            assert.equal(subject, 'Received: Help')
            const quoted = `Thanks!\r\n\r\n${text.replace(/^/gm, '> ')}`
            assert.deepEqual(findRecordIds(markedLine(quoted), prefix), [{ module: 'RE', number: 123 }])
            const answer = page === null ? null : Buffer.from(`From: ann@example.org\r\nSubject: Re\r\nContent-Type: text/html\r\n\r\n<p>Thanks</p><blockquote>${page}</blockquote>`)
            if (answer !== null) assert.deepEqual(findRecordIds(markedLine(parseMessage(answer).content.text), prefix), [{ module: 'RE', number: 123 }])
          }
        }
  assert.doesNotMatch((await composed({ request: 123 }, { conversationId: { attach: false, location: 'subject', prefix: '##' } })).raw.toString(), /RE-123/)
})

test('a code goes to the address that it is to prove, and to no other that all mail goes to instead', async () => {
  const instead = { overrideTo: 'trial@example.net' }
  const { raw, recipients } = await composed({ kind: 'code' }, instead)
  assert.deepEqual([recipients, value(raw, 'to'), value(raw, 'x-mailroom-original-to')], [['ann@example.org'], 'ann@example.org', null])
  assert.deepEqual((await composed({ kind: 'notice' }, instead)).recipients, ['trial@example.net'])
})
