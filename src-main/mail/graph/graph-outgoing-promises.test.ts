import { testCertificates } from '../../../testbed/certificates.ts'
import { startGraphServer } from '../../../testbed/graph-server.ts'
import { transportNeeds } from '../../../testbed/transport-needs.ts'
import { outgoingTransportPromises } from '../outgoing-transport-promises.ts'
import { createGraphOutgoing, mostMimeBytes } from './graph-outgoing.ts'

const secret = 'eyJ0eXAiOiJKV1Qi.the-right-token'
const answers = {
  sender: { status: 403, code: 'ErrorSendAsDenied', message: 'The user account which was used to submit this request does not have the right to send mail on behalf of the specified sending account., Cannot submit message.' },
  recipient: { status: 400, code: 'ErrorInvalidRecipients', message: "At least one recipient is not valid., Recipient 'ann@example.org' is not resolved. All recipients must be resolved before a message can be submitted." },
  mail: { status: 400, code: 'ErrorMimeContentInvalid', message: 'Invalid MIME content.' },
  deferred: { status: 400, code: 'ErrorExceededMessageLimit', message: 'The sender has exceeded the message limit.' },
  size: { status: 413, code: 'ErrorMessageSizeExceeded', message: 'The message exceeds the maximum supported size.' }
}

outgoingTransportPromises('Graph', { protocol: 'graph', security: 'tls', skip: false, signIn: 'token', refusal: 'token-refused', wholeUpTo: mostMimeBytes, sessionsToAConnection: 5 }, async () => {
  const graph = await startGraphServer({ bearer: (token) => (token === secret ? { app: 'mailroom', user: '*', rights: ['Mail.ReadWrite', 'Mail.Send'] } : null) })
  return {
    ports: { plain: graph.port, tls: graph.port },
    secret,
    caFile: testCertificates().ca.certFile,
    createTransport: (limits) => createGraphOutgoing(transportNeeds(limits)),
    auth: (user) => ({ method: 'oauth2', user, provider: 'microsoft', flow: 'interactive', tenant: 'contoso.example', clientId: 'mailroom', secret: 'keychain' }),
    received: () => graph.sent,
    setFault: (fault) => {
      graph.faults = fault === null ? [] : [{ request: /user-sendmail/, times: 100, answer: answers[fault.refuse] }]
    },
    stop: graph.stop
  }
})
