import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test, type TestContext } from 'node:test'
import type { SetupAnswer, SetupCandidate } from '#contract/setup.ts'
import { issue, testCertificates, type TestCertificate } from '../../../testbed/certificates.ts'
import { startDnsServer, type DnsRecords } from '../../../testbed/dns-server.ts'
import { startNamedHosts } from '../../../testbed/named-hosts.ts'
import { startScriptedServer, type ScriptMove } from '../../../testbed/scripted-server.ts'
import { defaultLimits } from '../connection/destination.ts'
import { createHttpClient, type HttpRoute } from '../connection/http-client.ts'
import { problemOf } from '../incoming-transport-promises.ts'
import { createSetup } from './create-setup.ts'
import { createSetupResolver } from './dns-records.ts'

const names = ['localhost', 'example.com', 'autoconfig.example.com', 'www.example.com', 'imap.example.com', 'mail.example.com', 'smtp.example.com', 'imap.elsewhere.example', 'smtp.elsewhere.example', 'autoconfig.thunderbird.net', 'exchange.example.com', 'xn--bcher-kva.example', 'autoconfig.xn--bcher-kva.example', 'imap.xn--bcher-kva.example', 'smtp.xn--bcher-kva.example']
let certificate: TestCertificate
let folder: string
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'mailroom-setup-'))
  certificate = issue(folder, 'named', { subject: 'named', names, issuer: testCertificates().ca })
})
after(() => rmSync(folder, { recursive: true, force: true }))

const imapMoves = (capabilities = 'IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2'): ScriptMove[] => [{ line: '* OK ready' }, { expect: /CAPABILITY/ }, { line: `* CAPABILITY ${capabilities}` }, { line: 'C1 OK done' }]
const smtpMoves: ScriptMove[] = [{ line: '220 ready ESMTP' }, { expect: /EHLO/ }, { send: '250-ready\r\n250 AUTH PLAIN LOGIN\r\n' }]

type World = { dns?: DnsRecords; web?: Record<string, RequestListener>; mail?: Record<string, ScriptMove[]> }
type Visit = { find(address: string, offline?: boolean, signal?: AbortSignal): Promise<SetupAnswer>; heard(): string[]; asked(): string[]; questions(): string[]; progress: string[] }

/** A world of names on loopback: DNS, web servers by host, mail servers by `host:port` with TLS. */
async function visit(context: TestContext, { dns = {}, web = {}, mail = {} }: World): Promise<Visit> {
  const ends: (() => Promise<unknown>)[] = []
  context.after(async () => {
    for (const end of ends) await end()
  })
  const ports: Record<string, number> = {}
  for (const [host, listener] of Object.entries(web)) {
    const server = createServer({ cert: certificate.cert, key: certificate.key }, listener).listen(0, 'localhost')
    await once(server, 'listening')
    ports[`${host}:443`] = (server.address() as AddressInfo).port
    ends.push(async () => {
      server.closeAllConnections()
      server.close()
    })
  }
  const servers = await Promise.all(Object.entries(mail).map(async ([place, moves]) => {
    const server = await startScriptedServer(moves, { certificate })
    ports[place] = server.port
    ends.push(() => server.stop())
    return server
  }))
  const [resolver, hosts] = await Promise.all([startDnsServer(dns), startNamedHosts(ports)])
  const route: HttpRoute = { tls: { minVersion: 'TLSv1.2', caFile: testCertificates().ca.certFile, pin: null }, proxy: hosts.proxy, proxyPassword: null, clientKeyPassphrase: null }
  const client = createHttpClient({ route, attempt: { signal: new AbortController().signal, limits: defaultLimits }, transcript: null })
  ends.push(async () => client.close(), () => hosts.stop(), () => resolver.stop())
  const setup = createSetup({ resolver: createSetupResolver([resolver.address]), http: client, route })
  const progress: string[] = []
  return {
    find: (address, offline = false, signal = AbortSignal.timeout(20_000)) => setup.find(address, { offline, signal, partition: 'IT', progress: (words) => void progress.push(words) }),
    heard: () => servers.flatMap(({ heard }) => heard), asked: () => hosts.asked, questions: () => resolver.asked, progress
  }
}

const answer = (text: string): RequestListener => (_request, response) => void response.writeHead(200, { 'content-type': 'text/xml' }).end(text)
const notThere: RequestListener = (_request, response) => void response.writeHead(404).end()
const configFor = (domain: string): string =>
  `<clientConfig version="1.1"><emailProvider id="x"><displayName>Example</displayName><incomingServer type="imap"><hostname>imap.${domain}</hostname><port>993</port><socketType>SSL</socketType><username>%EMAILADDRESS%</username><authentication>password-cleartext</authentication></incomingServer><outgoingServer type="smtp"><hostname>smtp.${domain}</hostname><port>465</port><socketType>SSL</socketType><username>%EMAILADDRESS%</username><authentication>password-cleartext</authentication></outgoingServer></emailProvider></clientConfig>`
const summary = ({ source, title, incomingProbe, outgoingProbe, unconfirmedHosts }: SetupCandidate): unknown[] => [source, title, incomingProbe.outcome, outgoingProbe.outcome, unconfirmedHosts]
const exampleMail = { 'imap.example.com:993': imapMoves(), 'smtp.example.com:465': smtpMoves }

test('autoconfig of the domain: looked at, complete, and nobody is named to a mail server', async (context) => {
  const requests: string[] = []
  const world = await visit(context, { web: { 'autoconfig.example.com': (request, response) => (requests.push(request.url ?? ''), answer(configFor('example.com'))(request, response)) }, mail: exampleMail })
  const { candidates, address } = await world.find('it@example.com')
  assert.equal(address, 'it@example.com')
  assert.deepEqual(candidates.map(summary), [['autoconfig', 'IMAP at imap.example.com', 'ok', 'ok', []]])
  assert.deepEqual(requests, ['/mail/config-v1.1.xml?emailaddress=it%40example.com'])
  const [{ incoming, outgoing, incomingProbe } = assert.fail()] = candidates
  assert.deepEqual([incoming.host, incoming.port, incoming.security, incoming.auth, incoming.partition], ['imap.example.com', 993, 'tls', { method: 'password', user: 'it@example.com', secret: 'keychain' }, 'IT'])
  assert.deepEqual([outgoing?.host, outgoing?.port, outgoing?.replyTo], ['smtp.example.com', 465, 'it@example.com'])
  assert.match(incomingProbe.detail, /TLS and a valid certificate; sign-in by PLAIN, XOAUTH2/)
  assert.deepEqual(world.heard().filter((line) => !/^(C1 CAPABILITY|EHLO \[127\.0\.0\.1\])$/.test(line)), [])
  assert.ok(world.progress.length >= 2)
})

test('hosts of another domain need the user’s word', async (context) => {
  const world = await visit(context, { web: { 'example.com': (request, response) => (request.url === '/.well-known/autoconfig/mail/config-v1.1.xml' ? answer(configFor('elsewhere.example')) : notThere)(request, response) }, mail: { 'imap.elsewhere.example:993': imapMoves(), 'smtp.elsewhere.example:465': smtpMoves } })
  const { candidates } = await world.find('it@example.com')
  assert.deepEqual(candidates.map(summary), [['autoconfig', 'IMAP at imap.elsewhere.example', 'ok', 'ok', ['imap.elsewhere.example', 'smtp.elsewhere.example']]])
})

test('the database learns the domain alone', async (context) => {
  const requests: string[] = []
  const world = await visit(context, { web: { 'autoconfig.thunderbird.net': (request, response) => (requests.push(request.url ?? ''), answer(configFor('example.com'))(request, response)) }, mail: exampleMail })
  assert.deepEqual((await world.find('it@example.com')).candidates.map(summary), [['autoconfig', 'IMAP at imap.example.com', 'ok', 'ok', []]])
  assert.deepEqual(requests, ['/v1.1/example.com'])
})

test('SRV: by priority and weight, with what is not offered, and others that name the same', async (context) => {
  const world = await visit(context, {
    dns: { srv: {
      '_imaps._tcp.example.com': [{ name: 'backup.example.com', port: 993, priority: 20 }, { name: 'imap.example.com', port: 993, priority: 10 }], '_pop3s._tcp.example.com': [{ name: '.', port: 0 }],
      '_submissions._tcp.example.com': [{ name: 'smtp.example.com', port: 465, priority: 0, weight: 9 }, { name: 'slow.example.com', port: 465, priority: 0, weight: 1 }], '_submission._tcp.example.com': [{ name: 'smtp.elsewhere.example', port: 587 }]
    } },
    web: { 'autoconfig.example.com': answer(configFor('example.com')) }, mail: exampleMail
  })
  const { candidates } = await world.find('it@example.com')
  assert.deepEqual(candidates.map(summary), [['autoconfig', 'IMAP at imap.example.com', 'ok', 'ok', []], ['srv', 'IMAP at backup.example.com', 'failed', 'ok', []]])
  assert.ok(candidates[0]?.notes.includes('Also named by SRV records'))
  assert.ok(candidates[1]?.notes.includes('example.com does not offer pop3s.'))
  assert.deepEqual(world.questions().toSorted(), ['CNAME autodiscover.example.com', 'MX example.com', ...['autodiscover', 'imap', 'imaps', 'pop3', 'pop3s', 'submission', 'submissions'].map((one) => `SRV _${one}._tcp.example.com`)])
})

test('MX: the provider of the table, and the database for one that it does not know', async (context) => {
  const world = await visit(context, {
    dns: { mx: { 'firm.example': [{ exchange: 'firm-example.mail.protection.outlook.com', priority: 0 }], 'shop.example': [{ exchange: 'mx1.hoster.elsewhere.example', priority: 10 }], 'nomail.example': [{ exchange: '.', priority: 0 }] } },
    web: { 'graph.microsoft.com': notThere, 'autoconfig.thunderbird.net': (request, response) => (request.url === '/v1.1/elsewhere.example' ? answer(configFor('elsewhere.example')) : notThere)(request, response) },
    mail: { 'imap.elsewhere.example:993': imapMoves(), 'smtp.elsewhere.example:465': smtpMoves }
  })
  const firm = await world.find('it@firm.example')
  assert.equal(firm.candidates[0]?.title, 'Microsoft 365 by Microsoft Graph')
  assert.match(firm.candidates[0]?.notes[0] ?? '', /arrives at Microsoft 365/)
  const shop = await world.find('it@shop.example')
  assert.deepEqual(shop.candidates.map(summary), [['mx', 'IMAP at imap.elsewhere.example', 'ok', 'ok', ['imap.elsewhere.example', 'smtp.elsewhere.example']]])
  assert.equal((await problemOf(world.find('it@nomail.example'))).code, 'no-setup-found')
})

test('Exchange of one’s own, by autodiscover', async (context) => {
  const world = await visit(context, {
    dns: { srv: { '_autodiscover._tcp.example.com': [{ name: 'exchange.example.com', port: 443 }], '_autodiscover._tcp.firm.example': [{ name: 'autodiscover.outlook.com', port: 443 }] }, cname: { 'autodiscover.filtered.example': 'autodiscover.outlook.com' } },
    web: { 'exchange.example.com': (_request, response) => void response.writeHead(401, { 'www-authenticate': 'Negotiate, Basic realm="x"' }).end() }
  })
  const { candidates } = await world.find('it@example.com')
  assert.deepEqual(candidates.map(summary), [['srv', 'Exchange at exchange.example.com, by password', 'ok', 'ok', []], ['srv', 'Exchange at exchange.example.com, by NTLM', 'warning', 'warning', []]])
  const [{ incoming, outgoing } = assert.fail()] = candidates
  assert.deepEqual([incoming.protocol, incoming.endpoint, outgoing?.protocol], ['ews', 'https://exchange.example.com/EWS/Exchange.asmx', 'ews'])
  for (const domain of ['firm.example', 'filtered.example']) assert.equal((await world.find(`it@${domain}`)).candidates[0]?.title, 'Microsoft 365 by Microsoft Graph')
})

test('guessing comes last, and what does not answer is no guess', async (context) => {
  const world = await visit(context, { mail: { 'mail.example.com:993': imapMoves('IMAP4rev1 LOGINDISABLED'), 'smtp.example.com:465': smtpMoves } })
  const { candidates } = await world.find('it@example.com')
  assert.deepEqual(candidates.map(summary), [['guess', 'A guess: IMAP at mail.example.com', 'warning', 'ok', []]])
  assert.match(candidates[0]?.incomingProbe.detail ?? '', /does not say that it takes passwords/)
  const nothing = await visit(context, {})
  const problem = await problemOf(nothing.find('it@example.com'))
  assert.ok(problem.code === 'no-setup-found' && problem.notes?.length === 1, JSON.stringify(problem))
  assert.match(problem.notes[0] ?? '', /autoconfig\.thunderbird\.net/)
})

test('an internationalised domain is asked for in ASCII', async (context) => {
  const world = await visit(context, { dns: { srv: { '_imaps._tcp.xn--bcher-kva.example': [{ name: 'imap.xn--bcher-kva.example', port: 993 }] } }, mail: { 'imap.xn--bcher-kva.example:993': imapMoves() } })
  const [found] = (await world.find('jürgen@Bücher.example')).candidates
  assert.deepEqual([found?.incoming.host, found?.incoming.auth.user, found?.unconfirmedHosts, found?.outgoing], ['imap.xn--bcher-kva.example', 'jürgen@Bücher.example', [], null])
})

const evil: [string, RequestListener, RegExp][] = [
  ['a web page', answer('<!doctype html><html></html>'), /is a web page/],
  ['no XML', answer('Service unavailable'), /is not XML/],
  ['another root', answer('<a/>'), /no mail configuration/],
  ['a redirect to another domain', (_request, response) => void response.writeHead(302, { location: 'https://imap.elsewhere.example/x' }).end(), /leads on to https:\/\/imap\.elsewhere\.example and was not followed/],
  ['a redirect out of TLS', (_request, response) => void response.writeHead(301, { location: 'http://www.example.com/x' }).end(), /http:\/\/www\.example\.com and was not followed/],
  ['a redirect in circles', (_request, response) => void response.writeHead(302, { location: '/again' }).end(), /was not followed/],
  ['a failure', (_request, response) => void response.writeHead(503).end(), /answered with 503/]
]
for (const [name, listener, words] of evil) {
  test(`autoconfig answers with ${name}: a note, and the rest goes on`, async (context) => {
    const world = await visit(context, { web: { 'autoconfig.example.com': listener }, mail: exampleMail })
    const { notes, candidates } = await world.find('it@example.com')
    assert.match(notes.join('\n'), words)
    assert.equal(candidates[0]?.source, 'guess')
    assert.ok(!world.asked().some((place) => place.startsWith('imap.elsewhere')))
  })
}

test('a redirect within the domain is followed', async (context) => {
  const world = await visit(context, { web: { 'autoconfig.example.com': (_request, response) => void response.writeHead(301, { location: 'https://www.example.com/config.xml' }).end(), 'www.example.com': answer(configFor('example.com')) }, mail: exampleMail })
  assert.equal((await world.find('it@example.com')).candidates[0]?.source, 'autoconfig')
})

test('an answer of 100 MB is cut off early', async (context) => {
  let sent = 0
  const world = await visit(context, {
    web: { 'autoconfig.example.com': (_request, response) => {
      const chunk = Buffer.alloc(65_536, 'x')
      const more = (): void => {
        while (sent < 100_000_000 && !response.destroyed) {
          sent += chunk.length
          if (!response.write(chunk)) return void response.once('drain', more)
        }
        response.end()
      }
      more()
    } },
    mail: exampleMail
  })
  const before = process.memoryUsage().rss
  const { notes } = await world.find('it@example.com')
  assert.match(notes.join('\n'), /larger than 256 KB and was cut off/)
  assert.ok(sent < 20_000_000, `${sent} bytes`)
  assert.ok(process.memoryUsage().rss - before < 60_000_000)
})

test('sources that never answer take seconds, not minutes; cancelling ends them at once', async (context) => {
  const world = await visit(context, { dns: { fail: ['_imaps._tcp.example.com'] }, web: { 'autoconfig.example.com': () => undefined }, mail: { ...exampleMail, 'mail.example.com:993': [{ silence: true }] } })
  const began = performance.now()
  const { notes, candidates } = await world.find('it@example.com')
  assert.ok(performance.now() - began < 12_000, `${performance.now() - began} ms`)
  assert.match(notes.join('\n'), /did not answer within 5 seconds/)
  assert.match(notes.join('\n'), /DNS did not answer for _imaps\._tcp\.example\.com/)
  assert.equal(candidates[0]?.title, 'A guess: IMAP at imap.example.com')
  const silent = await visit(context, { dns: { silent: ['example.com', '_imaps._tcp.example.com'] } })
  const again = performance.now()
  assert.equal((await problemOf(silent.find('it@example.com', false, AbortSignal.timeout(100)))).code, 'cancelled')
  assert.equal((await problemOf(world.find('it@example.com', false, AbortSignal.timeout(100)))).code, 'cancelled')
  assert.ok(performance.now() - again < 700)
})

test('offline nobody is asked', async (context) => {
  const world = await visit(context, {})
  const known = await world.find('it@gmx.de', true)
  assert.deepEqual(known.candidates.map(({ title }) => title), ['GMX by IMAP, by password', 'GMX by POP3, by password'])
  const unknown = await world.find('it@example.com', true)
  assert.deepEqual(unknown.candidates.map(summary), [['guess', 'A guess: IMAP at imap.example.com', 'not-tried', 'not-tried', []]])
  assert.deepEqual([world.asked(), world.questions()], [[], []])
  for (const broken of ['it@localhost', 'nobody', '@example.com', 'it@xn--\u0000']) assert.equal((await problemOf(world.find(broken, true))).code, 'no-setup-found', broken)
})
