import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { attachmentBytes } from './attachment-bytes.ts'
import { parseMessage } from './parse-message.ts'

const sample = (name: string): Buffer => readFileSync(new URL(`../../../testbed/odd-messages/${name}.eml`, import.meta.url))
/** Text as it begins, attachments with what they hold, protection, sender of what was forwarded. */
const table: [string, string, string[], string | null, string | null][] = [
  ['smime-signed', 'Signed – and sealed.', ['figures.csv a,b,c'], 'smime-signed', null],
  ['smime-signed-streamed', 'Signed – and sealed.', ['figures.csv a,b,c'], 'smime-signed', null],
  ['smime-encrypted', 'This message is encrypted with S/MIME and cannot be read here.', ['smime.p7m 0'], 'smime-encrypted', null],
  ['signed-list', 'Signed apart.', ['smime.p7s 0'], 'smime-signed', null],
  ['pgp-mime-encrypted', 'This message is encrypted with OpenPGP', ['pgp-version.txt Versi', 'encrypted.asc -----'], 'pgp-encrypted', null],
  ['pgp-inline-signed', 'Hello,\n\nThe printer is broken.\n-- \nAnn', [], 'pgp-signed', null],
  ['calendar-alone', 'Invitation: Replace the printer, floor 2\nWhen: 2026-11-24 10:00 (Europe/Berlin) – 2026-11-24 11:00 (Europe/Berlin)\nWhere: Room 2.14\nOrganizer: Lee, Ann <ann@example.org>\n\nBring toner.\nAnd paper.', ['invite.ics BEGIN'], null, null],
  ['calendar-alternative', 'Please come.', ['invite.ics BEGIN'], null, null],
  ['forward-gmail', 'Please handle.', [], null, 'joerg@example.org'],
  ['forward-outlook-html', 'Bitte erledigen.\n\nVon: Jörg Weiß <joerg@example.org>', [], null, 'joerg@example.org'],
  ['forward-attached', 'See attached.', ['Printer.eml From:'], null, 'joerg@example.org'],
  ['uuencoded', 'Here it is:\n\n\nBye', ['note.txt Hello'], null, null],
  ['iso-2022-jp', 'プリンタが壊れました', [], null, null],
  ['koi8-raw', 'Принтер сломан', [], null, null],
  ['flowed', 'A long line thatgoes on\n> quoted text that goes on too\n\n-- \nAnn', [], null, null],
  ['names-2231', 'Names', ['Prüfung.pdf %PDF-', 'файл.txt x'], null, null]
]
for (const [name, text, files, protection, forwardedFrom] of table)
  test(`odd message: ${name}`, () => {
    const raw = sample(name)
    const parsed = parseMessage(raw)
    const { content } = parsed
    assert.equal(content.text.slice(0, text.length), text)
    const held = content.attachments.map((attachment, index) => {
      const bytes = attachmentBytes(raw, parsed.places[index] as (typeof parsed.places)[number])
      assert.equal(bytes.length, attachment.size)
      const wanted = files[index]?.slice(attachment.name.length + 1) ?? ''
      const first = bytes.toString('latin1', 0, wanted.length)
      return `${attachment.name} ${/^[\x20-\x7e]+$/.test(first) ? first : bytes[0] === 0x30 ? '0' : first}`
    })
    assert.deepEqual(held, files)
    assert.equal(content.protection, protection)
    assert.equal(parsed.forwardedFrom?.address ?? null, forwardedFrom)
    assert.equal(parsed.problem, null)
  })

const bounces: [string, string | null, string][] = [
  ['bounce-report', '<sent-7@example.com>', 'nobody@example.net failed 5.1.1; slow@example.net delayed 4.4.1'],
  ['bounce-global', '<sent-8@example.com>', 'pelé@example.net failed 5.1.1'],
  ['bounce-qmail', '<sent-9@example.com>', 'nobody@example.net failed 5.1.1'],
  ['bounce-exim', '<sent-10@example.com>', 'nobody@example.net failed 5.1.1'],
  ['bounce-gmail-delay', '<sent-11@example.com>', 'nobody@example.net delayed 4.0.0']
]
for (const [name, messageId, recipients] of bounces)
  test(`odd message: ${name}`, () => {
    const { bounce } = parseMessage(sample(name))
    assert.equal(bounce?.messageId, messageId)
    assert.equal(bounce.recipients.map(({ address, action, status }) => `${address} ${action} ${status}`).join('; '), recipients)
  })
