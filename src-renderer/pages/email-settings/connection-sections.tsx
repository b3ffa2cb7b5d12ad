import { Box, Button } from '@mui/material'
import { useState } from 'react'
import type { Auth, TlsSettings } from '#contract/fields.ts'
import type { CertificateSeen, Problem } from '#contract/problem.ts'
import { tlsVersions, type ProtocolRow, type Security } from '#contract/protocols.ts'
import { Choice, NumberLine, SecretLine, TextLine, Tick } from '../../components/fields.tsx'
import { Mono } from '../../components/mono.tsx'
import { fullTime } from '../../components/times.tsx'
import { problemOf } from '../../main-process/call-main.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
import { Columns, Danger, FoldedSection, FormSection } from './form-section.tsx'

/** What incoming and outgoing servers have in common. */
export type Connected = { host: string; port: number; security: Security; auth: Auth; tls: TlsSettings; proxy: string | null; debug: boolean }
export type PartNeeds = { server: Connected; change: (part: Partial<Connected>) => void; errors: Record<string, string>; disabled: boolean }

const securityLabels: Record<Security, string> = { tls: 'TLS from the first byte', starttls: 'STARTTLS', none: 'None' }
const versionLabels: Record<string, string> = { TLSv1: 'TLS 1.0', 'TLSv1.1': 'TLS 1.1', 'TLSv1.2': 'TLS 1.2', 'TLSv1.3': 'TLS 1.3' }

export const ConnectionSection = ({ server, change, errors, disabled, protocol }: PartNeeds & { protocol: ProtocolRow }) => {
  const [typedPort, setTypedPort] = useState(server.port !== protocol.ports[server.security])
  const setSecurity = (security: Security): void => change({ security, ...(typedPort ? {} : { port: protocol.ports[security] }) })
  return (
    <FormSection title="Connection">
      <Columns template="2fr 1.3fr 104px">
        <TextLine name="host" label="Server" mono value={server.host} onChange={(host) => change({ host: host.trim() })} error={errors['host']} disabled={disabled} helper="Name or IP address, such as mail.example.com." />
        <Choice name="security" label="Security" value={server.security} onChange={setSecurity} error={errors['security']} disabled={disabled} options={(['tls', 'starttls', 'none'] as const).map((value) => ({ value, label: securityLabels[value], hint: `usually port ${protocol.ports[value]}` }))} />
        <NumberLine name="port" label="Port" value={server.port} onChange={(port) => { setTypedPort(true); change({ port }) }} error={errors['port']} disabled={disabled} helper={typedPort ? undefined : 'By security.'} />
      </Columns>
      {server.security === 'none' && <Danger>Without encryption the password and all mail can be read on the way. Use it only where nothing else is offered.</Danger>}
    </FormSection>
  )
}

type SignInNeeds = PartNeeds & { methods: readonly Auth['method'][]; hasSecret: boolean; secret: string; setSecret: (secret: string) => void }

export const SignInSection = ({ server, change, errors, disabled, methods, hasSecret, secret, setSecret }: SignInNeeds) => {
  const set = (part: Partial<Auth>): void => change({ auth: { ...server.auth, ...part } })
  return (
    <FormSection title="Sign-in">
      {methods.includes('none') && <Tick name="auth.method" label="The server requires authentication" value={server.auth.method === 'password'} onChange={(needed) => set({ method: needed ? 'password' : 'none' })} disabled={disabled} helper="Off for a relay that trusts this computer’s address." />}
      {server.auth.method === 'password' && (
        <Columns template="1fr 1fr">
          <TextLine name="auth.user" label="User name" mono value={server.auth.user} onChange={(user) => set({ user })} error={errors['auth.user']} disabled={disabled} helper="Usually the full address." />
          <SecretLine name="secret" label="Password" stored={hasSecret} value={secret} onChange={setSecret} error={errors['secret'] ?? errors['auth.secret']} disabled={disabled} helper={hasSecret ? 'Stored in the credential store; it is never shown.' : 'Goes to the credential store and is never shown again.'} />
        </Columns>
      )}
    </FormSection>
  )
}

type AdvancedNeeds = PartNeeds & { lookAtCertificate: () => Promise<CertificateSeen>; openAtFirst?: boolean; children?: React.ReactNode }

export const AdvancedSection = ({ server, change, errors, disabled, lookAtCertificate, openAtFirst = false, children }: AdvancedNeeds) => {
  const set = (part: Partial<TlsSettings>): void => change({ tls: { ...server.tls, ...part } })
  const faulty = Object.keys(errors).some((path) => /^(tls|proxy|timeoutMs|overrideTo|maxMessageSize|alternate)/.test(path))
  return (
    <FoldedSection key={String(faulty)} title="Advanced" hint="TLS version, certificate, proxy, protocol record" open={openAtFirst || faulty}>
      {children}
      <Columns template="160px 1fr">
        <Choice name="tls.minVersion" label="Lowest TLS version" value={server.tls.minVersion} onChange={(minVersion) => set({ minVersion })} disabled={disabled} options={tlsVersions.map((value) => ({ value, label: versionLabels[value] ?? value }))} />
        <TextLine name="tls.caFile" label="CA file" mono value={server.tls.caFile ?? ''} onChange={(caFile) => set({ caFile: caFile || null })} error={errors['tls.caFile']} disabled={disabled} helper="PEM file of a private certificate authority, on the computer that runs Mailroom." />
      </Columns>
      {(server.tls.minVersion === 'TLSv1' || server.tls.minVersion === 'TLSv1.1') && <Danger>{versionLabels[server.tls.minVersion]} is broken and switched off by most servers. Accept it only for this server, and only until it is updated.</Danger>}
      <CertificatePin pin={server.tls.pin} error={errors['tls.pin']} disabled={disabled} onPin={(pin) => set({ pin })} look={server.security === 'none' || server.host === '' ? null : lookAtCertificate} why={server.security === 'none' ? 'There is no certificate without TLS.' : 'Enter the server first.'} />
      <TextLine name="proxy" label="Proxy" mono value={server.proxy ?? ''} onChange={(proxy) => change({ proxy: proxy.trim() || null })} error={errors['proxy']} disabled={disabled} placeholder="socks5://proxy.example.com:1080" helper="http://host:port or socks5://host:port; empty connects directly." />
      <Tick name="debug" label="Record the protocol" value={server.debug} onChange={(debug) => change({ debug })} disabled={disabled} helper="Keeps what each round says with the server, without secrets, for the transcript. Tests are always recorded." />
    </FoldedSection>
  )
}

type PinNeeds = { pin: string | null; error: string | undefined; disabled: boolean; onPin: (pin: string | null) => void; look: (() => Promise<CertificateSeen>) | null; why: string }

const CertificatePin = ({ pin, error, disabled, onPin, look, why }: PinNeeds) => {
  const [seen, setSeen] = useState<CertificateSeen | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  const [looking, setLooking] = useState(false)
  const lookNow = async (): Promise<void> => {
    if (look === null) return
    setLooking(true)
    setSeen(null)
    setProblem(null)
    await look().then(setSeen, (thrown: unknown) => setProblem(problemOf(thrown)))
    setLooking(false)
  }
  return (
    <Box>
      <TextLine
        name="tls.pin" label="Pinned certificate (SHA-256)" mono value={pin ?? ''} onChange={(value) => onPin(value.trim() || null)} error={error} disabled={disabled} helper="Empty: the certificate must be valid and trusted."
        suffix={<Button variant="text" disabled={look === null || looking} title={look === null ? why : undefined} onClick={() => void lookNow()}>{looking ? 'Looking…' : 'Look at the certificate'}</Button>}
      />
      {problem && <Box sx={{ mt: 1 }}><ProblemNotice problem={problem} /></Box>}
      {seen && (
        <Box sx={{ mt: 1, p: 1.25, border: 1, borderColor: 'divider', borderRadius: 1 }}>
          <Box component="dl" sx={{ m: 0, display: 'grid', gridTemplateColumns: '84px minmax(0, 1fr)', rowGap: 0.25, '& dt': { color: 'text.secondary' }, '& dd': { m: 0, overflowWrap: 'anywhere' } }}>
            <dt>Subject</dt><dd>{seen.subject}</dd><dt>Names</dt><dd>{seen.names.join(', ') || 'none'}</dd><dt>Issuer</dt><dd>{seen.issuer}</dd>
            <dt>Valid</dt><dd>{fullTime(seen.validFrom)} to {fullTime(seen.validTo)}</dd><dt>SHA-256</dt><dd><Mono>{seen.fingerprint256}</Mono></dd>
          </Box>
          <Box sx={{ display: 'flex', gap: 1, alignItems: 'center', mt: 1, flexWrap: 'wrap' }}>
            <Button disabled={disabled || pin === seen.fingerprint256} onClick={() => onPin(seen.fingerprint256)}>{pin === seen.fingerprint256 ? 'Pinned' : 'Pin this certificate'}</Button>
            <Box sx={{ color: 'text.secondary', flex: 1, minWidth: 200 }}>First compare the SHA-256 with the administrator of the mail server, by another way than mail.</Box>
          </Box>
        </Box>
      )}
      {pin && <Box sx={{ mt: 1 }}><Danger>Only exactly this certificate is accepted: name, issuer and dates are no longer checked, and a renewed certificate stops the connection.</Danger></Box>}
    </Box>
  )
}
