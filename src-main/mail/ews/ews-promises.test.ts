import { testCertificates } from '../../../testbed/certificates.ts'
import { startEwsServer, type EwsServerOptions } from '../../../testbed/ews-server.ts'
import { transportNeeds } from '../../../testbed/transport-needs.ts'
import { incomingTransportPromises, type PromiseGround } from '../incoming-transport-promises.ts'
import { outgoingTransportPromises, type OutgoingFault, type OutgoingGround } from '../outgoing-transport-promises.ts'
import { createEwsIncoming } from './ews-incoming.ts'
import { createEwsOutgoing } from './ews-outgoing.ts'

const secret = 'correct-horse-battery'
const token = 'eyJ0eXAiOiJKV1QifQ.issued-for-the-test'

type Way = 'password' | 'ntlm' | 'oauth2'
const offers: Record<Way, EwsServerOptions['offers']> = { password: ['Basic'], ntlm: ['Negotiate', 'NTLM'], oauth2: ['Bearer'] }
const authFor = (way: Way) => (user: string): NonNullable<ReturnType<NonNullable<PromiseGround['auth']>>> =>
  way === 'oauth2' ? { method: 'oauth2', user, provider: 'microsoft', flow: 'client-credentials', tenant: 'example.com', clientId: 'mailroom', secret: 'keychain' } : { method: way, user, secret: 'keychain' }
const optionsFor = (way: Way): EwsServerOptions => ({ offers: offers[way], passwordOf: () => (way === 'oauth2' ? null : secret), tokenOf: (given) => (way === 'oauth2' && given === token ? 'app' : null) })

async function incoming(way: Way): Promise<PromiseGround> {
  const server = await startEwsServer(optionsFor(way))
  return {
    ports: { plain: 0, tls: server.port }, endpointPath: '/EWS/Exchange.asmx', secret: way === 'oauth2' ? token : secret, caFile: testCertificates().ca.certFile, auth: authFor(way),
    createTransport: (limits) => createEwsIncoming(transportNeeds(limits)),
    deliver: (user, raw) => void server.store(user).deliver(Buffer.from(raw)),
    stored(user, folder = 'Inbox') {
      const store = server.store(user)
      const { id } = store.folderNamed(folder) ?? { id: '' }
      return [...store.items.values()].filter((item) => item.folder === id).sort((a, b) => a.received - b.received).map(({ isRead, raw }) => ({ flags: isRead ? 'S' : '', raw }))
    },
    stop: () => server.stop()
  }
}

/** What Exchange answers CreateItem with. https://learn.microsoft.com/exchange/client-developer/web-service-reference/responsecode */
const refusals: Record<OutgoingFault['refuse'], { code: string; text: string }> = {
  sender: { code: 'ErrorSendAsDenied', text: 'The user account which was used to submit this request does not have the right to send mail on behalf of the specified sending account.' },
  recipient: { code: 'ErrorInvalidRecipients', text: 'At least one recipient isn’t valid.' },
  mail: { code: 'ErrorMimeContentConversionFailed', text: 'The MIME content could not be converted.' },
  deferred: { code: 'ErrorSubmissionQuotaExceeded', text: 'The message submission quota has been exceeded.' },
  size: { code: 'ErrorMessageSizeExceeded', text: 'The message exceeds the maximum supported size.' }
}

async function outgoing(way: Way): Promise<OutgoingGround> {
  const server = await startEwsServer(optionsFor(way))
  return {
    ports: { plain: 0, tls: server.port }, endpointPath: '/EWS/Exchange.asmx', secret: way === 'oauth2' ? token : secret, caFile: testCertificates().ca.certFile, auth: authFor(way),
    createTransport: (limits) => createEwsOutgoing(transportNeeds(limits)),
    received: () => server.sent,
    setFault: (fault) => server.refuseMail(fault === null ? null : (mail) => ((fault.refuse === 'size' && mail.raw.length <= fault.largest) || (fault.refuse === 'recipient' && !mail.recipients.includes(fault.address)) ? null : refusals[fault.refuse])),
    stop: () => server.stop()
  }
}

for (const way of ['password', 'ntlm', 'oauth2'] as const) {
  const sign = way === 'oauth2' ? { signIn: 'token' as const, refusal: 'token-refused' as const } : {}
  incomingTransportPromises(`EWS by ${way}`, { protocol: 'ews', security: 'tls', skip: false, ...sign }, () => incoming(way))
  outgoingTransportPromises(`EWS by ${way}, sending`, { protocol: 'ews', security: 'tls', skip: false, ...sign }, () => outgoing(way))
}
