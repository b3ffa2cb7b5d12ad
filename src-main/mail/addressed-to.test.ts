import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addressedBeside, addressedTo, addressesIn } from './addressed-to.ts'

const body = '\r\nTo: this is text\r\n\r\nbye\r\n'
const cases: [string, string, string[], string][] = [
  ['as it is', 'From: x@x.de\r\nTo: Ann <a@x.de>, b@x.de\r\nCc: c@x.de\r\n', ['a@x.de', 'B@X.de', 'c@x.de'], 'From: x@x.de\r\nTo: Ann <a@x.de>, b@x.de\r\nCc: c@x.de\r\n'],
  ['blind copies', 'To: a@x.de\r\nSubject: s\r\n', ['a@x.de', 'h@x.de', 'i@x.de'], 'Bcc: h@x.de,\r\n i@x.de\r\nTo: a@x.de\r\nSubject: s\r\n'],
  ['one who is no recipient', 'To: "Ann, B." <a@x.de>,\r\n b@x.de\r\nCC: c@x.de\r\n', ['a@x.de'], 'To: a@x.de\r\n'],
  ['sent to another alone', 'To: a@x.de\r\nCc: b@x.de\r\n', ['z@x.de'], 'Bcc: z@x.de\r\n'],
  ['a Bcc of the message itself', 'Bcc: spy@x.de\r\nTo: a@x.de\r\n', ['a@x.de'], 'To: a@x.de\r\n'],
  ['no recipient twice', 'To: a@x.de, A@x.de\r\n', ['a@x.de'], 'To: a@x.de, A@x.de\r\n']
]
for (const [name, header, recipients, wanted] of cases) {
  test(name, () => assert.equal(addressedTo(Buffer.from(`${header}${body}`), recipients).toString(), `${wanted}${body}`))
}

const message = (head: string): Buffer => Buffer.from(`${head}\r\nSubject: To: x@y.z\r\n\r\nTo: not-a-header@example.com\r\n`, 'latin1')

test('beside it: a message whose header names the envelope stays as it is, and the others are Bcc', () => {
  const table: [string, string[], string[]][] = [
    ['To: ann@example.com', ['ann@example.com'], []],
    ['To: Ann <Ann@Example.com>,\r\n "x@y.z, Bob" <bob@example.com>\r\nCc: (c@d.e) carl@example.com', ['ann@example.com', 'bob@example.com', 'carl@example.com'], []],
    ['To: ann@example.com', ['ann@example.com', 'hidden@example.com'], ['hidden@example.com']],
    ['From: it@example.com', ['a@example.com', 'b@example.com'], ['a@example.com', 'b@example.com']],
    [Buffer.from('To: jürgen@example.com').toString('latin1'), ['jürgen@example.com'], []]
  ]
  for (const [head, recipients, bcc] of table) {
    const addressed = addressedBeside(message(head), recipients)
    assert.ok(addressed.raw.equals(message(head)), head)
    assert.deepEqual(addressed.bcc, bcc, head)
  }
})

test('beside it: nobody gets a mail whom the envelope does not name', () => {
  const { raw, bcc } = addressedBeside(message('To: ann@example.com, Eve <eve@example.com>\r\nCc: mallory@example.com\r\nBcc: trent@example.com\r\nResent-To: rob@example.com\r\nX-Note: K\xf6ln'), ['Ann@example.com', 'bob@example.com'])
  assert.deepEqual(bcc, ['bob@example.com'])
  assert.equal(raw.toString('latin1'), 'To: ann@example.com\r\nX-Note: K\xf6ln\r\nSubject: To: x@y.z\r\n\r\nTo: not-a-header@example.com\r\n')
})

test('addresses of a field', () => {
  const values: [string, string[]][] = [
    [' "evil@x.de" <a@x.de>', ['a@x.de']],
    [' a@x.de (not b@x.de), Team: c@x.de, d@x.de;', ['a@x.de', 'c@x.de', 'd@x.de']],
    [' =?utf-8?q?J=C3=BCrgen?= <j@x.de>,\r\n\t<k@x.de>', ['j@x.de', 'k@x.de']],
    [' undisclosed-recipients:;', []],
    [Buffer.from(' jürgen@bücher.de').toString('latin1'), ['jürgen@bücher.de']]
  ]
  for (const [value, wanted] of values) assert.deepEqual(addressesIn(value), wanted, value)
})

test('bytes of the body stay as they are', () => {
  const binary = Buffer.concat([Buffer.from('To: a@x.de\r\n\r\n'), Buffer.from([0xff, 0, 0xe4])])
  assert.ok(addressedTo(binary, ['b@x.de']).subarray(-3).equals(Buffer.from([0xff, 0, 0xe4])))
})
