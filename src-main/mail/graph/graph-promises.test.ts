import { testCertificates } from '../../../testbed/certificates.ts'
import { startGraphServer } from '../../../testbed/graph-server.ts'
import { transportNeeds } from '../../../testbed/transport-needs.ts'
import { incomingTransportPromises } from '../incoming-transport-promises.ts'
import { createGraphIncoming } from './graph-incoming.ts'

const secret = 'eyJ0eXAiOiJKV1Qi.the-right-token'

for (const flow of ['interactive', 'client-credentials'] as const) {
  incomingTransportPromises(`Graph, ${flow}`, { protocol: 'graph', security: 'tls', skip: false, signIn: 'token', refusal: 'token-refused' }, async () => {
    const graph = await startGraphServer({ bearer: (token) => (token === secret ? { app: 'mailroom', user: '*', rights: ['Mail.ReadWrite', 'Mail.Send'] } : null) })
    return {
      ports: { plain: graph.port, tls: graph.port },
      secret,
      caFile: testCertificates().ca.certFile,
      createTransport: (limits) => createGraphIncoming(transportNeeds(limits)),
      auth: (user) => ({ method: 'oauth2', user, provider: 'microsoft', flow, tenant: 'contoso.example', clientId: 'mailroom', secret: 'keychain' }),
      deliver: graph.deliver,
      stored: graph.stored,
      stop: graph.stop
    }
  })
}
