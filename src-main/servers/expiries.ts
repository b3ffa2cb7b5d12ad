import { X509Certificate } from 'node:crypto'
import type { Expiry } from '#contract/advice.ts'
import type { TestVerdict } from '#contract/connection-test.ts'
import type { Settings } from '#contract/settings.ts'
import { expiriesOf } from '../model/expiries.ts'
import { adviceFor, type AdvisedServer } from '../model/provider-advice.ts'
import type { ConfigurationNeeds } from './configuration-needs.ts'
import { storedIncoming, storedOutgoing } from './configured-servers.ts'
import type { SecretOrigins } from './import-secrets.ts'
import { readConfiguration } from './present-configuration.ts'
import { accountOf } from './server-secrets.ts'
import type { StoredIncomingServer, StoredOutgoingServer } from './server-sources.ts'
import { advisedServers, signInOf } from './view-of-server.ts'

type ExpiriesNeeds = Omit<ConfigurationNeeds, 'announce'> & Pick<SecretOrigins, 'readTextFile'>

/** The call `expiries.list`: everything of the configured servers that has an end, soonest first. */
export const createExpiries = (needs: ExpiriesNeeds) => {
  const { credentials, signIn } = needs

  const list = async (): Promise<Expiry[]> => {
    const present = await readConfiguration(needs.tables, needs.database)
    const advised = advisedServers(present)
    const now = needs.now()
    const of = async (stored: StoredIncomingServer | StoredOutgoingServer, advisedServer: AdvisedServer): Promise<Expiry[]> => {
      const { kind, server } = advisedServer
      const signedIn = stored.ready === null ? null : await signInOf(signIn, kind, stored.ready)
      const facts = {
        server: server.name, kind, clientSecret: server.auth.secretExpires ?? null, clientCertificate: await clientCertificateEnd(server), signIn: signedIn?.idleExpiresAt ?? null,
        serverCertificate: serverCertificateEnd(stored.lastTest), caCertificate: await fileEnd(server.tls.caFile), advice: adviceFor(advisedServer, now.toISOString().slice(0, 10), advised.filter((other) => other.server !== server))
      }
      return expiriesOf(facts, now.getTime())
    }
    const all = await Promise.all([
      ...storedIncoming(present).map((stored) => of(stored, { kind: 'incoming', server: stored.server })), ...storedOutgoing(present).map((stored) => of(stored, { kind: 'outgoing', server: stored.server }))
    ])
    return [...all.flat(), ...(await ofSettings(present.settings, now.getTime()))].sort((one, other) => one.daysLeft - other.daysLeft || (one.server < other.server ? -1 : 1))
  }

  /** Native mail's own certificate, and the authorities that help desks are checked by. */
  const ofSettings = async ({ nativeMail, handOver }: Settings, now: number): Promise<Expiry[]> => {
    const none = { clientSecret: null, clientCertificate: null, signIn: null, serverCertificate: null, advice: [] }
    const own = nativeMail.enabled ? expiriesOf({ ...none, server: 'Native mail', kind: 'native-mail', ownCertificate: await fileEnd(nativeMail.certFile) }, now) : []
    const desks = await Promise.all(handOver.filter(({ enabled }) => enabled).map(async ({ name, caFile }) => expiriesOf({ ...none, server: name, kind: 'hand-over', caCertificate: await fileEnd(caFile) }, now)))
    return [...own, ...desks.flat()]
  }
  const fileEnd = async (file: string | null | undefined): Promise<string | null> => (file === null || file === undefined ? null : endOfCertificate(await needs.readTextFile(file).catch(() => null)))

  /** Of the certificate that lies in the secret of an application, or of the one that is shown in the TLS handshake; the one that ends first. */
  const clientCertificateEnd = async ({ name, auth, tls }: AdvisedServer['server']): Promise<string | null> => {
    const inSecret = auth.method === 'oauth2' ? await credentials.get(accountOf(name)).catch(() => null) : null
    const inFile = tls.clientCertFile === undefined ? null : await needs.readTextFile(tls.clientCertFile).catch(() => null)
    return [inSecret, inFile].map(endOfCertificate).filter((end) => end !== null).sort()[0] ?? null
  }
  return { list }
}

/** When the first certificate of a PEM text ends, ISO 8601; null where there is none that can be read. */
const endOfCertificate = (text: string | null): string | null => {
  const [pem] = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/.exec(text ?? '') ?? []
  if (pem === undefined) return null
  try {
    return new Date(new X509Certificate(pem).validTo).toISOString()
  } catch {
    return null // What is wrong with it is said by the test of the server.
  }
}

/** What the last test saw: a certificate that was refused, or the day that the step `tls` names. */
const serverCertificateEnd = (test: TestVerdict | null): string | null => {
  const step = test?.steps.find((one) => one.step === 'tls')
  if (step === undefined) return null
  const { problem } = step
  if (problem !== null && 'certificate' in problem) return problem.certificate.validTo
  return /\buntil (\d{4}-\d{2}-\d{2})/.exec(step.detail)?.[1] ?? null
}
