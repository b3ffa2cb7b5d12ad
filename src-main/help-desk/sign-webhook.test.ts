import assert from 'node:assert/strict'
import { test } from 'node:test'
import { faultOfSigningSecret, keyOf, signWebhook } from './sign-webhook.ts'

// The vector of the libraries: https://github.com/standard-webhooks/standard-webhooks/blob/main/libraries/javascript/src/webhook.test.ts
test('A webhook is signed as the libraries of Standard Webhooks sign it', () => {
  const body = '{"test": 2432232314}'
  const wanted = { 'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek', 'webhook-timestamp': '1614265330', 'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=' }
  for (const secret of ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw']) assert.deepEqual(signWebhook(secret, 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1614265330_999, body), wanted)
})

const keys: [string, Buffer][] = [
  ['whsec_c2hvcnQ=', Buffer.from('short')],
  ['correct horse', Buffer.from('correct horse')],
  ['password', Buffer.from('password')],
  ['a'.repeat(32), Buffer.from('a'.repeat(32), 'base64')],
  ['a'.repeat(33), Buffer.from('a'.repeat(33))],
  ['ü', Buffer.from([0xc3, 0xbc])]
]
for (const [secret, key] of keys) test(`The key of ${secret}`, () => assert.deepEqual(keyOf(secret), key))

test('After whsec_ a secret goes on in base64', () => {
  assert.equal(faultOfSigningSecret('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'), null)
  assert.equal(faultOfSigningSecret('any words at all'), null)
  for (const wrong of ['whsec_', 'whsec_not base64', 'whsec_abc']) assert.match(faultOfSigningSecret(wrong) ?? '', /base64/)
})
