import assert from 'node:assert/strict'
import { test } from 'node:test'
import { incomingServerDraft } from '#contract/incoming-server.ts'
import type { SetupAddress } from './found-server.ts'
import { makeCandidates } from './make-candidates.ts'
import { isPublicName, readClientConfig } from './read-client-config.ts'

const address: SetupAddress = { address: 'it.support@example.com', local: 'it.support', domain: 'example.com' }
const server = (type: string, host: string, port: string, socket: string, user: string, ...ways: string[]): string =>
  `<${type === 'smtp' ? 'outgoing' : 'incoming'}Server type="${type}"><hostname>${host}</hostname><port>${port}</port><socketType>${socket}</socketType><username>${user}</username>${ways.map((way) => `<authentication>${way}</authentication>`).join('')}</${type === 'smtp' ? 'outgoing' : 'incoming'}Server>`
const config = (inner: string, more = ''): string => `<?xml version="1.0" encoding="UTF-8"?>\n<clientConfig version="1.1"><emailProvider id="example.com"><domain>example.com</domain><displayName>Example &amp; Sons</displayName>${inner}</emailProvider>${more}</clientConfig>`
const imap = server('imap', 'imap.%EMAILDOMAIN%', '993', 'SSL', '%EMAILADDRESS%', 'password-cleartext')

const read = (text: string) => {
  const found = readClientConfig(text, address)
  assert.ok(!('trouble' in found), JSON.stringify(found))
  return found
}

test('several servers, with placeholders, in the order of the file', () => {
  const found = read(config(imap + server('imap', 'imap.example.com', '143', 'STARTTLS', '%EMAILLOCALPART%', 'password-encrypted') + server('pop3', 'pop.example.com', '110', 'plain', 'u-%EMAILLOCALPART%-%EMAILDOMAIN%', 'password-cleartext') + server('smtp', 'smtp.example.com', '465', 'SSL', '%EMAILADDRESS%', 'password-cleartext')))
  assert.equal(found.title, 'Example & Sons')
  assert.deepEqual(found.incoming, [
    { protocol: 'imap', host: 'imap.example.com', port: 993, security: 'tls', signIn: { method: 'password', user: 'it.support@example.com' } },
    { protocol: 'imap', host: 'imap.example.com', port: 143, security: 'starttls', signIn: { method: 'password', user: 'it.support' } },
    { protocol: 'pop3', host: 'pop.example.com', port: 110, security: 'none', signIn: { method: 'password', user: 'u-it.support-example.com' } }
  ])
  assert.deepEqual(found.outgoing, [{ protocol: 'smtp', host: 'smtp.example.com', port: 465, security: 'tls', signIn: { method: 'password', user: 'it.support@example.com' } }])
})

test('ways to sign in', () => {
  const oauth = '<oAuth2><issuer>login.example.com</issuer><scope>mail-r mail-w</scope><authURL>https://login.example.com/a</authURL><tokenURL>https://login.example.com/t</tokenURL></oAuth2>'
  const methods = (inner: string, more = ''): string[] => read(config(inner, more)).incoming.map(({ signIn }) => [signIn.method, signIn.provider].filter((one) => one !== undefined).join(' '))
  assert.deepEqual(methods(server('imap', 'imap.example.com', '993', 'SSL', 'u', 'OAuth2', 'password-cleartext'), oauth), ['password', 'oauth2 other'])
  assert.deepEqual(read(config(server('imap', 'imap.example.com', '993', 'SSL', 'u', 'OAuth2'), oauth)).incoming[0]?.signIn, { method: 'oauth2', user: 'u', provider: 'other', authorizationUrl: 'https://login.example.com/a', tokenUrl: 'https://login.example.com/t', scope: ['mail-r', 'mail-w'] })
  assert.deepEqual(methods(server('imap', 'imap.gmail.com', '993', 'SSL', 'u', 'OAuth2')), ['oauth2 google'])
  assert.deepEqual(methods(server('imap', 'outlook.office365.com', '993', 'SSL', 'u', 'OAuth2')), ['oauth2 microsoft'])
  assert.deepEqual(methods(server('imap', 'imap.example.com', '993', 'SSL', 'u')), ['password'])
  const { outgoing } = read(config(imap + server('smtp', 'smtp.example.com', '587', 'STARTTLS', 'u', 'client-IP-address')))
  assert.deepEqual(outgoing[0]?.signIn, { method: 'none', user: '' })
})

const leftOut: [string, string, RegExp][] = [
  ['an address instead of a name', server('imap', '10.0.0.1', '993', 'SSL', 'u', 'password-cleartext'), /10\.0\.0\.1 was left out: it has no host name/],
  ['this computer', server('imap', 'localhost', '993', 'SSL', 'u', 'password-cleartext'), /no host name/],
  ['a URL instead of a name', server('imap', 'https://evil.example/', '993', 'SSL', 'u', 'password-cleartext'), /no host name/],
  ['no port', server('imap', 'imap.example.com', '0', 'SSL', 'u', 'password-cleartext'), /its port/],
  ['a port beyond all', server('imap', 'imap.example.com', '65536', 'SSL', 'u', 'password-cleartext'), /its port/],
  ['encryption unheard of', server('imap', 'imap.example.com', '993', 'ROT13', 'u', 'password-cleartext'), /encryption/],
  ['a protocol unheard of', server('exchange', 'imap.example.com', '993', 'SSL', 'u', 'password-cleartext'), /protocol is not known/],
  ['the prototype as protocol', server('constructor', 'imap.example.com', '993', 'SSL', 'u', 'password-cleartext'), /protocol is not known/],
  ['Kerberos alone', server('imap', 'imap.example.com', '993', 'SSL', 'u', 'GSSAPI'), /offers GSSAPI alone/]
]
for (const [name, inner, words] of leftOut) {
  test(`a server is left out: ${name}`, () => {
    const found = read(config(inner + imap))
    assert.equal(found.incoming.length, 1)
    assert.match(found.notes.join(), words)
    const alone = readClientConfig(config(inner), address)
    assert.ok('trouble' in alone && alone.trouble.startsWith('names no server that Mailroom can use'))
  })
}

const troubles: [string, string, RegExp][] = [
  ['nothing', '', /not XML/],
  ['JSON', '{"a":1}', /not XML/],
  ['a web page', '<!DOCTYPE html><html><body>Not found</body></html>', /web page/],
  ['a web page without a type', '\n <html><p>parked</html>', /web page/],
  ['tags that do not fit', '<clientConfig><emailProvider></clientConfig>', /not XML/],
  ['another root', '<Autodiscover><Response/></Autodiscover>', /no mail configuration/],
  ['an empty configuration', '<clientConfig version="1.1"/>', /no mail configuration/],
  ['a provider without servers', config(''), /names no server/],
  ['entities', '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><clientConfig>&b;</clientConfig>', /entities/],
  ['an external entity', '<?xml version="1.0"?><!DOCTYPE x SYSTEM "file:///etc/passwd"><clientConfig/>', /entities/],
  ['text', 'imap.example.com 993', /not XML/]
]
for (const [name, text, words] of troubles) {
  test(`no configuration: ${name}`, () => {
    const found = readClientConfig(text, address)
    assert.ok('trouble' in found)
    assert.match(found.trouble, words)
  })
}

test('many servers and deep nesting end soon', () => {
  assert.equal(read(config(imap.repeat(500))).incoming.length, 6)
  const began = performance.now()
  assert.ok('trouble' in readClientConfig(`${'<a>'.repeat(30_000)}${'</a>'.repeat(30_000)}`, address))
  assert.ok(performance.now() - began < 2_000)
})

test('values of any length make a draft that fits its form, and notes that can be read', async () => {
  const long = 'x'.repeat(3_000)
  const found = read(config(server('imap', 'imap.example.com', '993', 'SSL', long, 'OAuth2') + server('imap', 'pop.example.com', '993', 'SSL', 'u', long) + server('imap', long, '993', 'SSL', 'u'), `<oAuth2><scope>${`${long} `.repeat(3)}${'s '.repeat(100)}</scope><authURL>https://a.example/${long}</authURL><tokenURL>https://b.example/t</tokenURL></oAuth2>`))
  const [candidate] = await makeCandidates([{ source: 'autoconfig', ...found }], address, 'IT', null)
  assert.deepEqual(incomingServerDraft.parse(candidate?.incoming), candidate?.incoming)
  assert.deepEqual(candidate?.unconfirmedHosts, ['a.example', 'b.example'])
  assert.ok(found.notes.length === 2 && found.notes.every((note) => note.length < 300))
})

test('a host is written in one way', () => {
  assert.deepEqual(read(config(server('imap', 'IMAP.Bücher.Example.', '993', 'SSL', 'u'))).incoming[0]?.host, 'imap.xn--bcher-kva.example')
  assert.ok('trouble' in readClientConfig(config(server('imap', '0x7f.1', '993', 'SSL', 'u')), address))
})

test('names that DNS has', () => {
  for (const name of ['mail.example.com', 'xn--bcher-kva.example', 'a.b']) assert.ok(isPublicName(name), name)
  for (const name of ['mail', 'localhost', 'x.localhost', '127.0.0.1', '[::1]', '::1', '', 'a b.de', 'u@h.de', 'h.de/x', 'h.de:99', '1.2']) assert.ok(!isPublicName(name), name)
})
