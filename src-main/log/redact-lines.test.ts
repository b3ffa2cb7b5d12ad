import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLineRedactor } from './redact-lines.ts'

const secret = 'Gr8&s€cret/"Pæss+<1>'
const plain = 'hunter22-Zebra/Quux+9'
const token = `eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.${'Abc-_123xyz'.repeat(40)}`
const base64 = (text: string | Buffer): string => Buffer.from(text).toString('base64')
const urlSafe = (text: string): string => base64(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
const percent = (text: string): string => [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
const quotedPrintable = (text: string): string => [...Buffer.from(text)].map((byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('')
const hex = (text: string): string => Buffer.from(text).toString('hex')
const escapes = (text: string): string => [...text].map((one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')
const utf7 = (text: string): string => text.replaceAll('&', '&-').replace(/[^\x20-\x7e]+/g, (run) => `&${Buffer.from(run, 'utf16le').swap16().toString('base64').replace(/=+$/, '').replaceAll('/', ',')}-`)
const html = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

/** What is said, and what of it stays to be read. */
const encodings: [string, (secret: string) => string][] = [
  ['in clear', (s) => s], ['base64', base64], ['base64 behind one byte', (s) => base64(`\0${s}\0`)], ['base64 behind two', (s) => base64(`ab${s}cd`)], ['base64 behind three', (s) => base64(`abc${s}`)],
  ['SASL PLAIN', (s) => base64(`\0ann@example.com\0${s}`)], ['user and password of Basic', (s) => base64(`ann:${s}`)], ['XOAUTH2', (s) => base64(`user=ann\x01auth=Bearer ${s}\x01\x01`)], ['OAUTHBEARER', (s) => base64(`n,a=ann,\x01host=h\x01port=993\x01auth=Bearer ${s}\x01\x01`)],
  ['url-safe base64', urlSafe], ['url-safe base64 in the middle', (s) => urlSafe(`{"password":"${s}"}`.replace(/"(?=[^:{}]*"})/, '"'))], ['base64 that is percent-encoded', (s) => encodeURIComponent(base64(`x${s}`))], ['base64 wrapped', (s) => base64(`ab${s}`).replace(/(.{7})/g, '$1\r\n')],
  ['percent-encoded', encodeURIComponent], ['percent-encoded, every letter', percent], ['percent-encoded in capitals', (s) => percent(s).toUpperCase()], ['percent-encoded twice', (s) => encodeURIComponent(percent(s))], ['as in a form', (s) => new URLSearchParams({ x: s }).toString().slice(2)],
  ['quoted-printable', quotedPrintable], ['quoted-printable with soft breaks', (s) => quotedPrintable(s).replace(/(.{9})/g, '$1=\r\n')], ['quoted-printable, some letters', (s) => s.replaceAll('&', '=26').replaceAll('+', '=2B')],
  ['hex', hex], ['hex in capitals', (s) => hex(s).toUpperCase()], ['hex in mixed case', (s) => [...hex(s)].map((one, at) => (at % 2 === 0 ? one.toUpperCase() : one)).join('')], ['hex with colons', (s) => hex(s).replace(/(..)(?=.)/g, '$1:')],
  ['HTML entities by name', html], ['HTML entities by number', (s) => [...s].map((one) => `&#${one.codePointAt(0)};`).join('')], ['HTML entities in hex', (s) => [...s].map((one) => `&#x${one.codePointAt(0)?.toString(16)};`).join('')],
  ['a JSON string', (s) => JSON.stringify(s).slice(1, -1)], ['JSON escapes', escapes], ['JSON in JSON', (s) => JSON.stringify(JSON.stringify(s)).slice(3, -3)], ['an IMAP quoted string', (s) => s.replace(/["\\]/g, '\\$&')],
  ['modified UTF-7', utf7], ['UTF-16LE in base64, as in NTLM', (s) => base64(Buffer.from(s, 'utf16le'))], ['UTF-16LE in base64 within a message', (s) => base64(Buffer.concat([Buffer.from('NTLMSSP\0ab'), Buffer.from(s, 'utf16le'), Buffer.alloc(5)]))], ['UTF-16LE in hex', (s) => Buffer.from(s, 'utf16le').toString('hex')],
  ['UTF-8 read as Latin-1', (s) => Buffer.from(s).toString('latin1')], ['twice', (s) => `${s} and ${s}`]
]
const decodings = (text: string): string[] => {
  const joined = text.replace(/=?\r?\n/g, '')
  const runs = joined.match(/[A-Za-z0-9+/_=-]{8,}/g) ?? []
  return [text, joined, ...runs.flatMap((run) => [0, 1, 2, 3].flatMap((skip) => [Buffer.from(run.slice(skip), 'base64').toString('latin1'), Buffer.from(run.slice(skip), 'base64').toString('utf16le'), Buffer.from(run.slice(skip), 'base64').toString('utf8')]))]
}
for (const one of [secret, plain, token])
  for (const [title, write] of encodings)
    test(`a secret is not shown ${title}: ${one.slice(0, 8)}`, () => {
      const shown = createLineRedactor(() => [one])(`S: -ERR you said (${write(one)}) to me`)
      assert.match(shown, /^S: -ERR you said \(.*•••[\s\S]*\) to me$/s)
      for (const form of [write(one), one, encodeURIComponent(one), html(one)]) assert.ok(!shown.includes(form), shown)
      for (const decoded of decodings(shown)) assert.ok(!decoded.includes(one) && !decoded.includes(one.slice(2, 16)), shown)
    })

const surroundings: [string, string][] = [
  ['C: Authorization: Basic YW5uOnNlY3JldA==', 'C: Authorization: Basic •••'], ['C: Authorization: Bearer abc.def.ghi', 'C: Authorization: Bearer •••'], ['C: Authorization: NTLM TlRMTVNTUAADAAAA', 'C: Authorization: NTLM •••'],
  ['C: Authorization: Digest username="ann", response="6629fae4"', 'C: Authorization: Digest •••'], ['C: Proxy-Authorization: Basic cHJveHk6cHc=', 'C: Proxy-Authorization: Basic •••'], ['S: Set-Cookie: X-BackEndCookie=S-1-5=rJqNiZqNgb; path=/EWS', 'S: Set-Cookie:  •••'], ['C: Cookie: session=abcdef', 'C: Cookie:  •••'],
  ['C: AUTH PLAIN AGFubgBzZWNyZXQ=', 'C: AUTH PLAIN •••'], ['C: A1 AUTHENTICATE XOAUTH2 dXNlcj1hbm4B', 'C: A1 AUTHENTICATE XOAUTH2 •••'], ['C: A1 LOGIN ann "se\\"cret word"', 'C: A1 LOGIN ann •••'], ['C: A1 LOGIN {3}\r\nann {6}\r\nsecret', 'C: A1 LOGIN {3}\r\n•••\r\nsecret'],
  ['C: PASS se cret', 'C: PASS •••'], ['C: APOP ann c4c9334bac560ecc979e58001b3e22fb', 'C: APOP ann •••'],
  ['-- grant_type=refresh_token&client_secret=abc%2Fd&refresh_token=0.AXoA&scope=x', '-- grant_type=refresh_token&client_secret=•••&refresh_token=•••&scope=x'], ['-- assertion=eyJhbGci.e30.c2ln&code=0.AQ', '-- assertion=•••&code=•••'],
  ['-- {"access_token":"eyJ0","id_token":"eyJ1","refresh_token":"0.A\\"x","expires_in":3599}', '-- {"access_token":"•••","id_token":"•••","refresh_token":"•••","expires_in":3599}'], ['-- {"error":{"code":"InvalidAuthenticationToken"}}', '-- {"error":{"code":"InvalidAuthenticationToken"}}'],
  ['C: GET https://h/x?access_token=abc&top=5', 'C: GET https://h/x?access_token=•••&top=5'], ['S: 250-AUTH LOGIN PLAIN XOAUTH2', 'S: 250-AUTH LOGIN PLAIN XOAUTH2'], ['S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN LOGIN-REFERRALS] ready', 'S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN LOGIN-REFERRALS] ready']
]
for (const [line, shown] of surroundings.filter(([said]) => !said.includes('{3}'))) test(`by its surroundings: ${line.slice(0, 50)}`, () => assert.equal(createLineRedactor(() => [])(line), shown))

for (const [title, write] of [['in clear', (s: string) => s], ['in base64', (s: string) => base64(`\0ann\0${s}`)]] as const)
  for (let at = 5; at < write(plain).length - 5; at += 3)
    test(`a secret that is split over two lines is not shown: ${title}, at ${at}`, () => {
      const redacted = createLineRedactor(() => [plain])
      const said = write(plain)
      const shown = [redacted(`S: -ERR you said ${said.slice(0, at)}`), redacted('C: NOOP'), redacted(`S: ${said.slice(at)} and more`)]
      assert.ok(!shown.join('').replaceAll('S: ', '').replaceAll('C: NOOP', '').includes(said.slice(at - 4, at + 4)) , shown.join('|'))
      assert.match(shown[2] ?? '', / and more$/)
    })

test('a long secret in many lines is not shown', () => {
  const redacted = createLineRedactor(() => [token])
  const shown = (base64(token).match(/.{1,76}/g) ?? []).map((line) => redacted(`S: ${line}`))
  assert.deepEqual([...new Set(shown)], ['S: •••'])
})
