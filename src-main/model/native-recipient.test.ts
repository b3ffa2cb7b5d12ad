import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nativeRecipient } from './native-recipient.ts'

const here = { support: 'tarobe482@mail.example.com', host: 'mail.example.com', addresses: ['it@example.com'] }
const rows: [recipient: string, answer: ReturnType<typeof nativeRecipient>][] = [
  ['tarobe482@mail.example.com', 'here'],
  ['TAROBE482@Mail.Example.COM', 'here'],
  ['tarobe482+sales@mail.example.com', 'here'],
  ['it@example.com', 'here'],
  ['it+printer@example.com', 'here'],
  ['postmaster', 'here'],
  ['Postmaster@mail.example.com', 'here'],
  ['postmaster@example.com', 'unknown'],
  ['postmaster+x@mail.example.com', 'unknown'],
  ['nobody@mail.example.com', 'unknown'],
  ['nobody@example.com', 'unknown'],
  ['+tarobe482@mail.example.com', 'unknown'],
  ['ann@customer.example', 'elsewhere'],
  ['tarobe482@mail.example.com.evil.example', 'elsewhere'],
  ['tarobe482@sub.mail.example.com', 'elsewhere'],
  ['ann%customer.example@mail.example.com', 'unknown'],
  ['customer.example!ann@mail.example.com', 'unknown'],
  ['"tarobe482@mail.example.com"@customer.example', 'elsewhere'],
  ['tarobe482', 'elsewhere'],
  ['', 'elsewhere']
]
for (const [recipient, answer] of rows) test(`RCPT TO:<${recipient}> is ${answer}`, () => assert.equal(nativeRecipient(recipient, here), answer))
test('before it was activated, nothing but the postmaster is taken', () => {
  const nowhere = { support: null, host: null, addresses: [] }
  assert.equal(nativeRecipient('a@example.com', nowhere), 'elsewhere')
  assert.equal(nativeRecipient('postmaster', nowhere), 'here')
})
