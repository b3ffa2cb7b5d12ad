import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SMTPServer } from 'smtp-server'
import { issue, testCertificates } from './certificates.ts'
import { startDnsServer } from './dns-server.ts'
import { startDovecot, type Dovecot } from './dovecot.ts'
import { startNamedHosts } from './named-hosts.ts'

export type AddressWorld = {
  /** For a console that is to live in this world. */
  env: Record<string, string>
  dovecot: Dovecot
  /** Mail that the SMTP server took, with whoever had signed in. */
  sent: { user: string; raw: string }[]
  /** Every question to DNS, and every place that a connection was asked for. */
  asked(): string[]
  stop(): Promise<void>
}

const configuration = (host: string): string =>
  `<?xml version="1.0"?><clientConfig version="1.1"><emailProvider id="world"><displayName>Mail of the world</displayName>
<incomingServer type="imap"><hostname>imap.${host}</hostname><port>993</port><socketType>SSL</socketType><username>%EMAILADDRESS%</username><authentication>password-cleartext</authentication></incomingServer>
<outgoingServer type="smtp"><hostname>smtp.${host}</hostname><port>465</port><socketType>SSL</socketType><username>%EMAILADDRESS%</username><authentication>password-cleartext</authentication></outgoingServer>
</emailProvider></clientConfig>`

/**
 * Domains whose addresses lead to Dovecot and an SMTP server on loopback: office.test by autoconfig, branch.test by SRV records, firm.test by an
 * autoconfig that names hosts of hoster.test. Anything else does not exist.
 */
export async function startAddressWorld(): Promise<AddressWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'mailroom-addresses-'))
  const names = ['localhost', 'autoconfig.office.test', 'autoconfig.firm.test', ...['office.test', 'branch.test', 'hoster.test'].flatMap((domain) => [`imap.${domain}`, `smtp.${domain}`])]
  const certificate = issue(folder, 'world', { subject: 'world', names, issuer: testCertificates().ca })
  const dovecot = await startDovecot({ certificate })
  const smtp = await startSmtp(certificate, dovecot.password)
  const configurations: Record<string, string | undefined> = { 'autoconfig.office.test': configuration('office.test'), 'autoconfig.firm.test': configuration('hoster.test') }
  const web = createServer({ cert: certificate.cert, key: certificate.key }, ({ headers }, response) => {
    const found = configurations[headers.host ?? '']
    response.writeHead(found === undefined ? 404 : 200, { 'content-type': 'text/xml' }).end(found)
  }).listen(0, 'localhost')
  await once(web, 'listening')
  const webPort = (web.address() as AddressInfo).port
  const hosts = await startNamedHosts({
    ...Object.fromEntries(Object.keys(configurations).map((host) => [`${host}:443`, webPort])),
    ...Object.fromEntries(['office.test', 'branch.test', 'hoster.test'].flatMap((domain) => [[`imap.${domain}:993`, dovecot.ports.imaps], [`smtp.${domain}:465`, smtp.port]]))
  })
  const dns = await startDnsServer({ srv: { '_imaps._tcp.branch.test': [{ name: 'imap.branch.test', port: 993 }], '_submissions._tcp.branch.test': [{ name: 'smtp.branch.test', port: 465 }] } })
  return {
    env: { HTTPS_PROXY: hosts.proxy, MAILROOM_DNS: dns.address, NODE_EXTRA_CA_CERTS: testCertificates().ca.certFile },
    dovecot, sent: smtp.sent,
    asked: () => [...dns.asked, ...hosts.asked],
    async stop() {
      await Promise.all([dns.stop(), hosts.stop(), dovecot.stop(), smtp.stop()])
      web.closeAllConnections()
      web.close()
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

async function startSmtp({ cert, key }: { cert: string; key: string }, password: string): Promise<{ port: number; sent: AddressWorld['sent']; stop(): Promise<void> }> {
  const sent: AddressWorld['sent'] = []
  const server = new SMTPServer({
    logger: false, secure: true, cert, key, authMethods: ['PLAIN', 'LOGIN'],
    onAuth: (auth, _session, done) => (auth.password === password ? done(null, { user: auth.username ?? '' }) : done(Object.assign(new Error('5.7.8 Authentication failed'), { responseCode: 535 }))),
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => (sent.push({ user: String(session.user), raw: Buffer.concat(chunks).toString() }), done()))
    }
  })
  // A client that goes away in the middle is no concern of the tests.
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { port: (server.server.address() as AddressInfo).port, sent, stop: () => new Promise((resolve) => server.close(resolve)) }
}
