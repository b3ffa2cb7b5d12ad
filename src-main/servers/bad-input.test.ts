import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { IncomingServerView, RoundResult } from '#contract/incoming-server.ts'
import type { ProblemCode } from '#contract/problem.ts'
import type { SetupAnswer } from '#contract/setup.ts'
import { serverSaid, wordsOf } from '#contract/problem-words.ts'
import { issue, testCertificates } from '../../testbed/certificates.ts'
import { assertHoldsNone, openConsoleUnderTest, type ConsoleUnderTest, type Use } from '../../testbed/console-under-test.ts'
import { startDnsServer } from '../../testbed/dns-server.ts'
import { startEntraAuthority, type EntraAuthority } from '../../testbed/entra-authority.ts'
import { applicationCertificate } from '../../testbed/entra-tokens.ts'
import { startEwsServer, type EwsServer } from '../../testbed/ews-server.ts'
import { closedPort } from '../../testbed/free-ports.ts'
import { startGmailServer, type GmailServer } from '../../testbed/gmail-server.ts'
import { startGoogleTokenEndpoint, type GoogleTokenEndpoint } from '../../testbed/google-token-endpoint.ts'
import { GraphError } from '../../testbed/graph-error.ts'
import { startGraphServer, type GraphServer } from '../../testbed/graph-server.ts'
import { startNamedHosts } from '../../testbed/named-hosts.ts'
import { always, echo, endless, startOddWebServer, type OddAnswer } from '../../testbed/odd-web-server.ts'
import { startScriptedServer, type ScriptMove } from '../../testbed/scripted-server.ts'
import { browse } from '../../testbed/sign-in-rig.ts'
import { startTestProxy } from '../../testbed/test-proxy.ts'

const certificates = testCertificates()
const password = 'canary-of~the/mailbox+password'
const clientSecret = 'canary~client.secret-of-the-application'
const proxyPassword = 'canary=of the proxy'
const seenTokens = new Set<string>()
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const pem = rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const locked = rsa.privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'a passphrase' }).toString()
const application = applicationCertificate()

type World = { console: ConsoleUnderTest; entra: EntraAuthority; google: GoogleTokenEndpoint; ews: EwsServer; graph: GraphServer; gmail: GmailServer }
let world: World
const ends: (() => Promise<void>)[] = []
const ending = <Started extends { stop(): Promise<void> }>(started: Started): Started => {
  ends.push(() => started.stop())
  return started
}
const odd = async (answer: OddAnswer, certificate = certificates.good): Promise<string> => {
  const listening: OddAnswer = (request, response) => {
    seenTokens.add(/^\S+ (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '')
    answer(request, response)
  }
  return ending(await startOddWebServer(listening, certificate)).url
}
const scripted = async (script: ScriptMove[]): Promise<string> => `127.0.0.1:${ending(await startScriptedServer(script)).port}`

before(async () => {
  // The set-up asks hosts for which no server names a CA.
  process.env.SSL_CERT_FILE = certificates.ca.certFile
  const entra = await startEntraAuthority({
    user: { account: 'helpdesk@example.com' },
    app: { roles: ['Mail.ReadWrite', 'Mail.Send'], certificates: [application.certificate], secrets: [{ value: clientSecret, expiresAt: Date.now() + 86_400_000 }, { value: 'canary~expired.secret', expiresAt: Date.now() - 1 }] }
  })
  const google = await startGoogleTokenEndpoint({ serviceAccount: { users: ['helpdesk@example.com', 'second@example.com'] } })
  const graph = ending(await startGraphServer({
    bearer: (token) => {
      seenTokens.add(token)
      const known = entra.tokenIs(token)
      return known === null ? null : known.appOnly ? { app: entra.app.clientId, user: '*', rights: known.scope } : { app: entra.app.clientId, user: known.account ?? '', rights: ['Mail.ReadWrite', 'Mail.Send'] }
    }
  }))
  const gmail = ending(await startGmailServer({
    bearer: (token) => {
      seenTokens.add(token)
      return google.tokenIs(token)
    }
  }))
  const ews = ending(await startEwsServer({ offers: ['Basic', 'NTLM'], passwordOf: (user) => (user.startsWith('healthy') || user.startsWith('helpdesk') ? password : null) }))
  const names = ending(await startNamedHosts({
    'autoconfig.page.example:443': Number(new URL(await odd(always(200, '<!doctype html><html>Welcome</html>'), named('page.example'))).port),
    'autoconfig.words.example:443': Number(new URL(await odd(always(200, 'IMAP is at mail.words.example'), named('words.example'))).port),
    'autoconfig.huge.example:443': Number(new URL(await odd(endless(200, '<clientConfig>', '<a>b</a>', 100_000_000, 'text/xml'), named('huge.example'))).port),
    'autoconfig.away.example:443': Number(new URL(await odd(always(302, '', { location: 'https://evil.example/config.xml' }), named('away.example'))).port),
    'autoconfig.foreign.example:443': Number(new URL(await odd(always(200, clientConfig('imap.evil.example')), named('foreign.example'))).port)
  }))
  const dns = ending(await startDnsServer({}))
  const opened = await openConsoleUnderTest({ HTTPS_PROXY: names.proxy, MAILROOM_DNS: dns.address })
  ends.push(() => entra.close(), () => google.close(), () => opened.stop())
  world = { console: opened, entra, google, ews, graph, gmail }
  await configure({ name: 'healthy', protocol: 'ews', endpoint: ews.url, auth: { method: 'ntlm', user: 'healthy@example.com' } }, { 'sign-in': password })
})
after(async () => {
  for (const end of ends.reverse()) await end()
})

const named = (domain: string) => issue(world_folder(), domain, { subject: domain, names: [domain, `autoconfig.${domain}`], issuer: certificates.ca })
const world_folder = (): string => join(certificates.ca.certFile, '..')
const clientConfig = (host: string): string => `<clientConfig version="1.1"><emailProvider id="x"><domain>foreign.example</domain><incomingServer type="imap"><hostname>${host}</hostname><port>993</port><socketType>SSL</socketType><username>%EMAILADDRESS%</username><authentication>password-cleartext</authentication></incomingServer></emailProvider></clientConfig>`

type Settings = { name: string; protocol: string; [field: string]: unknown }
type Secrets = Partial<Record<'sign-in' | 'proxy' | 'client-key', string>>

async function configure(settings: Settings, secrets: Secrets, kind: 'incoming' | 'outgoing' = 'incoming'): Promise<void> {
  const tls = { caFile: certificates.ca.certFile, ...(settings.tls as object | undefined) }
  const server = { ...settings, ...(kind === 'incoming' ? { push: false } : { replyTo: 'helpdesk@example.com' }), tls }
  await world.console.must('configuration.import', { yaml: JSON.stringify({ version: 1, [kind]: [server] }), replace: false })
  for (const [purpose, secret] of Object.entries(secrets)) await world.console.must('secret.set', { server: settings.name, purpose, secret })
}

const microsoft = (more: object = {}): object => ({ method: 'oauth2', provider: 'microsoft', flow: 'client-credentials', authority: world.entra.url, tenant: world.entra.tenant, clientId: world.entra.app.clientId, ...more })
const graphServer = (more: { auth?: object; [field: string]: unknown } = {}): object => ({ protocol: 'graph', endpoint: world.graph.url, mailbox: 'helpdesk@example.com', ...more, auth: microsoft(more.auth) })
const person = (more: object = {}): object => graphServer({ mailbox: '', auth: { flow: 'interactive', user: 'helpdesk@example.com', ...more } })
const gmailServer = (more: { auth?: object; [field: string]: unknown } = {}): object => ({ protocol: 'gmail', endpoint: world.gmail.url, ...more, auth: { method: 'service-account', account: world.google.serviceAccount.account, subject: 'helpdesk@example.com', tokenUrl: world.google.tokenUrl, ...more.auth } })
const ewsServer = (more: object = {}): object => ({ protocol: 'ews', endpoint: world.ews.url, auth: { method: 'password', user: 'helpdesk@example.com' }, ...more })
const key = (change: object = {}): string => JSON.stringify({ ...(JSON.parse(world.google.keyFile) as object), ...change })

type Row = {
  what: string
  server: () => object | Promise<object>
  secrets?: () => Secrets
  uses?: Use[]
  /** What is wrong with the world while the row runs, and how it is put right. */
  during?: () => (() => void) | void
  code: ProblemCode
  /** In title and next step. */
  words: RegExp
  said?: RegExp
}
const byApplication = (): Secrets => ({ 'sign-in': clientSecret })
const byPassword = (): Secrets => ({ 'sign-in': password })
const both: Use[] = ['test', 'fetch']

const rows: Row[] = [
  // The application and its tenant.
  { what: 'a wrong tenant', server: () => graphServer({ auth: { tenant: 'nowhere.example' } }), secrets: byApplication, code: 'tenant-unknown', words: /tenant nowhere\.example.*tenant id/is, said: /AADSTS90002/ },
  { what: 'a wrong client id', server: () => graphServer({ auth: { clientId: '00000000-0000-0000-0000-00000000dead' } }), secrets: byApplication, code: 'client-unknown', words: /00000000-0000-0000-0000-00000000dead.*client id/is, said: /AADSTS700016/ },
  { what: 'a wrong client secret', server: () => graphServer(), secrets: () => ({ 'sign-in': 'canary~wrong.secret-of-somebody' }), code: 'client-secret-wrong', words: /secret/i, said: /AADSTS7000215/ },
  { what: 'an expired client secret', server: () => graphServer(), secrets: () => ({ 'sign-in': 'canary~expired.secret' }), code: 'client-secret-expired', words: /expired.*new/is, said: /AADSTS7000222/ },
  { what: 'a wrong redirect URL', server: () => person({ redirectUrl: 'http://localhost/elsewhere' }), uses: ['sign-in'], code: 'redirect-url-refused', words: /http:\/\/localhost\/elsewhere.*regist/is, said: /AADSTS50011/ },
  { what: 'a wrong scope', server: () => person({ scope: [`${world.graph.url}/Mail.Wrong`, 'offline_access'] }), uses: ['sign-in'], code: 'scope-refused', words: /Mail\.Wrong.*scope/is, said: /AADSTS70011/ },
  { what: 'a scope of another resource for an application', server: () => graphServer({ auth: { scope: [`${world.graph.url}/Mail.Read`] } }), secrets: byApplication, code: 'scope-refused', words: /Mail\.Read/, said: /AADSTS1002012/ },
  { what: 'a right that was never granted', server: () => graphServer(), secrets: byApplication, during: () => without(world.entra.app, 'roles', ['User.Read.All']), code: 'mailbox-access-denied', words: /Application Mail\.ReadWrite is missing.*New-ManagementRoleAssignment/s },
  { what: 'the wrong cloud', server: () => graphServer(), secrets: byApplication, during: () => world.entra.fail('token', { code: 900382 }), code: 'wrong-cloud', words: /cloud/i, said: /AADSTS900382/ },
  { what: 'another account than that of the mailbox', server: () => person(), uses: ['sign-in'], during: () => without(world.entra.user, 'account', 'boss@example.com'), code: 'signed-in-as-another', words: /boss@example\.com.*helpdesk@example\.com.*nothing was stored/is },
  { what: 'a person who declines', server: () => person(), uses: ['sign-in'], during: () => without(world.entra.user, 'does', 'declines'), code: 'sign-in-declined', words: /declined|refused/i, said: /AADSTS65004/ },

  // Authorities that are none.
  { what: 'an authority that is a web page', server: async () => graphServer({ auth: { authority: await odd(always(200, '<html>Welcome</html>')) } }), secrets: byApplication, code: 'authority-unusable', words: /https:\/\/localhost.*sign-in host/is },
  { what: 'an authority that is not there (404)', server: async () => graphServer({ auth: { authority: await odd(always(404, 'no such page')) } }), secrets: byApplication, code: 'authority-unusable', words: /sign-in host/i, said: /404/ },
  { what: 'an authority that says back what it was told', server: async () => graphServer({ auth: { authority: world.entra.url, tokenUrl: `${await odd(echo(400, (text) => JSON.stringify({ error: 'invalid_client', error_description: `AADSTS7000215: ${text}` })))}/token` } }), secrets: byApplication, code: 'client-secret-wrong', words: /secret/i },
  { what: 'an authority that leads to a file', server: async () => graphServer({ auth: { authority: await odd(always(302, '', { location: 'file:///etc/passwd' })) } }), secrets: byApplication, code: 'authority-unusable', words: /sign-in host/i },
  { what: 'an authority with a token of 10 MB', server: async () => graphServer({ auth: { tokenUrl: `${await odd(always(200, JSON.stringify({ token_type: 'Bearer', expires_in: 3600, access_token: 'x'.repeat(10_000_000) }), { 'content-type': 'application/json' }))}/token` } }), secrets: byApplication, code: 'endpoint-wrong', words: /something else answers/i, said: /larger/ },
  { what: 'a token endpoint of Google that never ends', server: async () => gmailServer({ auth: { tokenUrl: `${await odd(endless(200, '{"access_token":"', 'x'))}/token` } }), secrets: () => ({ 'sign-in': key() }), code: 'endpoint-wrong', words: /something else answers/i, said: /larger/ },
  { what: 'an authority whose chain lacks a link', server: async () => graphServer({ auth: { authority: await odd(always(200), certificates.unlinked) } }), secrets: byApplication, code: 'certificate-chain-incomplete', words: /intermediate|chain/i },
  { what: 'an authority that is throttling for an hour', server: async () => graphServer({ auth: { authority: world.entra.url, tokenUrl: `${await odd(always(429, '{"error":"temporarily_unavailable"}', { 'content-type': 'application/json', 'retry-after': '3600' }))}/token` } }), secrets: byApplication, code: 'delayed-by-provider', words: /delayed by the provider until/ },

  // Endpoints that are none.
  { what: 'an endpoint of Graph that is a web page', server: async () => graphServer({ endpoint: await odd(always(200, '<html>Welcome</html>')), auth: { scope: [`${world.graph.url}/.default`] } }), secrets: byApplication, code: 'endpoint-wrong', words: /something else answers/i, said: /Welcome/ },
  { what: 'an endpoint of Graph that is not there (404)', server: async () => graphServer({ endpoint: await odd(always(404, '<html>no such page</html>')) }), secrets: byApplication, code: 'endpoint-wrong', words: /something else answers/i, said: /404/ },
  { what: 'an endpoint of Graph that is another service', server: () => graphServer({ endpoint: world.ews.url.replace('/EWS/Exchange.asmx', '') }), secrets: byApplication, code: 'endpoint-wrong', words: /something else answers/i },
  { what: 'an endpoint of Graph that says back what it was told', server: async () => graphServer({ endpoint: await odd(echo(200)) }), secrets: byApplication, code: 'endpoint-wrong', words: /something else answers/i },
  { what: 'an endpoint of Graph that refuses and says back what it was told', server: async () => graphServer({ endpoint: await odd(echo(403, (text) => JSON.stringify({ error: { code: 'Forbidden', message: text } }))) }), secrets: byApplication, uses: ['fetch'], code: 'mailbox-access-denied', words: /grant/i },
  { what: 'an endpoint of Graph that redirects', server: async () => graphServer({ endpoint: await odd(always(302, '', { location: 'https://evil.example/' })) }), secrets: byApplication, code: 'endpoint-wrong', words: /something else answers/i, said: /302/ },
  { what: 'JSON of Graph without end', server: async () => graphServer({ endpoint: await odd(endless(200, '{"value":[', '{},')) }), secrets: byApplication, code: 'endpoint-wrong', words: /something else answers/i },
  { what: 'JSON of Graph nested a million deep', server: async () => graphServer({ endpoint: await odd(always(200, `{"value":${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}}`, { 'content-type': 'application/json' })) }), secrets: byApplication, code: 'endpoint-wrong', words: /something else answers/i },
  { what: 'an error of Graph nested a million deep', server: async () => graphServer({ endpoint: await odd(always(400, `{"error":${'{"error":'.repeat(5_000)}1${'}'.repeat(5_001)}`, { 'content-type': 'application/json' })) }), secrets: byApplication, code: 'endpoint-wrong', words: /something else answers/i },
  { what: 'an endpoint of EWS that is a web page', server: async () => ewsServer({ endpoint: `${await odd(always(200, '<html><title>Intranet</title></html>'))}/EWS/Exchange.asmx` }), secrets: byPassword, code: 'endpoint-wrong', words: /something else answers/i, said: /Intranet/ },
  { what: 'an endpoint of EWS that is not there (404)', server: () => ewsServer({ endpoint: world.ews.url.replace('EWS', 'EWZ') }), secrets: byPassword, code: 'endpoint-wrong', words: /something else answers/i, said: /404/ },
  { what: 'an endpoint of EWS that is the web mail', server: () => ewsServer({ endpoint: world.ews.url.replace('EWS/Exchange.asmx', 'owa/') }), secrets: byPassword, code: 'endpoint-wrong', words: /something else answers/i },
  { what: 'an endpoint of EWS that says back what it was told', server: async () => ewsServer({ endpoint: `${await odd(echo(200))}/EWS/Exchange.asmx` }), secrets: byPassword, code: 'endpoint-wrong', words: /something else answers/i },
  { what: 'an endpoint of EWS that fails and says back what it was told', server: async () => ewsServer({ endpoint: `${await odd(echo(500))}/EWS/Exchange.asmx` }), secrets: byPassword, uses: ['fetch'], code: 'provider-refused', words: /Read the answer/i },
  { what: 'an answer of EWS with entities that grow', server: async () => ewsServer({ endpoint: `${await odd(always(200, `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">${Array.from({ length: 9 }, (_none, at) => `<!ENTITY ${'bcdefghij'[at] ?? ''} "${`&${'abcdefghi'[at] ?? ''};`.repeat(10)}">`).join('')}]><x>&j;</x>`, { 'content-type': 'text/xml' }))}/EWS/Exchange.asmx` }), secrets: byPassword, code: 'endpoint-wrong', words: /something else answers/i },
  { what: 'an answer of EWS without end', server: async () => ewsServer({ endpoint: `${await odd(endless(200, '<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>', '<a>b</a>', 200_000_000, 'text/xml'))}/EWS/Exchange.asmx` }), secrets: byPassword, code: 'endpoint-wrong', words: /something else answers/i, said: /larger|long/ },
  { what: 'an endpoint of Gmail that is a web page', server: async () => gmailServer({ endpoint: await odd(always(200, '<html>Welcome</html>')) }), secrets: () => ({ 'sign-in': key() }), code: 'endpoint-wrong', words: /something else answers/i },
  { what: 'an endpoint of Gmail that says back what it was told', server: async () => gmailServer({ endpoint: await odd(echo(404)) }), secrets: () => ({ 'sign-in': key() }), code: 'endpoint-wrong', words: /something else answers/i },
  { what: 'a header of a megabyte', server: async () => ewsServer({ endpoint: `${await odd((_request, response) => void response.writeHead(200, { 'x-large': 'x'.repeat(1_000_000) }).end())}/EWS/Exchange.asmx` }), secrets: byPassword, code: 'not-a-mail-server', words: /does not speak HTTP/i },

  // Keys that are none.
  { what: 'a key file that is no key', server: () => gmailServer(), secrets: () => ({ 'sign-in': 'canary: not a key at all' }), code: 'key-file-unusable', words: /neither a JSON key file nor a PEM.*JSON key file/is },
  { what: 'a key file without a key', server: () => gmailServer(), secrets: () => ({ 'sign-in': key({ private_key: undefined }) }), code: 'key-file-unusable', words: /no private_key/ },
  { what: 'half a key file', server: () => gmailServer(), secrets: () => ({ 'sign-in': key().slice(0, 700) }), code: 'key-file-unusable', words: /no JSON/ },
  { what: 'the file of an OAuth client', server: () => gmailServer(), secrets: () => ({ 'sign-in': '{"installed":{"client_id":"x","client_secret":"canary-of-the-client"}}' }), code: 'key-file-unusable', words: /OAuth client/ },
  { what: 'an encrypted key', server: () => gmailServer(), secrets: () => ({ 'sign-in': locked }), code: 'key-file-unusable', words: /encrypted.*without a passphrase/is },
  { what: 'a certificate in place of a key', server: () => gmailServer(), secrets: () => ({ 'sign-in': certificates.good.cert }), code: 'key-file-unusable', words: /cannot be read|no private key/ },
  { what: 'a key of another kind', server: () => gmailServer(), secrets: () => ({ 'sign-in': certificates.good.key }), code: 'key-file-unusable', words: /no RSA key/ },
  { what: 'the key of another service account', server: () => gmailServer(), secrets: () => ({ 'sign-in': key({ client_email: 'other@project.iam.gserviceaccount.com' }) }), code: 'key-file-unusable', words: /other@project/ },
  { what: 'a key that Google does not know', server: () => gmailServer(), secrets: () => ({ 'sign-in': key({ private_key: pem }) }), code: 'key-file-unusable', words: /does not know it/ },
  { what: 'a certificate for Entra without its key', server: () => graphServer(), secrets: () => ({ 'sign-in': application.certificate }), code: 'key-file-unusable', words: /no private key/ },
  { what: 'a certificate for Entra with the key of another', server: () => graphServer(), secrets: () => ({ 'sign-in': application.certificate + pem }), code: 'key-file-unusable', words: /does not belong/ },
  { what: 'a certificate for Entra with an encrypted key', server: () => graphServer(), secrets: () => ({ 'sign-in': application.certificate + locked }), code: 'key-file-unusable', words: /encrypted/ },
  { what: 'a client certificate that is no certificate', server: () => ewsServer({ tls: { clientCertFile: certificates.client.keyFile, clientKeyFile: certificates.client.keyFile } }), secrets: byPassword, code: 'client-certificate-unusable', words: /certificate/i },
  { what: 'a CA file that is a key', server: () => ewsServer({ tls: { caFile: certificates.good.keyFile } }), secrets: byPassword, code: 'ca-file-unusable', words: /no certificate in PEM form/i },

  // Proxies, for mail and for tokens.
  ...(['mail', 'tokens'] as const).flatMap((traffic): Row[] => {
    const through = (proxy: string): object => (traffic === 'mail' ? ewsServer({ proxy }) : graphServer({ proxy }))
    const secrets = (more: Secrets = {}): Secrets => ({ 'sign-in': traffic === 'mail' ? password : clientSecret, ...more })
    const lying = async (kind: 'http' | 'socks5'): Promise<string> => ending(await startTestProxy(kind, false, Number(new URL(await odd(always(200), certificates.selfSigned)).port))).url
    return [
      { what: `a proxy for ${traffic} that refuses`, server: async () => through(ending(await startTestProxy('http', true)).url), secrets, code: 'proxy-failed', words: /proxy 127\.0\.0\.1:\d+ did not open.*allows/is, said: /403 Forbidden by policy/ },
      { what: `a SOCKS proxy for ${traffic} that refuses`, server: async () => through(ending(await startTestProxy('socks5', true)).url), secrets, code: 'proxy-failed', words: /proxy 127\.0\.0\.1:\d+/, said: /./ },
      { what: `a proxy for ${traffic} that asks for credentials`, server: async () => through(`http://${await scripted([{ expect: /^$/ }, { line: 'HTTP/1.1 407 Proxy Authentication Required' }, { line: 'Proxy-Authenticate: Basic realm="x"' }, { line: '' }])}`), secrets, code: 'proxy-asks-for-credentials', words: /asks for a user name and password.*enter the password of the proxy/is, said: /407/ },
      { what: `a proxy for ${traffic} that refuses these credentials`, server: async () => through(`http://ann@${await scripted([{ expect: /^$/ }, { line: 'HTTP/1.1 407 Proxy Authentication Required' }, { line: '' }])}`), secrets: () => secrets({ proxy: proxyPassword }), code: 'proxy-asks-for-credentials', words: /proxy/i, said: /407/ },
      { what: `a proxy for ${traffic} without its password`, server: () => through('http://ann@127.0.0.1:3128'), secrets, code: 'proxy-secret-missing', words: /password of the proxy.*mailroom secret set/is },
      { what: `a proxy for ${traffic} that shows its own certificate`, server: async () => through(await lying('http')), secrets, code: 'certificate-self-signed', words: /self-signed|signed by itself/i },
      { what: `a SOCKS proxy for ${traffic} that shows its own certificate`, server: async () => through(await lying('socks5')), secrets, code: 'certificate-self-signed', words: /self-signed|signed by itself/i },
      { what: `a proxy for ${traffic} that is a mail server`, server: async () => through(`http://${await scripted([{ line: '220 mail.example.com ESMTP' }])}`), secrets, code: 'not-a-proxy', words: /not the proxy.*http:\/\/ for CONNECT/is, said: /220 mail/ },
      { what: `a proxy for ${traffic} that is a web server`, server: async () => through(`http://${await scripted([{ expect: /^$/ }, { send: 'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 13\r\n\r\n<html></html>' }])}`), secrets, code: 'not-a-proxy', words: /not the proxy/i },
      { what: `a proxy for ${traffic} that nobody listens at`, server: async () => through(`http://127.0.0.1:${await closedPort()}`), secrets, code: 'proxy-failed', words: /proxy 127\.0\.0\.1:\d+/ }
    ]
  }),

  // Certificates and clocks.
  { what: 'a chain that lacks a link', server: async () => ewsServer({ endpoint: `${await odd(always(200), certificates.unlinked)}/EWS/Exchange.asmx` }), secrets: byPassword, code: 'certificate-chain-incomplete', words: /intermediate|chain/i },
  { what: 'a certificate of nobody', server: async () => ewsServer({ endpoint: `${await odd(always(200), certificates.unknownIssuer)}/EWS/Exchange.asmx` }), secrets: byPassword, code: 'certificate-untrusted', words: /CA file|authority|issuer/i },
  { what: 'a clock behind that of Google', server: () => gmailServer(), secrets: () => ({ 'sign-in': key() }), during: () => without(world.google.settings, 'clockAheadMs', 4_500_000), code: 'clock-wrong', words: /75 minutes behind.*network time/is, said: /iat and exp/ },
  { what: 'a clock ahead of that of Google', server: () => gmailServer(), secrets: () => ({ 'sign-in': key() }), during: () => without(world.google.settings, 'clockAheadMs', -600_000), code: 'clock-wrong', words: /10 minutes ahead/, said: /iat and exp/ },
  { what: 'a clock behind that of Entra', server: () => graphServer(), secrets: () => ({ 'sign-in': application.certificate + application.key }), during: () => without(world.entra.settings, 'clockAheadMs', 1_200_000), code: 'clock-wrong', words: /20 minutes behind/, said: /AADSTS700024/ },
  { what: 'a clock ahead of that of Entra', server: () => graphServer(), secrets: () => ({ 'sign-in': application.certificate + application.key }), during: () => without(world.entra.settings, 'clockAheadMs', -600_000), code: 'clock-wrong', words: /10 minutes ahead/, said: /AADSTS700024/ },

  { what: 'a wrong password', server: () => ewsServer(), secrets: () => ({ 'sign-in': 'canary-wrong-password' }), code: 'credentials-refused', words: /helpdesk@example\.com.*password/is, said: /401/ },
  { what: 'a mailbox that is not there', server: () => graphServer({ mailbox: 'nobody@example.com' }), secrets: byApplication, during: () => (world.graph.unknown.add('nobody@example.com'), () => world.graph.unknown.clear()), code: 'mailbox-not-found', words: /nobody@example\.com.*licen/is, said: /ErrorInvalidUser/ },

  // Providers that want to be left alone.
  {
    what: 'Graph that throttles for an hour', server: () => graphServer(), secrets: byApplication, code: 'delayed-by-provider', words: /delayed by the provider until/, said: /429/,
    during: () => without(world.graph, 'chaos', () => new GraphError(429, 'ApplicationThrottled', 'Application is over its MailboxConcurrency limit.', { 'retry-after': '3600' }))
  },
  {
    what: 'Exchange that throttles for an hour', server: () => ewsServer(), secrets: byPassword, code: 'delayed-by-provider', words: /delayed by the provider until/, said: /cannot service this request/,
    during: () => {
      world.ews.setFault(() => ({ fault: 'ErrorServerBusy', text: 'The server cannot service this request right now. Try again later.', backOffMs: 3_600_000 }))
      return () => world.ews.setFault(null)
    }
  },
  {
    what: 'Gmail that throttles for an hour', server: () => gmailServer(), secrets: () => ({ 'sign-in': key() }), code: 'delayed-by-provider', words: /delayed by the provider until/, said: /User-rate limit/,
    during: () => {
      const body = JSON.stringify({ error: { code: 429, message: `User-rate limit exceeded.  Retry after ${new Date(Date.now() + 3_600_000).toISOString()}`, errors: [{ domain: 'global', reason: 'rateLimitExceeded', message: 'x' }] } })
      world.gmail.faults.push({ method: /./, times: 50, answer: { status: 429, body } })
      return () => void (world.gmail.faults.length = 0)
    }
  }
]

/** Changes one thing of the world; the result puts it back. */
function without<Of extends object, Name extends keyof Of>(of: Of, name: Name, value: Of[Name]): () => void {
  const was = of[name]
  of[name] = value
  return () => void (of[name] = was)
}

let delivered = 0
/** A mail for the server that is well, and a round that must bring it. */
async function theOthersGoOn(): Promise<void> {
  delivered++
  world.ews.store('healthy@example.com').deliver(Buffer.from(`From: ann@example.org\r\nTo: healthy@example.com\r\nMessage-ID: <healthy-${delivered}@example.org>\r\nSubject: ${delivered}\r\nDate: Sat, 21 Nov 2026 08:00:00 +0000\r\n\r\ntext\r\n`))
  const { fetched, problem } = await world.console.must<RoundResult>('incoming.fetch', { name: 'healthy', workId: `healthy-round-${delivered}` })
  assert.deepEqual([fetched, problem], [1, null])
}

const allSecrets = (more: Secrets): string[] => [password, clientSecret, proxyPassword, application.key, pem, ...seenTokens, ...world.entra.refreshTokens, ...Object.values(more), ...world.google.tokenRequests.map((form) => form.get('assertion') ?? ''), ...world.entra.tokenRequests.map((form) => form.get('client_assertion') ?? '')].filter((secret) => secret.length > 8)

for (const [index, { what, server, secrets = () => ({}), uses = both, during = () => undefined, code, words, said }] of rows.entries()) {
  test(`${what}: ${code}`, { timeout: 60_000 }, async () => {
    const name = `row-${index}`
    await configure({ ...(await server()), name } as Settings, secrets())
    world.console.browser((step) => void browse(step))
    const before = await world.console.everything()
    const isEws = /Exchange that throttles/.test(what)
    const putRight = during()
    try {
      for (const use of uses) {
        const [problem] = await Promise.all([world.console.problemOf(use, name), isEws ? null : theOthersGoOn()])
        assert.equal(problem?.code, code, `${use}: ${JSON.stringify(problem)}`)
        const { title, advice } = wordsOf(problem)
        assert.match(`${title} ${advice}`, words)
        assert.ok(advice.length > 10 && title.length < 300, `${title} ${advice}`)
        if (said !== undefined) assert.match(serverSaid(problem) ?? '', said)
        assertHoldsNone(JSON.stringify([problem, title, advice]), allSecrets(secrets()), 'The problem')
      }
      const { lines } = await world.console.must<{ lines: string[] }>('incoming.transcript', { name })
      assertHoldsNone(lines.join('\n'), allSecrets(secrets()), 'The transcript')
      assert.equal(await world.console.everything(), before)
    } finally {
      putRight?.()
      world.console.browser(() => undefined)
    }
    await theOthersGoOn()
    await world.console.must('incoming.delete', { name, reason: null })
  })
}

// Assertions are good for longer than that, so that nothing is wrong with it.
for (const [what, server, secret, settings] of [['Google', gmailServer, () => key(), () => world.google.settings], ['Entra', graphServer, () => application.certificate + application.key, () => world.entra.settings]] as const) {
  test(`a clock ten minutes behind that of ${what} fetches all the same`, async () => {
    // The throttled mailbox of the rows above has to wait.
    const other = what === 'Google' ? { auth: { subject: 'second@example.com' } } : { mailbox: 'second@example.com' }
    await configure({ ...server(other), name: 'slow-clock' } as Settings, { 'sign-in': secret() })
    const putRight = without(settings(), 'clockAheadMs', 600_000)
    assert.deepEqual([await world.console.problemOf('test', 'slow-clock'), await world.console.problemOf('fetch', 'slow-clock')], [null, null])
    putRight()
    await world.console.must('incoming.delete', { name: 'slow-clock', reason: null })
  })
}

const sending: Row[] = [
  { what: 'a wrong client secret', server: () => graphServer(), secrets: () => ({ 'sign-in': 'canary~wrong.secret-of-somebody' }), code: 'client-secret-wrong', words: /secret/i, said: /AADSTS7000215/ },
  { what: 'a wrong tenant', server: () => graphServer({ auth: { tenant: 'nowhere.example' } }), secrets: byApplication, code: 'tenant-unknown', words: /nowhere\.example/ },
  { what: 'a key file that is no key', server: () => ({ ...gmailServer(), protocol: 'google' }), secrets: () => ({ 'sign-in': 'canary: not a key at all' }), code: 'key-file-unusable', words: /neither a JSON key file nor a PEM/ },
  { what: 'an endpoint of Gmail that says back what it was told', server: async () => ({ ...gmailServer({ endpoint: await odd(echo(404)) }), protocol: 'google' }), secrets: () => ({ 'sign-in': key() }), code: 'endpoint-wrong', words: /something else answers/i },
  { what: 'an endpoint of EWS that says back what it was told', server: async () => ewsServer({ endpoint: `${await odd(echo(200))}/EWS/Exchange.asmx` }), secrets: byPassword, code: 'endpoint-wrong', words: /something else answers/i },
  { what: 'a proxy that refuses', server: async () => ewsServer({ auth: { method: 'password', user: 'second@example.com' }, proxy: ending(await startTestProxy('http', true)).url }), secrets: byPassword, code: 'proxy-failed', words: /did not open/, said: /403 Forbidden by policy/ },
  { what: 'a proxy that shows its own certificate', server: async () => graphServer({ proxy: ending(await startTestProxy('socks5', false, Number(new URL(await odd(always(200), certificates.selfSigned)).port))).url }), secrets: byApplication, code: 'certificate-self-signed', words: /self-signed|signed by itself/i },
  {
    what: 'Graph that throttles for an hour', server: () => graphServer({ mailbox: 'sender@example.com' }), secrets: byApplication, code: 'delayed-by-provider', words: /delayed by the provider until/, said: /429/,
    during: () => without(world.graph, 'chaos', () => new GraphError(429, 'ApplicationThrottled', 'Application is over its MailboxConcurrency limit.', { 'retry-after': '3600' }))
  }
]
for (const [index, { what, server, secrets = () => ({}), during = () => undefined, code, words, said }] of sending.entries()) {
  test(`sending, ${what}: ${code}`, { timeout: 60_000 }, async () => {
    const name = `sender-${index}`
    await configure({ ...(await server()), name } as Settings, secrets(), 'outgoing')
    const before = await world.console.everything()
    const putRight = during()
    try {
      for (const use of ['outgoing-test', 'send'] as const) {
        const [problem] = await Promise.all([world.console.problemOf(use, name), theOthersGoOn()])
        assert.equal(problem?.code, code, `${use}: ${JSON.stringify(problem)}`)
        assert.match(`${wordsOf(problem).title} ${wordsOf(problem).advice}`, words)
        if (said !== undefined) assert.match(serverSaid(problem) ?? '', said)
        assertHoldsNone(JSON.stringify(problem), allSecrets(secrets()), 'The problem')
      }
      assert.equal(await world.console.everything(), before)
    } finally {
      putRight?.()
    }
    await world.console.must('outgoing.delete', { name, reason: null })
  })
}

type Refused = { what: string; yaml: string; issue: RegExp }
const graphYaml = (more: string, auth = ''): string => `version: 1\nincoming:\n  - { name: fine, protocol: imap, host: mail.example.com, auth: { method: password, user: a } }\n  - { name: bad, protocol: graph, ${more} auth: { method: oauth2, provider: microsoft, flow: client-credentials, tenant: t, clientId: c${auth} } }\n`
const refused: Refused[] = [
  { what: 'an authority without https', yaml: graphYaml('', ', authority: "http://login.example.com"'), issue: /authority.*https:\/\//s },
  { what: 'an authority that is a file', yaml: graphYaml('', ', authority: "file:///etc/passwd"'), issue: /authority.*https:\/\//s },
  { what: 'a redirect URL elsewhere', yaml: graphYaml('', ', redirectUrl: "http://evil.example/"'), issue: /redirectUrl.*localhost/s },
  { what: 'an endpoint with a password', yaml: graphYaml('endpoint: "https://ann:canary@graph.example.com",'), issue: /endpoint.*without user name/s },
  { what: 'a proxy with a password', yaml: graphYaml('proxy: "http://ann:canary@proxy.example:3128",'), issue: /proxy.*without a password/s },
  { what: 'a proxy of another kind', yaml: graphYaml('proxy: "https://proxy.example:3128",'), issue: /proxy.*socks5/s },
  { what: 'a proxy with a port that is none', yaml: graphYaml('proxy: "http://proxy.example:99999",'), issue: /proxy.*port/is },
  { what: 'a client secret in the file', yaml: graphYaml('', ', secret: canary-in-the-file'), issue: /secret.*does not belong here/s },
  { what: 'a provider that does not fit', yaml: graphYaml('', '').replace('provider: microsoft', 'provider: google'), issue: /tokens of Microsoft only/ },
  { what: 'no tenant', yaml: graphYaml('').replace('tenant: t, ', ''), issue: /tenant/ }
]
for (const { what, yaml, issue: wanted } of refused) {
  test(`an import with ${what} names line and field, and changes nothing`, async () => {
    const before = await world.console.everything()
    const answer = await world.console.ask('configuration.import', { yaml, replace: true })
    assert.ok(!answer.ok && answer.problem.code === 'invalid-configuration', JSON.stringify(answer))
    assert.match(JSON.stringify(answer.problem.issues), wanted)
    assert.ok(answer.problem.issues.every(({ line }) => line === 4), JSON.stringify(answer.problem.issues))
    assertHoldsNone(JSON.stringify([answer.problem, wordsOf(answer.problem)]), ['canary'], 'The problem')
    assert.equal(await world.console.everything(), before)
  })
}

const setups: [what: string, address: string, note: RegExp][] = [
  ['is a web page', 'it@page.example', /autoconfig\.page\.example.* is a web page/],
  ['is not XML', 'it@words.example', /autoconfig\.words\.example.* is not XML/],
  ['is 100 MB', 'it@huge.example', /autoconfig\.huge\.example.* larger than 256 KB/],
  ['leads to another domain', 'it@away.example', /leads on to https:\/\/evil\.example and was not followed/]
]
for (const [what, address, note] of setups) {
  test(`an autoconfig answer that ${what} is told and changes nothing`, { timeout: 60_000 }, async () => {
    const before = await world.console.everything()
    const answer = await world.console.ask('setup.find', { address, workId: `setup-${address}` })
    assert.ok(answer.ok || answer.problem.code === 'no-setup-found', JSON.stringify(answer))
    assert.match(JSON.stringify(answer), note)
    assert.equal(await world.console.everything(), before)
  })
}

test('an autoconfig answer that points to another domain asks for the user’s word', { timeout: 60_000 }, async () => {
  const { candidates } = await world.console.must<SetupAnswer>('setup.find', { address: 'it@foreign.example', workId: 'setup-foreign' })
  assert.deepEqual(candidates.map(({ incoming, unconfirmedHosts }) => [incoming.host, unconfirmedHosts]), [['imap.evil.example', ['imap.evil.example']]])
})

test('a person whose sign-in is good keeps it when another account signs in by mistake', async () => {
  await configure({ ...person(), name: 'kept' } as Settings, {})
  const problemShown = async () => (await world.console.must<IncomingServerView[]>('incoming.list', {})).find(({ server }) => server.name === 'kept')?.state.problem?.code
  assert.equal((await world.console.problemOf('fetch', 'kept'))?.code, 'sign-in-needed')
  assert.equal(await problemShown(), 'sign-in-needed')
  world.console.browser((step) => void browse(step))
  assert.equal(await world.console.problemOf('sign-in', 'kept'), null)
  assert.equal(await problemShown(), undefined)
  const before = await world.console.everything()
  const putRight = without(world.entra.user, 'account', 'boss@example.com')
  assert.equal((await world.console.problemOf('sign-in', 'kept'))?.code, 'signed-in-as-another')
  putRight()
  assert.equal(await world.console.everything(), before)
  await world.console.must('incoming.delete', { name: 'kept', reason: null })
})

test('no secret of the rows above is in the clear in the data folder', () => {
  assert.deepEqual(world.console.filesWith(allSecrets({})), [])
})
