import { incomingServer, incomingServerDraft, newIncomingServer, type IncomingServerDraft } from '#contract/incoming-server.ts'
import { newOutgoingServer, outgoingServer, outgoingServerDraft, type OutgoingServerDraft } from '#contract/outgoing-server.ts'
import type { InputIssue } from '#contract/problem.ts'
import { incomingProtocols, outgoingProtocols, securities, type IncomingProtocol, type OutgoingProtocol, type ProtocolRow, type Security } from '#contract/protocols.ts'
import { settings as settingsSchema, type Partition, type Settings } from '#contract/settings.ts'
import { checkSpamPatterns } from '../processing/check-spam-patterns.ts'
import { keysOfOtherReach } from './configuration-keys.ts'
import type { ConfigurationReading, Given, GivenItem } from './configuration-reading.ts'
import type { ServerRow } from './configuration-tables.ts'
import { defaultPartition, type PresentConfiguration } from './present-configuration.ts'
import { knownServersIn, outgoingFault, outgoingReferenceIssues, type KnownServers } from './outgoing-references.ts'
import { planPartitions } from './plan-partitions.ts'
import { partitionsNamedIn, settingsReferenceIssues, templateFault, type Referable } from './references.ts'
import { incomingReadiness, outgoingFaults, type ServerIssue } from './server-readiness.ts'
import { followsFrom } from './follows-from.ts'
import { secretsWanted } from './secrets-wanted.ts'
import { tidyServer } from './tidy-server.ts'
import { byPlace, mostIssues } from './yaml-document.ts'

/** A server as it is to be after the import; `was` is what is stored now. */
export type PlannedServer<Draft> = { path: string; server: Draft; was: ServerRow<Draft> | null }

/** What an import would do; with issues it must not be done. */
export type ImportPlan = {
  partitions: Partition[]
  incoming: PlannedServer<IncomingServerDraft>[]
  outgoing: PlannedServer<OutgoingServerDraft>[]
  /** Stored servers that the file does not name; `--replace` removes them. */
  notInFile: { incoming: ServerRow<IncomingServerDraft>[]; outgoing: ServerRow<OutgoingServerDraft>[] }
  settings: Settings
  issues: InputIssue[]
}

/**
 * Works out what a file makes of the present configuration. A server in the file is described in full: what is left out has its
 * default, except `enabled`, which stays. Sections and settings that are left out stay, or with `replace` go back to their defaults.
 */
export const planImport = (reading: ConfigurationReading, present: PresentConfiguration, replace: boolean): ImportPlan => {
  const issues = [...reading.issues]
  const complain = (path: string, message: string): void => void issues.push({ path, message, ...reading.placeOf(path) })
  if (replace && reading.isCsv) complain('', 'A CSV file names servers and no partitions, rules or settings: it cannot take the place of everything. Import it without that, and delete what is too much.')
  const outgoing = (reading.outgoing ?? []).flatMap((item) => plannedOutgoing(item, present, checked(reading, complain)))
  const inFile = new Set((reading.incoming ?? []).map(({ given }) => given['name']))
  const stayingIncoming = present.incoming.filter(({ server }) => !inFile.has(server.name))
  const stayingOutgoing = present.outgoing.filter(({ server }) => !outgoing.some((planned) => planned.server.name === server.name))
  const outgoingNames = [...(reading.outgoing ?? []).map(({ given }) => String(given['name'])), ...(replace ? [] : stayingOutgoing.map(({ server }) => server.name))]
  const settings = plannedSettings(reading, replace ? null : present.settings, checked(reading, complain))
  const partitions = planPartitions(reading, present, replace ? null : [...stayingIncoming.map(({ server }) => server.partition), ...partitionsNamedIn(settings)], complain)
  checkReferences(settings, { partitions: partitions.all, outgoing: outgoingNames }, complain)
  if (!replace) checkTemplatesInUse(stayingIncoming, present.settings, settings, complain)
  for (const { path, partition } of partitions.fromFile) checkOutgoingOf(partition, outgoingNames, path, complain)
  const incoming = (reading.incoming ?? []).flatMap((item) => plannedIncoming(item, present, { partitions: partitions.all, templates: settings.requestTemplates }, checked(reading, complain)))
  checkNames([...incoming], replace ? [] : stayingIncoming, complain)
  checkNames([...outgoing], replace ? [] : stayingOutgoing, complain)
  checkSharedSecrets(incoming, outgoing, complain)
  const known = knownServersIn({ incoming: [...incoming, ...(replace ? [] : stayingIncoming)], outgoing: [...outgoing, ...(replace ? [] : stayingOutgoing)] })
  for (const { path, server } of outgoing) checkNamed(server, known, path, complain)
  const sorted = issues.sort(byPlace).slice(0, mostIssues)
  return { partitions: partitions.all, incoming, outgoing, notInFile: { incoming: stayingIncoming, outgoing: stayingOutgoing }, settings, issues: sorted }
}

type Complain = (path: string, message: string) => void
type Check = { isFaulty: (path: string) => boolean; complain: Complain; complainOf: (base: string, issues: readonly ServerIssue[]) => void }

/** Tells issues of the contract under the names of the file, once for each place, and says where something is missing. */
const checked = (reading: ConfigurationReading, complain: Complain): Check => ({
  isFaulty: reading.isFaulty,
  complain,
  complainOf: (base, issues) => {
    const told = new Set<string>()
    for (const issue of issues) {
      const path = fileFields(base === '' ? issue.path : `${base}.${issue.path}`)
      if (told.has(path)) continue
      told.add(path)
      if (!reading.isFaulty(path)) complain(path, reading.isGiven(path) ? issue.message : `\`${path.slice(base.length === 0 ? 0 : base.length + 1)}\` is missing.${issue.message.startsWith('Invalid input') ? '' : ` ${issue.message}`}`)
    }
  }
})

const fileFields = (path: string): string => path.replace(/\.fetchEveryMs$/, '.fetchEvery').replace(/\.timeoutMs$/, '.timeout').replace(/\.(\d+)(?=\.|$)/g, '[$1]')

const plannedIncoming = ({ path, given }: GivenItem, present: PresentConfiguration, known: Referable & { partitions: readonly Partition[] }, check: Check): PlannedServer<IncomingServerDraft>[] => {
  const protocol = protocolOf<IncomingProtocol>(given, incomingProtocols, path, check)
  if (protocol === null) return []
  const was = present.incoming.find(({ server }) => server.name === given['name']) ?? null
  checkReach(path, given, incomingProtocols[protocol], check)
  const template = { ...newIncomingServer(protocol, defaultPartition(known.partitions).name), enabled: was?.server.enabled ?? false }
  const { draft, ...server } = onto({ ...withoutEndpoint(template), ...followsFrom(given, incomingProtocols[protocol]) }, { port: incomingProtocols[protocol].ports[securityOf(given, template.security)], ...given })
  const parsed = incomingServerDraft.safeParse(server)
  if (!parsed.success) return refused(path, (draft === true ? parsed : incomingServer.safeParse(server)).error?.issues ?? [], check)
  const tidy = tidyServer(parsed.data)
  const { ready, issues } = incomingReadiness(tidy, known)
  if (draft !== true) check.complainOf(path, issues)
  return [{ path, server: { ...tidy, enabled: tidy.enabled && ready !== null }, was }]
}

const plannedOutgoing = ({ path, given }: GivenItem, present: PresentConfiguration, check: Check): PlannedServer<OutgoingServerDraft>[] => {
  const protocol = protocolOf<OutgoingProtocol>(given, outgoingProtocols, path, check)
  if (protocol === null) return []
  checkReach(path, given, outgoingProtocols[protocol], check)
  const template = { ...withoutEndpoint(newOutgoingServer(protocol)), ...followsFrom(given, outgoingProtocols[protocol]) }
  const { ports } = outgoingProtocols[protocol]
  const security = securityOf(given, template.security)
  const { draft, alternate, ...server } = onto(template, { port: ports[security], ...given })
  const second = isGroup(alternate) ? onto({ ...(alternate['server'] === undefined ? { host: '', port: ports[securityOf(alternate, security)], security } : {}), returnToPrimary: 'manual' }, alternate) : null
  const whole = { ...server, alternate: second }
  const parsed = outgoingServerDraft.safeParse(whole)
  if (!parsed.success) return refused(path, (draft === true ? parsed : outgoingServer.safeParse(whole)).error?.issues ?? [], check)
  const tidy = tidyServer(parsed.data)
  if (draft !== true) check.complainOf(path, outgoingFaults(tidy))
  return [{ path, server: tidy, was: present.outgoing.find((row) => row.server.name === tidy.name) ?? null }]
}

const withoutEndpoint = <Template extends { endpoint?: string | undefined }>({ endpoint: _, ...template }: Template): Omit<Template, 'endpoint'> => template

/** A server is named by its host or by the URL of its endpoint, and says so once. */
const checkReach = (path: string, given: Given, { label, reach }: ProtocolRow, check: Check): void => {
  for (const key of keysOfOtherReach[reach])
    if (given[key] !== undefined) check.complain(`${path}.${key}`, reach === 'endpoint' ? `\`${key}\` is named by \`endpoint\`: leave it out.` : `\`${key}\` is for protocols over HTTP; ${label} is named by \`host\`, \`port\` and \`security\`.`)
}

const refused = (path: string, issues: readonly { path: PropertyKey[]; message: string }[], check: Check): [] => {
  check.complainOf(path, issues.map((issue) => ({ path: issue.path.map(String).join('.'), message: issue.message })))
  return []
}

const protocolOf = <Protocol extends string>(given: Given, protocols: Readonly<Record<Protocol, unknown>>, path: string, check: Check): Protocol | null => {
  const known = (Object.keys(protocols) as Protocol[]).find((name) => name === given['protocol'])
  if (known === undefined && !check.isFaulty(`${path}.protocol`)) check.complain(`${path}.protocol`, `\`protocol\` is missing: ${Object.keys(protocols).join(' or ')}.`)
  return known ?? null
}

const securityOf = (given: Given, otherwise: Security): Security => securities.find((known) => known === given['security']) ?? otherwise

const plannedSettings = (reading: ConfigurationReading, present: Settings | null, check: Check): Settings => {
  const before = present ?? settingsSchema.parse({})
  const parsed = settingsSchema.safeParse(onto(before, reading.settings))
  if (parsed.success) {
    for (const { path, message } of checkSpamPatterns(parsed.data.processing.spamRules, 'processing.spamRules')) check.complain(path, message)
    return parsed.data
  }
  check.complainOf('', parsed.error.issues.map((issue) => ({ path: issue.path.map(String).join('.'), message: issue.message })))
  return before
}

/** The template with what is given put over it, group by group; lists are taken as a whole. */
const onto = (template: Given, given: Given): Given =>
  Object.entries(given).reduce((merged: Given, [key, value]) => {
    const below = template[key]
    return { ...merged, [key]: isGroup(value) && isGroup(below) ? onto(below, value) : value }
  }, template)

const isGroup = (value: unknown): value is Given => typeof value === 'object' && value !== null && !Array.isArray(value)

const checkOutgoingOf = ({ outgoing }: Partition, known: readonly string[], path: string, complain: Complain): void => {
  const fault = outgoing === null ? null : outgoingFault(outgoing, known)
  if (fault !== null) complain(`${path}.outgoing`, fault)
}

const checkReferences = (settings: Settings, known: { partitions: readonly Partition[]; outgoing: readonly string[] }, complain: Complain): void => {
  for (const { path, message } of settingsReferenceIssues(settings, known)) complain(path, message)
}

/** Servers that the file leaves alone keep the templates that they use. */
const checkTemplatesInUse = (staying: PresentConfiguration['incoming'], before: Settings, after: Settings, complain: Complain): void => {
  for (const { server } of staying)
    if (templateFault(server.template, { templates: before.requestTemplates }) === null && templateFault(server.template, { templates: after.requestTemplates }) !== null)
      complain('requestTemplates', `The template \`${server.template ?? ''}\` is missing: the server \`${server.name}\`, which is not in this file, uses it.`)
}

const checkNamed = (server: OutgoingServerDraft, known: KnownServers, path: string, complain: Complain): void => {
  for (const issue of outgoingReferenceIssues(server, known)) complain(`${path}.${issue.path}`, issue.message)
}

/** Names are unique whatever their case. */
const checkNames = (planned: readonly { path: string; server: { name: string } }[], staying: readonly { server: { name: string } }[], complain: Complain): void => {
  const seen = new Map(staying.map(({ server }) => [server.name.toLowerCase(), `\`${server.name}\` in this console`]))
  for (const { path, server } of planned) {
    const taken = seen.get(server.name.toLowerCase())
    if (taken !== undefined) complain(`${path}.name`, `The name \`${server.name}\` is already taken by ${taken}.`)
    else seen.set(server.name.toLowerCase(), path)
  }
}

const checkSharedSecrets = (incoming: readonly PlannedServer<IncomingServerDraft>[], outgoing: readonly PlannedServer<OutgoingServerDraft>[], complain: Complain): void => {
  const before = secretsWanted({ incoming, outgoing: [] })
  for (const { path, name, purpose, source } of secretsWanted({ incoming: [], outgoing })) {
    const other = before.find((wanted) => wanted.name === name && wanted.purpose === purpose)
    if (other !== undefined && other.source !== source) complain(path, `The incoming and the outgoing server \`${name}\` share one secret, so both must name the same source.`)
  }
}
