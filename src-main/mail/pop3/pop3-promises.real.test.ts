import { testCertificates, type TestCertificate } from '../../../testbed/certificates.ts'
import { dovecotMissing, startDovecot } from '../../../testbed/dovecot.ts'
import { transportNeeds } from '../../../testbed/transport-needs.ts'
import type { ScriptMove } from '../../../testbed/scripted-server.ts'
import { incomingTransportPromises, type PromiseGround } from '../incoming-transport-promises.ts'
import { createPop3Transport } from './pop3-transport.ts'

const skip = dovecotMissing() ?? false

for (const security of ['none', 'starttls', 'tls'] as const) incomingTransportPromises(`POP3 on Dovecot, ${security}`, { protocol: 'pop3', security, skip }, dovecotGround)

async function dovecotGround(): Promise<PromiseGround> {
  const dovecot = await startDovecot()
  return {
    ports: { plain: dovecot.ports.pop3, tls: dovecot.ports.pop3s },
    secret: dovecot.password,
    caFile: testCertificates().ca.certFile,
    createTransport: (limits) => createPop3Transport(transportNeeds(limits)),
    deliver: (user, raw) => void dovecot.deliver(user, raw),
    stored: (user, folder) => dovecot.mailbox(user, folder).messages(),
    startTlsScript,
    stop: () => dovecot.stop()
  }
}

function startTlsScript(certificate: TestCertificate | null): ScriptMove[] {
  const capabilities: ScriptMove[] = [{ line: '+OK ready' }, { expect: /^CAPA/ }, { send: certificate === null ? '+OK\r\nUSER\r\n.\r\n' : '+OK\r\nSTLS\r\n.\r\n' }, { expect: /^STLS/ }]
  return certificate === null ? [...capabilities, { line: '-ERR unknown command' }, { silence: true }] : [...capabilities, { line: '+OK go' }, { startTls: certificate }, { silence: true }]
}
