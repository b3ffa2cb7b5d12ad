import assert from 'node:assert/strict'
import { test } from 'node:test'
import { problemWithoutSecrets, redact, secretsIn, withoutSecrets } from './redact.ts'

const gone: [string, string, string][] = [
  ['SMTP AUTH PLAIN', 'C: AUTH PLAIN AGFubgBzM2NyZXQ=', 'AGFubgBzM2NyZXQ='],
  ['IMAP AUTHENTICATE', 'a1 AUTHENTICATE XOAUTH2 dXNlcj1hbm4BYXV0aA==', 'dXNlcj1hbm4BYXV0aA=='],
  ['IMAP LOGIN', 'a2 LOGIN ann@example.com s3cret', 's3cret'],
  ['IMAP LOGIN quoted', 'a2 LOGIN "ann@example.com" "s3 cr\\"et"', 'cr'],
  ['POP3 PASS', 'PASS s3cret with space', 's3cret'],
  ['POP3 PASS in a transcript', '12:00:01 C: PASS s3cret', 's3cret'],
  ['POP3 APOP', 'APOP ann c4c9334bac560ecc979e58001b3e22fb', 'c4c9334bac560ecc'],
  ['Bearer', 'authorization: Bearer ya29.a0AfH6SMBx', 'ya29'],
  ['Basic', 'Authorization: Basic YW5uOnMzY3JldA==', 'YW5uOnMz'],
  ['URL', 'socks5://ann:s3cret@proxy:1080', 's3cret'],
  ['token in a URL', 'http://127.0.0.1:1234/?token=abcDEF123', 'abcDEF'],
  ['JSON', '{"user":"ann","secret":"s3cret"}', 's3cret'],
  ['JSON with prefix', '{"client_secret": "s3\\"cret"}', 'cret"}'],
  ['key=value', 'password=s3cret user=ann', 's3cret'],
  ['private key', '-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----', 'MIIE']
]
for (const [name, text, secret] of gone)
  test(`takes out: ${name}`, () => {
    const redacted = redact(text)
    assert.ok(!redacted.includes(secret), redacted)
    assert.match(redacted, /•••/)
  })

const kept = ['a2 OK LOGIN completed', '250-AUTH PLAIN LOGIN', '* CAPABILITY IMAP4rev1 AUTH=PLAIN LOGINDISABLED', 'https://example.com/path?page=2', 'The password is stored in the keychain.']
for (const text of kept) test(`keeps: ${text}`, () => assert.equal(redact(text), text))

test('takes a known secret out in clear, base64, URL and JSON form', () => {
  const secret = 'pa"ss/wörd+1'
  const text = [secret, Buffer.from(secret).toString('base64'), encodeURIComponent(secret), JSON.stringify({ x: secret })].join(' ')
  const redacted = redact(text, [secret])
  for (const form of [secret, Buffer.from(secret).toString('base64'), encodeURIComponent(secret), 'pa\\"ss']) assert.ok(!redacted.includes(form), redacted)
})

const hostile: [string, string][] = [
  ['one word', 'a'.repeat(200_000)], ['a quoted word', `"${'a_'.repeat(100_000)}`], ['words and dots', 'a.'.repeat(100_000)], ['words and equals', 'token='.repeat(30_000)],
  ['spaces', `token${' '.repeat(200_000)}x`], ['prompts', `${'>'.repeat(40)}${' '.repeat(200_000)}x`], ['openings', 'LOGIN "'.repeat(30_000)], ['keys that never end', '-----BEGIN PRIVATE KEY-----'.repeat(8_000)], ['quotes', '"secret":"\\'.repeat(20_000)], ['addresses', 'a://'.repeat(50_000)]
]
for (const [name, text] of hostile)
  test(`takes no longer than its length asks for: ${name}`, () => {
    const started = performance.now()
    redact(text)
    assert.ok(performance.now() - started < 1_000)
  })

test('finds secrets by their key at any depth', () => {
  assert.deepEqual(secretsIn({ server: { name: 'main' }, dkimKey: 'MC4CAQAwBQYDK2Vw', code: '12345678', pin: '4711', current: '0815', reason: 'new key' }), ['MC4CAQAwBQYDK2Vw', '12345678', '4711', '0815'])
  assert.deepEqual(secretsIn({ name: 'it', secret: 'a1', more: [{ passphrase: 'b2', depth: { clientSecret: 'c3' } }], none: null }), ['a1', 'b2', 'c3'])
})

test('takes the given secrets alone out of the words of a server, and what is left of a long one at the end', () => {
  const token = `eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.${'x'.repeat(100)}`
  assert.equal(withoutSecrets(`Basic authentication is disabled; password: s3cret. ${token.slice(0, 60)}`, ['s3cret', token]), 'Basic authentication is disabled; password: •••. •••')
  assert.equal(withoutSecrets('nothing to hide in it', ['', 'x', token]), 'nothing to hide in it')
  assert.deepEqual(problemWithoutSecrets({ code: 'token-refused', server: 's3cret-server', serverSaid: 'no s3cret' }, ['s3cret']), { code: 'token-refused', server: 's3cret-server', serverSaid: 'no •••' })
})
