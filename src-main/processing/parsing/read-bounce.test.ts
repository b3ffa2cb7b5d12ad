import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseMessage } from './parse-message.ts'

const report = (fields: string, { from = 'MAILER-DAEMON@mx.example', original = '', type = 'message/delivery-status' }: { from?: string; original?: string; type?: string } = {}) =>
  parseMessage(Buffer.from(`From: ${from}\nContent-Type: multipart/report; report-type=delivery-status; boundary=r\n\n--r\n\nNot delivered.\n--r\nContent-Type: ${type}\n\nReporting-MTA: dns; mx.example\n\n${fields}\n${original}\n--r--\n`)).bounce
const brief = (bounce: ReturnType<typeof report>): string => (bounce?.recipients ?? []).map(({ address, action, status, diagnostic }) => `${address} ${action} ${status} ${diagnostic}`.trim()).join('; ')

/** RFC 3464 2.3, RFC 3463, RFC 6533 3. */
const fields: [string, string, string][] = [
  ['a failure', 'Final-Recipient: rfc822; a@b.c\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 gone', 'a@b.c failed 5.1.1 550 gone'],
  ['names in any case, folded', 'final-recipient: RFC822;\n a@B.C\nACTION: FAILED\nstatus: 5.2.2 (mailbox full)', 'a@b.c failed 5.2.2'],
  ['the address that was written to', 'Original-Recipient: rfc822;list@b.c\nFinal-Recipient: rfc822;member@b.c\nAction: failed\nStatus: 5.1.1', 'list@b.c failed 5.1.1'],
  ['in angle brackets', 'Final-Recipient: rfc822; <a@b.c>\nAction: failed\nStatus: 5.1.1', 'a@b.c failed 5.1.1'],
  ['without a type', 'Final-Recipient: a@b.c\nAction: failed\nStatus: 5.1.1', 'a@b.c failed 5.1.1'],
  ['several', 'Final-Recipient: rfc822; a@b.c\nAction: failed\nStatus: 5.1.1\n\nFinal-Recipient: rfc822; d@e.f\nAction: delivered\nStatus: 2.0.0', 'a@b.c failed 5.1.1; d@e.f delivered 2.0.0'],
  ['relayed', 'Final-Recipient: rfc822; a@b.c\nAction: relayed (to mailer)\nStatus: 2.0.0', 'a@b.c relayed 2.0.0'],
  ['no action', 'Final-Recipient: rfc822; a@b.c\nStatus: 4.4.7', 'a@b.c delayed 4.4.7'],
  ['no status', 'Final-Recipient: rfc822; a@b.c\nAction: failed\nDiagnostic-Code: smtp; 550 5.7.1 refused', 'a@b.c failed 5.7.1 550 5.7.1 refused'],
  ['the class alone, more in the answer', 'Final-Recipient: rfc822; a@b.c\nAction: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 550-5.1.1 gone', 'a@b.c failed 5.1.1 550-5.1.1 gone'],
  ['neither', 'Final-Recipient: rfc822; a@b.c\nAction: failed', 'a@b.c failed 5.0.0'],
  ['an address in UTF-8', 'Final-Recipient: utf-8; j\\x{F6}rg@b.c\nAction: failed\nStatus: 5.1.1', 'jörg@b.c failed 5.1.1'],
  ['X.400', 'Final-Recipient: X400; /C=DE/S=Ann/\nAction: failed\nStatus: 5.1.1', '/C=DE/S=Ann/ failed 5.1.1'],
  ['no recipient', 'Action: failed', '']
]
for (const [what, written, expected] of fields) test(`delivery status: ${what}`, () => assert.equal(brief(report(written)), expected))

const failed = 'Final-Recipient: rfc822; a@b.c\nAction: failed\nStatus: 5.1.1\n'
const originals: [string, string, string | null][] = [
  ['the whole message', '--r\nContent-Type: message/rfc822\n\nSubject: x\nMessage-ID: <1@x.y>\n\nText', '<1@x.y>'],
  ['its header alone', '--r\nContent-Type: text/rfc822-headers\n\nMessage-ID:\n <1@x.y>\n', '<1@x.y>'],
  ['in base64', `--r\nContent-Type: message/global\nContent-Transfer-Encoding: base64\n\n${Buffer.from('Message-ID: <1@x.y>\n\nx').toString('base64')}\n`, '<1@x.y>'],
  ['nothing of it', '', null]
]
for (const [what, original, expected] of originals) test(`bounce, original Message-ID: ${what}`, () => assert.equal(report(failed, { original })?.messageId, expected))

test('a report answers the message where it has no copy of it', () => {
  const raw = 'From: MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@x.y\nIn-Reply-To: <7@x.y>\nContent-Type: multipart/report; boundary=r; report-type=delivery-status\n\n--r\nContent-Type: message/delivery-status\n\nReporting-MTA: dns;x\n\n'
  assert.equal(parseMessage(Buffer.from(`${raw}${failed}\n--r--`)).bounce?.messageId, '<7@x.y>')
})

const none: [string, string][] = [
  ['a person who forwards a report', `From: ann@x.y\nContent-Type: multipart/mixed; boundary=r\n\n--r\n\nLook\n--r\nContent-Type: message/delivery-status\n\nReporting-MTA: dns;x\n\n${failed}\n--r--`],
  ['a read receipt', 'From: ann@x.y\nContent-Type: multipart/report; report-type=disposition-notification; boundary=r\n\n--r\n\nRead\n--r\nContent-Type: message/disposition-notification\n\nFinal-Recipient: rfc822; a@b.c\nDisposition: manual-action; displayed\n--r--'],
  ['an automatic answer', 'From: ann@x.y\nReturn-Path: <>\nAuto-Submitted: auto-replied\n\nI am away. Mail that could not be delivered: ask bob@x.y'],
  ['a person who writes of a failure', 'From: ann@x.y\n\nMy mail to\n\n<bob@x.y>:\nuser unknown\n\nfailed permanently'],
  ['a postmaster who writes', 'From: postmaster@x.y\n\nPlease call me about your new mailbox.']
]
for (const [what, raw] of none) test(`no bounce: ${what}`, () => assert.equal(parseMessage(Buffer.from(raw)).bounce, null))

/** Texts of mail systems, shortened; QSBMF of qmail, Exim's default text, Postfix' bounce(5), Gmail, Exchange 2003, sendmail, Lotus Notes. */
const texts: [string, string, string][] = [
  ['qmail', "Hi. This is the qmail-send program at x.y.\nI'm afraid I wasn't able to deliver your message to the following addresses.\n\n<a@b.c>:\n192.0.2.1 does not like recipient.\nRemote host said: 550 5.1.1 no such user\n\n--- Below this line is a copy of the message.\n\nReturn-Path: <it@x.y>\nMessage-ID: <1@x.y>\nTo: other@b.c\n", 'a@b.c failed 5.1.1'],
  ['Postfix', 'This is the Postfix program at host x.y.\n\nI\'m sorry to have to inform you that your message could not\nbe delivered to one or more recipients. It\'s attached below.\n\n<a@b.c>: host mx.b.c[192.0.2.1] said: 550\n    5.1.1 <a@b.c>: Recipient address rejected\n', 'a@b.c failed 5.1.1'],
  ['Gmail', 'Delivery to the following recipient failed permanently:\n\n     a@b.c\n\nTechnical details of permanent failure:\nThe error that the other server returned was: 550 550 5.1.1 no user (state 14).\n\n----- Original message -----\n\nMessage-ID: <1@x.y>\nTo: a@b.c\n', 'a@b.c failed 5.1.1'],
  ['Exchange', "Your message\n\n  To:      a@b.c\n  Subject: x\n  Sent:    Fri, 20 Nov 2026\n\ndid not reach the following recipient(s):\n\na@b.c on Fri, 20 Nov 2026 08:00:00 -0500\n    The recipient name is not recognized\n", 'a@b.c failed 5.0.0'],
  ['sendmail', '   ----- The following addresses had permanent fatal errors -----\n<a@b.c>\n    (reason: 550 5.2.1 disabled)\n\n   ----- Transcript of session follows -----\n', 'a@b.c failed 5.2.1'],
  ['Notes', 'Your message\n\n  Subject: x\n\nwas not delivered to:\n\n  a@b.c\n\nbecause:\n\n  User not listed in Domino Directory\n', 'a@b.c failed 5.0.0'],
  ['delayed by Postfix', 'THIS IS A WARNING ONLY. YOU DO NOT NEED TO RESEND YOUR MESSAGE.\n\nYour message could not be delivered for more than 4 hour(s).\n\n<a@b.c>: connect to b.c: Connection timed out\n', 'a@b.c delayed 4.0.0'],
  ['not the one who sent it', 'Mail sent by\n\n  <it@x.y>\n\ncould not be delivered to:\n\n  a@b.c\n', 'a@b.c failed 5.0.0']
]
for (const [what, text, expected] of texts)
  test(`bounce in words: ${what}`, () => {
    const { bounce } = parseMessage(Buffer.from(`From: MAILER-DAEMON@mx.example\nTo: it@x.y\n\n${text}`))
    assert.equal(bounce?.recipients.map(({ address, action, status }) => `${address} ${action} ${status}`).join('; '), expected)
    if (text.includes('Message-ID')) assert.equal(bounce?.messageId, '<1@x.y>')
  })
