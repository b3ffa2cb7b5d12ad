import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { test } from 'node:test'
import { postfixMissing, startPostfix } from '../../../testbed/postfix.ts'
import { needsWithoutSignIn, smtpWithoutSignIn } from '../../../testbed/smtp-without-sign-in.ts'
import { composeMessage, type MessageToCompose } from '../smtp/compose-message.ts'
import { createSmtpTransport } from '../smtp/smtp-transport.ts'
import { recordOf } from './published-key.ts'
import { readDkimKey } from './read-dkim-key.ts'
import { createSignMessage } from './sign-message.ts'

/** Says `True` where dkimpy, which shares no code with what signs, finds the signature good with the record that is given. */
const judge = 'import sys, dkim\nprint(dkim.verify(sys.stdin.buffer.read(), dnsfunc=lambda name, timeout=5: sys.argv[1].encode() if name.rstrip(b".") == sys.argv[2].encode() else None))'
const asked = (raw: Buffer, record: string, name: string): string => spawnSync('/usr/bin/python3', ['-c', judge, record, name], { input: raw, encoding: 'utf8' }).stdout.trim()
const dkimpyMissing = (): string | null => (spawnSync('/usr/bin/python3', ['-c', 'import dkim, nacl']).status === 0 ? null : 'dkimpy is not installed: apt-get install python3-dkim')

const pem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString()
const keys = [pem(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey), pem(generateKeyPairSync('ed25519').privateKey)]
const words: [what: string, text: string, html: string | null][] = [
  ['plain words', 'Hello\n', null], ['dots, blanks and empty lines at the end', '.\n..\n. \n two  \n\t\n\n\n', null], ['what is not ASCII', 'Grüße 日本語 🙂\n'.repeat(20), '<p>Grüße</p>'],
  ['a long line', 'x'.repeat(4_000), `<p>${'y '.repeat(4_000)}</p>`], ['odd line ends', 'one\rtwo\r\nthree\n\r\nfour\0five', null], ['nothing', '', null]
]

test('dkimpy finds the signatures good after Postfix has passed the mail on', { skip: postfixMissing() ?? dkimpyMissing() ?? false }, async () => {
  const postfix = await startPostfix()
  try {
    const server = smtpWithoutSignIn(postfix.port, { dkim: { domain: 'example.com', selector: 's1', secret: 'keychain' } })
    for (const [index, key] of keys.entries())
      for (const [what, text, html] of words) {
        const message: MessageToCompose = { from: { name: 'IT Büro "x"', address: 'it@example.com' }, to: ['ann@example.org'], cc: [], subject: `${index} ${what} – Grüße`, text, html, parts: [], date: new Date(), messageId: `<${index}@example.com>`, headers: { 'Auto-Submitted': 'auto-generated' } }
        const raw = await createSignMessage({ keyOf: async () => key })(server, await composeMessage(message))
        await createSmtpTransport().send(server, { from: 'it@example.com', recipients: ['ann@example.org'], raw, messageId: `<${index}@example.com>` }, needsWithoutSignIn())
      }
    const delivered = await postfix.delivered()
    assert.equal(delivered.length, keys.length * words.length)
    const records = keys.map((key) => { const read = readDkimKey(key); return 'reason' in read ? assert.fail(read.reason) : recordOf(read) })
    for (const raw of delivered) {
      const record = records[Number(/^Message-ID: <(\d)@/im.exec(raw.toString('latin1'))?.[1])] ?? assert.fail('a mail of somebody else')
      assert.equal(asked(raw, record, 's1._domainkey.example.com'), 'True', raw.toString('latin1'))
      assert.equal(asked(Buffer.from(raw.toString('latin1').replace('Subject: ', 'Subject: x'), 'latin1'), record, 's1._domainkey.example.com'), 'False')
    }
  } finally {
    await postfix.end()
  }
})
