import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tokenErrorWords, tokenMechanism, tokenResponse, type TokenMechanism } from './sasl-token.ts'

const offers: [string[], TokenMechanism | null][] = [
  [['PLAIN', 'LOGIN', 'XOAUTH2'], 'XOAUTH2'], [['OAUTHBEARER', 'XOAUTH2'], 'XOAUTH2'], [['oauthbearer'], 'OAUTHBEARER'], [['PLAIN'], null], [[], null]
]
for (const [offered, wanted] of offers) test(`of ${offered.join(' ') || 'nothing'}, ${wanted ?? 'nothing'} is taken`, () => assert.equal(tokenMechanism(offered), wanted))

test('XOAUTH2 as in the example of the vendor', () => {
  // https://developers.google.com/gmail/imap/xoauth2-protocol#initial_client_response
  assert.equal(tokenResponse('XOAUTH2', { user: 'someuser@example.com', secret: 'ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg' }, { host: 'h', port: 1 }),
    'dXNlcj1zb21ldXNlckBleGFtcGxlLmNvbQFhdXRoPUJlYXJlciB5YTI5LnZGOWRmdDRxbVRjMk52YjNSbGNrQmhkSFJoZG1semRHRXVZMjl0Q2cBAQ==')
})

test('OAUTHBEARER as in the example of RFC 7628 section 4.1', () => {
  assert.equal(tokenResponse('OAUTHBEARER', { user: 'user@example.com', secret: 'vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==' }, { host: 'server.example.com', port: 143 }),
    'bixhPXVzZXJAZXhhbXBsZS5jb20sAWhvc3Q9c2VydmVyLmV4YW1wbGUuY29tAXBvcnQ9MTQzAWF1dGg9QmVhcmVyIHZGOWRmdDRxbVRjMk52YjNSbGNrQmhiSFJoZG1semRHRXVZMjl0Q2c9PQEB')
})

const challenges: [string, string][] = [
  ['{"status":"400","schemes":"Bearer","scope":"https://mail.google.com/"}', 'status 400, scope https://mail.google.com/'],
  ['{"status":"invalid_token","openid-configuration":"https://example.com/x"}', 'status invalid_token'],
  ['{"status":5}', ''], ['no JSON', ''], ['', '']
]
for (const [text, words] of challenges) test(`the challenge ${text || '(empty)'} says: ${words || 'nothing'}`, () => assert.equal(tokenErrorWords(Buffer.from(text).toString('base64')), words))
