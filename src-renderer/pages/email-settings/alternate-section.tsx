import type { OutgoingServerDraft } from '#contract/outgoing-server.ts'
import { outgoingProtocols } from '#contract/protocols.ts'
import { Choice, NumberLine, TextLine, Tick } from '../../components/fields.tsx'
import { Columns, Danger, FormSection } from './form-section.tsx'
import type { OutgoingPart } from './outgoing-sections.tsx'

type Alternate = NonNullable<OutgoingServerDraft['alternate']>
type ByHost = Extract<Alternate, { host: string }>
type ByServer = Extract<Alternate, { server: string }>
type Needs = OutgoingPart & { /** Names of the outgoing servers beside this one. */ others: readonly string[] }

/** What takes the mail where this server cannot be reached: a second host of it, or another server with a sign-in of its own. */
export const AlternateSection = ({ server, change, errors, disabled, others }: Needs) => {
  const { alternate } = server
  const { ports, reach } = outgoingProtocols[server.protocol]
  const way = { returnToPrimary: alternate?.returnToPrimary ?? 'manual', afterFailures: alternate?.afterFailures ?? 1 } as const
  const byHost: ByHost = { host: '', port: ports.starttls, security: 'starttls', ...way }
  const byServer: ByServer = { server: '', ...way }
  const first = (): Alternate => (reach === 'host' && others.length === 0 ? byHost : byServer)
  const set = (part: Partial<typeof way>): void => change({ alternate: alternate && { ...alternate, ...part } })
  return (
    <FormSection title="Alternate server">
      <Tick name="alternate" label="Use an alternate when this server cannot be reached" value={alternate !== null} onChange={(wanted) => change({ alternate: wanted ? first() : null })} error={errors['alternate']} disabled={disabled} />
      {alternate && (
        <>
          {(reach === 'host' || 'host' in alternate) && (
            <Choice
              name="alternate.kind" label="Alternate" width={420} value={'server' in alternate ? 'server' : 'host'} onChange={(kind) => change({ alternate: kind === 'server' ? byServer : byHost })} disabled={disabled}
              options={[{ value: 'server', label: 'Another outgoing server', hint: 'with its own sign-in; it may have an alternate in turn' }, { value: 'host', label: 'A second host of this server', hint: 'signed in to as this one is', disabled: reach !== 'host' }]}
            />
          )}
          {'server' in alternate ? <OtherServer alternate={alternate} others={others} onChange={(name) => change({ alternate: { ...alternate, server: name } })} error={errors['alternate.server']} disabled={disabled} /> : <SecondHost alternate={alternate} ports={ports} onChange={(part) => change({ alternate: { ...alternate, ...part } })} errors={errors} disabled={disabled} />}
          <Columns template="1fr 1fr">
            <NumberLine name="alternate.afterFailures" label="After failures in a row" value={alternate.afterFailures} onChange={(afterFailures) => set({ afterFailures })} error={errors['alternate.afterFailures']} disabled={disabled} helper="Mail by mail; 1 takes the alternate at once. A mail that is refused does not count." />
            <Choice name="alternate.returnToPrimary" label="Back to the primary" value={alternate.returnToPrimary} onChange={(returnToPrimary) => set({ returnToPrimary })} disabled={disabled} options={[{ value: 'manual', label: 'When I say so', hint: 'or when Mailroom starts again, or this server is changed' }, { value: 'health-check', label: 'When it answers again' }]} />
          </Columns>
        </>
      )}
    </FormSection>
  )
}

const OtherServer = ({ alternate, others, onChange, error, disabled }: { alternate: ByServer; others: readonly string[]; onChange: (name: string) => void; error: string | undefined; disabled: boolean }) => {
  const names = alternate.server === '' || others.includes(alternate.server) ? others : [...others, alternate.server]
  return <Choice name="alternate.server" width={420} label="Other server" value={alternate.server} onChange={onChange} error={error} disabled={disabled} options={[{ value: '', label: others.length === 0 ? 'There is no other outgoing server yet' : 'Choose a server', disabled: true }, ...names.map((value) => ({ value, label: value }))]} helper="Mail keeps the sender of this server." />
}

type Ports = Record<ByHost['security'], number>

const SecondHost = ({ alternate, ports, onChange, errors, disabled }: { alternate: ByHost; ports: Ports; onChange: (part: Partial<ByHost>) => void; errors: Record<string, string>; disabled: boolean }) => (
  <>
    <Columns template="2fr 1.3fr 104px">
      <TextLine name="alternate.host" label="Alternate server" mono value={alternate.host} onChange={(host) => onChange({ host: host.trim() })} error={errors['alternate.host']} disabled={disabled} />
      <Choice name="alternate.security" label="Security of the alternate" value={alternate.security} onChange={(security) => onChange({ security, ...(alternate.port === ports[alternate.security] ? { port: ports[security] } : {}) })} disabled={disabled} options={[{ value: 'tls', label: 'TLS from the first byte' }, { value: 'starttls', label: 'STARTTLS' }, { value: 'none', label: 'None' }]} />
      <NumberLine name="alternate.port" label="Alternate port" value={alternate.port} onChange={(port) => onChange({ port })} error={errors['alternate.port']} disabled={disabled} />
    </Columns>
    {alternate.security === 'none' && <Danger>The alternate is not encrypted: the password and all mail can be read on the way.</Danger>}
  </>
)
