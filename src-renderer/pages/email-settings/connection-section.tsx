import { useState } from 'react'
import { clouds, endpointIn } from '#contract/oauth.ts'
import { usualSecurity, type ProtocolRow, type Security } from '#contract/protocols.ts'
import { Choice, NumberLine, TextLine } from '../../components/fields.tsx'
import { Columns, Danger, FormSection } from './form-section.tsx'
import { withFields, type PartNeeds } from './form-parts.ts'

const securityLabels: Record<Security, string> = { tls: 'TLS from the first byte', starttls: 'STARTTLS', none: 'None' }

/** Where the server is: host, security and port, or the URL of its endpoint. */
export const ConnectionSection = (part: PartNeeds) => <FormSection title="Connection">{part.protocol.reach === 'endpoint' ? <EndpointFields {...part} /> : <HostFields {...part} />}</FormSection>

const HostFields = ({ server, change, errors, disabled, protocol }: PartNeeds) => {
  const [typedPort, setTypedPort] = useState(server.port !== protocol.ports[server.security])
  const expected = usualSecurity(server.port)
  const setSecurity = (security: Security): void => change({ security, ...(typedPort ? {} : { port: protocol.ports[security] }) })
  return (
    <>
      <Columns template="2fr 1.3fr 104px">
        <TextLine name="host" label="Server" mono value={server.host} onChange={(host) => change({ host: host.trim() })} error={errors['host']} disabled={disabled} helper="Name or IP address, such as mail.example.com." />
        <Choice name="security" label="Security" value={server.security} onChange={setSecurity} error={errors['security']} disabled={disabled} options={(['tls', 'starttls', 'none'] as const).map((value) => ({ value, label: securityLabels[value], hint: `${value === 'tls' ? `${protocol.label}S, ` : ''}usually port ${protocol.ports[value]}` }))} />
        <NumberLine name="port" label="Port" value={server.port} onChange={(port) => { setTypedPort(true); change({ port }) }} error={errors['port']} disabled={disabled} helper={typedPort ? undefined : 'The usual one.'} />
      </Columns>
      {server.security !== 'none' && expected !== null && expected !== server.security && <Danger>Port {server.port} is usually for {securityLabels[expected]}: with {securityLabels[server.security]} the connection is likely to hang or to be refused.</Danger>}
      {server.security === 'none' && <Danger>Without encryption the password and all mail can be read on the way. Use it only where nothing else is offered.</Danger>}
    </>
  )
}

const own = 'own'

/** Clouds in which the protocol has a URL; a site of its own is what stands in none of them. */
const EndpointFields = ({ server, change, errors, disabled, protocol }: PartNeeds) => {
  const known = cloudEndpoints(protocol)
  const [wantsOwn, setWantsOwn] = useState(false)
  const here = known.find(({ endpoint }) => sameUrl(endpoint, server.endpoint))
  const choose = (id: string): void => {
    const cloud = known.find((each) => each.cloud.id === id)
    setWantsOwn(cloud === undefined)
    if (cloud) change({ endpoint: cloud.endpoint, ...(server.auth.method === 'oauth2' ? { auth: withFields(server.auth, { authority: cloud.cloud.authority, scope: undefined }) } : {}) })
    else if (here) change({ endpoint: '' })
  }
  return (
    <Columns template={known.length > 0 ? '1fr 1.5fr' : '1fr'}>
      {known.length > 0 && (
        <Choice
          name="cloud" label="Cloud" value={wantsOwn || !here ? own : here.cloud.id} onChange={choose} disabled={disabled} helper="Fills in the URL and the sign-in host."
          options={[...known.map(({ cloud }) => ({ value: cloud.id as string, label: cloud.label })), { value: own, label: protocol.endpoint === null ? 'Own server (on-premises)' : 'Another URL' }]}
        />
      )}
      <TextLine name="endpoint" label="URL" mono inputMode="url" value={server.endpoint ?? ''} onChange={(endpoint) => change({ endpoint: endpoint.trim() })} error={errors['endpoint']} disabled={disabled} placeholder={protocol.example} helper={`Such as ${protocol.example}. Always encrypted.`} />
    </Columns>
  )
}

const cloudEndpoints = (protocol: ProtocolRow) =>
  clouds.flatMap((cloud) => {
    const endpoint = endpointIn(cloud, protocol)
    return endpoint === null ? [] : [{ cloud, endpoint }]
  })

const sameUrl = (a: string, b: string | undefined): boolean => a.toLowerCase().replace(/\/+$/, '') === (b ?? '').toLowerCase().replace(/\/+$/, '')
