import { testCertificates, type TestCertificate } from '../../../testbed/certificates.ts'
import { dovecotMissing, startDovecot } from '../../../testbed/dovecot.ts'
import { transportNeeds } from '../../../testbed/transport-needs.ts'
import type { ScriptMove } from '../../../testbed/scripted-server.ts'
import { incomingTransportPromises, mail, type PromiseGround } from '../incoming-transport-promises.ts'
import { createImapTransport } from './imap-transport.ts'

const skip = dovecotMissing() ?? false

for (const security of ['none', 'starttls', 'tls'] as const) incomingTransportPromises(`IMAP on Dovecot, ${security}`, { protocol: 'imap', security, skip }, dovecotGround)

async function dovecotGround(): Promise<PromiseGround> {
  const dovecot = await startDovecot()
  return {
    ports: { plain: dovecot.ports.imap, tls: dovecot.ports.imaps },
    secret: dovecot.password,
    caFile: testCertificates().ca.certFile,
    createTransport: (limits) => createImapTransport(transportNeeds(limits)),
    deliver: (user, raw) => void dovecot.deliver(user, raw),
    stored: (user, folder) => dovecot.mailbox(user, folder).messages(),
    denyFolder: (user, folder) => {
      dovecot.deliver(user, mail('inside'), { folder })
      dovecot.mailbox(user, folder).deny()
    },
    startTlsScript,
    stop: () => dovecot.stop()
  }
}

function startTlsScript(certificate: TestCertificate | null): ScriptMove[] {
  const offered = certificate === null ? 'IMAP4rev1 AUTH=PLAIN' : 'IMAP4rev1 STARTTLS LOGINDISABLED'
  const capability: ScriptMove[] = [{ expect: /CAPABILITY/ }, { line: `* CAPABILITY ${offered}` }, { line: '${tag} OK done' }]
  const begin: ScriptMove[] = [{ line: '* OK ready' }, ...capability]
  return certificate === null ? [...begin, { silence: true }] : [...begin, { expect: /STARTTLS/ }, { line: '${tag} OK go' }, { startTls: certificate }, { silence: true }]
}
