import { testCertificates } from '../../../testbed/certificates.ts'
import { startGmailServer } from '../../../testbed/gmail-server.ts'
import { transportNeeds } from '../../../testbed/transport-needs.ts'
import { outgoingTransportPromises } from '../outgoing-transport-promises.ts'
import { createGmailOutgoing } from './gmail-outgoing.ts'

const secret = 'ya29.the-right-token'
const google = (code: number, reason: string, message: string): { status: number; body: string } => ({ status: code, body: JSON.stringify({ error: { code, message, errors: [{ message, domain: 'global', reason }] } }) })

// Gmail refuses no sender: it puts the user's own address into From where the one given is not theirs. It may give a mail a Message-ID of its own.
outgoingTransportPromises('Gmail', { protocol: 'google', security: 'tls', skip: false, signIn: 'token', refusal: 'token-refused', absence: null, refuses: ['recipient', 'mail', 'deferred', 'size'] }, async () => {
  const gmail = await startGmailServer({ bearer: (token) => (token === secret ? { email: '*', scopes: ['https://www.googleapis.com/auth/gmail.modify'] } : null) })
  const answers = {
    sender: google(400, 'invalidArgument', 'Invalid From header'),
    recipient: google(400, 'invalidArgument', 'Invalid To header'),
    mail: google(400, 'invalidArgument', 'Message not RFC 2822 compliant'),
    deferred: google(500, 'backendError', 'Backend Error'),
    size: google(413, 'uploadTooLarge', 'Request is too large.')
  }
  return {
    ports: { plain: gmail.port, tls: gmail.port },
    secret,
    caFile: testCertificates().ca.certFile,
    createTransport: (limits) => createGmailOutgoing(transportNeeds(limits)),
    auth: (user) => ({ method: 'oauth2', user, provider: 'google', flow: 'interactive', clientId: 'mailroom', secret: 'keychain' }),
    received: () => gmail.outbox,
    setFault: (fault) => {
      gmail.faults = fault === null ? [] : [{ method: /send/, times: 100, answer: answers[fault.refuse] }]
    },
    stop: gmail.stop
  }
})
