import { testCertificates } from '../../../testbed/certificates.ts'
import { startGmailServer } from '../../../testbed/gmail-server.ts'
import { transportNeeds } from '../../../testbed/transport-needs.ts'
import { incomingTransportPromises } from '../incoming-transport-promises.ts'
import { createGmailIncoming } from './gmail-incoming.ts'

const secret = 'ya29.the-right-token'

for (const method of ['oauth2', 'service-account'] as const) {
  incomingTransportPromises(`Gmail, ${method}`, { protocol: 'gmail', security: 'tls', skip: false, signIn: 'token', refusal: 'token-refused' }, async () => {
    const gmail = await startGmailServer({ bearer: (token) => (token === secret ? { email: '*', scopes: ['https://www.googleapis.com/auth/gmail.modify'] } : null) })
    return {
      ports: { plain: gmail.port, tls: gmail.port },
      secret,
      caFile: testCertificates().ca.certFile,
      createTransport: (limits) => createGmailIncoming(transportNeeds(limits)),
      auth: (user) => (method === 'oauth2'
        ? { method, user, provider: 'google', flow: 'interactive', clientId: 'mailroom', secret: 'keychain' }
        : { method, user: '', account: 'mail@project.iam.gserviceaccount.com', subject: user, secret: 'keychain' }),
      deliver: gmail.deliver,
      stored: gmail.stored,
      stop: gmail.stop
    }
  })
}
