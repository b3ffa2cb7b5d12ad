import assert from 'node:assert/strict'
import { test } from 'node:test'
import MailComposer from 'nodemailer/lib/mail-composer'
import { messageBytes } from './message-bytes.ts'

const texts = ['', 'Hello', 'Hello\r\n', '\r\n', '.\r\n..\r\n', 'two  \r\n\tthree \r\n\r\n\r\n', 'Grüße 日本語 🙂\r\n'.repeat(50), '日本語'.repeat(300), `${'x'.repeat(4_000)}\r\n`, 'a=b =C3 soft=\r\n'.repeat(20), 'nul\0bell\x07', 'From here\r\nFrom there', `${'word '.repeat(400)}ü ${'word '.repeat(400)}`, ' ', '=', 'ü', 'é'.repeat(75), ' \r\n \r\n']
const composed = (text: string, html: string | null, how: object = {}) =>
  new MailComposer({ from: 'IT Büro <it@example.com>', to: 'ann@example.org', subject: 'Grüße', text, ...(html === null ? {} : { html }), date: new Date(0), messageId: '<a@b>', newline: '\r\n', baseBoundary: 'x', headers: { 'X-Own': 'own' }, ...how }).compile()

test('a message is written as nodemailer writes it', async () => {
  for (const [index, text] of texts.entries())
    for (const html of [null, '<p>Hi</p>', `<p>${text}</p>`])
      for (const how of [{}, { encoding: 'base64' }, { encoding: 'quoted-printable' }]) {
        const own = messageBytes(composed(text, html, how))
        assert.equal(own?.toString(), (await composed(text, html, how).build()).toString(), `${index} ${html === null ? 'plain' : 'html'} ${JSON.stringify(how)}`)
      }
})

test('what holds files or streams is left to nodemailer', () => {
  assert.equal(messageBytes(composed('x', null, { attachments: [{ filename: 'a', content: Buffer.from('a') }] })), null)
})
