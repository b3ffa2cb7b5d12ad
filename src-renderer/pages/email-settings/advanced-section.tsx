import { Box, Button } from '@mui/material'
import type { TlsSettings } from '#contract/fields.ts'
import type { CertificateSeen } from '#contract/problem.ts'
import { tlsVersions } from '#contract/protocols.ts'
import { Choice, SecretLine, TextLine, Tick } from '../../components/fields.tsx'
import { CertificatePin } from './certificate-pin.tsx'
import { Columns, Danger, FoldedSection } from './form-section.tsx'
import { withFields, type PartNeeds, type SecretNeeds } from './form-parts.ts'
import { OAuthAdvanced } from './scope-lines.tsx'

const versionLabels: Record<string, string> = { TLSv1: 'TLS 1.0', 'TLSv1.1': 'TLS 1.1', 'TLSv1.2': 'TLS 1.2', 'TLSv1.3': 'TLS 1.3' }
const mine = /^(tls|proxy|timeoutMs|overrideTo|maxMessageSize|alternate|auth\.redirectUrl|forbiddenMailbox)/

type AdvancedNeeds = PartNeeds & SecretNeeds & { lookAtCertificate: () => Promise<CertificateSeen>; openAtFirst?: boolean; mayForbid?: boolean; /** Shows what was said with the server; null for one that is not stored. */ onTranscript: (() => void) | null; children?: React.ReactNode }

/** What is rarely needed: TLS, certificates, proxy, scopes, the record of the protocol. */
export const AdvancedSection = (part: AdvancedNeeds) => {
  const { server, change, errors, disabled, protocol, lookAtCertificate, openAtFirst = false, mayForbid = false, onTranscript, children } = part
  const set = (next: { [Key in keyof TlsSettings]?: TlsSettings[Key] | undefined }): void => change({ tls: withFields(server.tls, next) })
  const faulty = Object.keys(errors).some((path) => mine.test(path))
  const oauth = server.auth.method === 'oauth2'
  const placed = protocol.reach === 'endpoint' ? (server.endpoint ?? '') !== '' : server.host !== ''
  return (
    <FoldedSection title="Advanced" hint={`${oauth ? 'Scopes, ' : ''}TLS version, certificates, proxy, protocol record`} open={openAtFirst || faulty}>
      {children}
      <OAuthAdvanced {...part} />
      {mayForbid && <TextLine name="forbiddenMailbox" label="Mailbox that must stay closed" mono value={server.forbiddenMailbox ?? ''} onChange={(forbiddenMailbox) => change({ forbiddenMailbox: forbiddenMailbox.trim() })} error={errors['forbiddenMailbox']} disabled={disabled} placeholder="director@example.com" helper="The connection test tries to open it and fails if it can: an application easily gets access to every mailbox of the company." />}
      <Columns template="160px 1fr">
        <Choice name="tls.minVersion" label="Lowest TLS version" value={server.tls.minVersion} onChange={(minVersion) => set({ minVersion })} disabled={disabled} options={tlsVersions.map((value) => ({ value, label: versionLabels[value] ?? value }))} />
        <TextLine name="tls.caFile" label="CA file" mono value={server.tls.caFile ?? ''} onChange={(caFile) => change({ tls: { ...server.tls, caFile: caFile || null } })} error={errors['tls.caFile']} disabled={disabled} helper="PEM file of a private certificate authority, on the computer that runs Mailroom." />
      </Columns>
      {(server.tls.minVersion === 'TLSv1' || server.tls.minVersion === 'TLSv1.1') && <Danger>{versionLabels[server.tls.minVersion]} is broken and switched off by most servers. Accept it only for this server, and only until it is updated.</Danger>}
      <CertificatePin pin={server.tls.pin} error={errors['tls.pin']} disabled={disabled} onPin={(pin) => change({ tls: { ...server.tls, pin } })} look={server.security === 'none' || !placed ? null : lookAtCertificate} why={server.security === 'none' ? 'There is no certificate without TLS.' : 'Enter the server first.'} />
      <ClientCertificate {...part} set={set} />
      <Proxy {...part} />
      <Tick name="debug" label="Record the protocol" value={server.debug} onChange={(debug) => change({ debug })} disabled={disabled} helper="Keeps what each round says with the server, without secrets, for the transcript. Tests are always recorded." />
      {onTranscript && <Box><Button onClick={onTranscript}>Show the transcript</Button></Box>}
    </FoldedSection>
  )
}

const ClientCertificate = ({ server: { tls }, errors, disabled, stored, secrets, setSecrets, set }: PartNeeds & SecretNeeds & { set: (next: { clientCertFile?: string; clientKeyFile?: string }) => void }) => (
  <>
    <Columns template="1fr 1fr">
      <TextLine name="tls.clientCertFile" label="Client certificate" mono value={tls.clientCertFile ?? ''} onChange={(clientCertFile) => set({ clientCertFile })} error={errors['tls.clientCertFile']} disabled={disabled} helper="PEM file, for servers that ask for one." />
      <TextLine name="tls.clientKeyFile" label="Its private key" mono value={tls.clientKeyFile ?? ''} onChange={(clientKeyFile) => set({ clientKeyFile })} error={errors['tls.clientKeyFile']} disabled={disabled} helper="PEM file; may be the same one." />
    </Columns>
    {((tls.clientKeyFile ?? '') !== '' || stored.hasClientKeySecret) && <SecretLine name="clientKeySecret" label="Passphrase of the key" width={320} stored={stored.hasClientKeySecret} value={secrets.clientKeySecret} onChange={(clientKeySecret) => setSecrets({ clientKeySecret })} error={errors['clientKeySecret'] ?? errors['tls.clientKeySecret']} disabled={disabled} helper="Empty where the key has none." />}
  </>
)

const Proxy = ({ server, change, errors, disabled, stored, secrets, setSecrets }: PartNeeds & SecretNeeds) => {
  const named = /\/\/[^/@]+@/.test(server.proxy ?? '')
  return (
    <Columns template={named ? '1.6fr 1fr' : '1fr'}>
      <TextLine name="proxy" label="Proxy" mono value={server.proxy ?? ''} onChange={(proxy) => change({ proxy: proxy.trim() || null })} error={errors['proxy']} disabled={disabled} placeholder="socks5://proxy.example.com:1080" helper="http://host:port or socks5://host:port, with user@ before the host where it asks for a user. For mail and for tokens." />
      {named && <SecretLine name="proxySecret" label="Password of the proxy" stored={stored.hasProxySecret} value={secrets.proxySecret} onChange={(proxySecret) => setSecrets({ proxySecret })} error={errors['proxySecret']} disabled={disabled} helper={stored.hasProxySecret ? 'Stored in the credential store.' : 'Goes to the credential store.'} />}
    </Columns>
  )
}
