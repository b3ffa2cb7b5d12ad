import type { CallAnswer, ConfigurationDifference, ParsedInput } from '#contract/calls.ts'
import type { TlsSettings } from '#contract/fields.ts'
import { ProblemError, type InputIssue } from '#contract/problem.ts'
import type { HistoryEntry } from '#contract/history.ts'
import type { Settings } from '#contract/settings.ts'
import type { Transaction } from '../database/database.ts'
import { accountOfTarget } from '../hand-over/hand-over-needs.ts'
import { formDifference, type Form } from '../model/configuration-difference.ts'
import { incomingForm, outgoingForm, partitionForm, settingsForm } from './configuration-form.ts'
import type { Caller, ConfigurationNeeds } from './configuration-needs.ts'
import { readConfigurationFile } from './configuration-reading.ts'
import type { ServerRow, ServersTable } from './configuration-tables.ts'
import { configurationWarnings } from './configuration-warnings.ts'
import { besideFile, readSecrets, type SecretOrigins } from './import-secrets.ts'
import { planImport, type ImportPlan, type PlannedServer } from './plan-import.ts'
import { emptyConfiguration, readConfiguration, type PresentConfiguration } from './present-configuration.ts'
import { printConfiguration } from './print-configuration.ts'
import { checkedReason, recordChange } from './record-change.ts'
import { accountOf, secretPurposes, storedAccounts, withSecrets } from './server-secrets.ts'
import { secretsWanted, targetSecretsWanted } from './secrets-wanted.ts'
import { storePartitions } from './store-partitions.ts'

/** What is wrong with a file, and what it asks for in vain, for an empty console: needs neither data nor network. */
export const validateConfiguration = (yaml: string): CallAnswer<'configuration.validate'> => {
  const reading = readConfigurationFile(yaml)
  return { issues: planImport(reading, emptyConfiguration(), false).issues, warnings: configurationWarnings(reading) }
}

/** What an import of the file would change in a configuration; `removed` happens only with `--replace`. */
export const compareConfiguration = (yaml: string, present: PresentConfiguration): CallAnswer<'configuration.diff'> => {
  const plan = planImport(readConfigurationFile(yaml), present, false)
  return { issues: plan.issues, differences: plan.issues.length > 0 ? [] : differencesOf(plan, present) }
}

export type ConfigurationFileNeeds = ConfigurationNeeds & SecretOrigins

/** Use cases on the configuration file, one for each call `configuration.…`. */
export const createConfigurationFile = (needs: ConfigurationFileNeeds) => {
  const { database, tables, credentials } = needs

  const validate = async ({ yaml }: ParsedInput<'configuration.validate'>): Promise<CallAnswer<'configuration.validate'>> => validateConfiguration(yaml)

  const diff = async ({ yaml }: ParsedInput<'configuration.diff'>): Promise<CallAnswer<'configuration.diff'>> => compareConfiguration(yaml, await readConfiguration(tables, database))

  const exportFile = async (): Promise<CallAnswer<'configuration.export'>> => ({ yaml: printConfiguration(await readConfiguration(tables, database)) })

  /** All of the file or nothing. Throws ProblemError `invalid-configuration` with every issue, `invalid-input` at `reason`, `vault-locked`. */
  const importFile = async (input: ParsedInput<'configuration.import'>, { who }: Caller): Promise<CallAnswer<'configuration.import'>> => {
    const reading = readConfigurationFile(input.yaml)
    const planned = (present: PresentConfiguration): ImportPlan => {
      const plan = withFilesBeside(planImport(reading, present, input.replace), input.fileName)
      if (plan.issues.length > 0) throw new ProblemError({ code: 'invalid-configuration', file: input.fileName, issues: plan.issues })
      checkedReason(present.settings, input.reason)
      return plan
    }
    const stored = await readConfiguration(tables, database)
    const before = planned(stored)
    const { secrets, warnings } = await readSecrets(needs, [...secretsWanted(before), ...(reading.settings['handOver'] === undefined ? [] : targetSecretsWanted(before.settings.handOver))], await storedAccounts(credentials), input.fileName)
    const changes = new Map<string, string | null>([...(input.replace ? secretsToDrop(before) : []), ...targetSecretsToDrop(stored, before), ...secrets])
    const answer = await withSecrets(credentials, changes, () =>
      database.transaction(async (transaction) => {
        const present = await readConfiguration(tables, transaction)
        return store(transaction, present, planned(present), { ...input, reason: checkedReason(present.settings, input.reason), secrets: new Set(secrets.keys()), who })
      })
    )
    if (input.replace) await forgetTokens(before)
    announceAll()
    const placed = [...warnings, ...(await missingFiles(before))].map((warning) => ({ ...warning, ...reading.placeOf(warning.path) }))
    return { ...answer, warnings: [...configurationWarnings(reading), ...placed] }
  }

  type Order = { replace: boolean; reason: string | null; secrets: ReadonlySet<string>; who: string }
  type Counts = Omit<CallAnswer<'configuration.import'>, 'warnings'>

  const store = async (transaction: Transaction, present: PresentConfiguration, plan: ImportPlan, order: Order): Promise<Counts> => {
    if (order.replace) {
      await removeServers(transaction, tables.incoming, plan.notInFile.incoming, 'incoming server', incomingForm, order)
      await removeServers(transaction, tables.outgoing, plan.notInFile.outgoing, 'outgoing server', outgoingForm, order)
    }
    await putServers(transaction, tables.incoming, plan.incoming, 'incoming server', incomingForm, order)
    await putServers(transaction, tables.outgoing, plan.outgoing, 'outgoing server', outgoingForm, order)
    if (!sameData(plan.partitions, present.partitions)) await storePartitions(needs, transaction, present, { next: plan.partitions, who: order.who, reason: order.reason })
    if (!sameData(plan.settings, present.settings)) {
      await tables.settings.put(transaction, plan.settings)
      await record(transaction, 'settings', 'settings', settingsForm(present.settings), settingsForm(plan.settings), order)
    }
    return countsOf(plan, present, order.replace)
  }

  const removeServers = async <Draft extends { name: string }>(
    transaction: Transaction, table: ServersTable<Draft>, rows: readonly ServerRow<Draft>[], what: HistoryEntry['what'], form: (server: Draft) => Form, order: Order
  ): Promise<void> => {
    for (const { id, server } of rows) {
      await table.delete(transaction, id)
      await record(transaction, what, server.name, form(server), null, order)
    }
  }

  const putServers = async <Draft extends { name: string }>(
    transaction: Transaction, table: ServersTable<Draft>, planned: readonly PlannedServer<Draft>[], what: HistoryEntry['what'], form: (server: Draft) => Form, order: Order
  ): Promise<void> => {
    for (const { server, was } of planned) {
      if (was === null) await table.insert(transaction, server)
      else if (!sameData(server, was.server)) {
        await table.update(transaction, was.id, server)
        await table.keepTest(transaction, was.id, null)
      }
      await record(transaction, what, server.name, was === null ? null : form(was.server), form(server), order)
    }
  }

  const record = (transaction: Transaction, what: HistoryEntry['what'], name: string, from: Form | null, to: Form | null, { who, reason, secrets }: Order): Promise<void> => {
    const secretChanged = to !== null && (what === 'incoming server' || what === 'outgoing server') && secretPurposes.some((purpose) => secrets.has(accountOf(name, purpose)))
    return recordChange(tables.history, transaction, needs.now(), { who, what, name, from, to, reason, secretChanged })
  }

  /** Tokens of servers that are no more. */
  const forgetTokens = async ({ notInFile }: ImportPlan): Promise<void> => {
    for (const { server } of notInFile.incoming) await needs.signIn.forget('incoming', server.name)
    for (const { server } of notInFile.outgoing) await needs.signIn.forget('outgoing', server.name)
  }

  const missingFiles = async (plan: ImportPlan): Promise<InputIssue[]> => {
    const warnings: InputIssue[] = []
    for (const { path, server } of [...plan.incoming, ...plan.outgoing])
      for (const key of ['caFile', 'clientCertFile', 'clientKeyFile'] as const) {
        const file = server.tls[key]
        if (file === null || file === undefined) continue
        const readable = await needs.readTextFile(file).then(() => true, () => false)
        if (!readable) warnings.push({ path: `${path}.tls.${key}`, message: 'This file cannot be read now. Put it there before the server is used.' })
      }
    for (const [path, file] of settingsFiles(plan.settings)) {
      const readable = await needs.readTextFile(file).then(() => true, () => false)
      if (!readable) warnings.push({ path, message: 'This file cannot be read now. Put it there before it is used.' })
    }
    return warnings
  }

  const announceAll = (): void => {
    needs.announce('servers-changed', { kind: 'incoming' })
    needs.announce('servers-changed', { kind: 'outgoing' })
    needs.announce('settings-changed', {})
  }

  return { validate, diff, import: importFile, export: exportFile }
}

const withFilesBeside = (plan: ImportPlan, configurationFile: string): ImportPlan => {
  const place = (file: string): string => besideFile(file, configurationFile)
  const beside = <Planned extends { server: { tls: TlsSettings } }>(planned: Planned): Planned => {
    const { caFile, clientCertFile, clientKeyFile } = planned.server.tls
    const files = { ...(clientCertFile === undefined ? {} : { clientCertFile: place(clientCertFile) }), ...(clientKeyFile === undefined ? {} : { clientKeyFile: place(clientKeyFile) }) }
    return { ...planned, server: { ...planned.server, tls: { ...planned.server.tls, caFile: caFile === null ? null : place(caFile), ...files } } }
  }
  const orNone = (file: string | null): string | null => (file === null ? null : place(file))
  const { nativeMail, handOver } = plan.settings
  const settings = {
    ...plan.settings,
    handOver: handOver.map((target) => ({ ...target, caFile: orNone(target.caFile) })),
    nativeMail: { ...nativeMail, certFile: orNone(nativeMail.certFile), keyFile: orNone(nativeMail.keyFile) }
  }
  return { ...plan, settings, incoming: plan.incoming.map(beside), outgoing: plan.outgoing.map(beside) }
}

/** Files that settings name, with where they do. */
const settingsFiles = ({ handOver, nativeMail: { certFile, keyFile } }: Settings): [path: string, file: string][] => {
  const named: [string, string | null][] = [...handOver.map(({ caFile }, index): [string, string | null] => [`handOver[${index}].caFile`, caFile]), ['nativeMail.certFile', certFile], ['nativeMail.keyFile', keyFile]]
  return named.filter((one): one is [string, string] => one[1] !== null)
}

const secretsToDrop = ({ notInFile, incoming, outgoing }: ImportPlan): [string, null][] => {
  const staying = new Set([...incoming, ...outgoing].map(({ server }) => server.name))
  return [...notInFile.incoming, ...notInFile.outgoing].filter(({ server }) => !staying.has(server.name)).flatMap(({ server }) => secretPurposes.map((purpose): [string, null] => [accountOf(server.name, purpose), null]))
}

const targetSecretsToDrop = (present: PresentConfiguration, { settings }: ImportPlan): [string, null][] =>
  present.settings.handOver.filter(({ name }) => !settings.handOver.some((target) => target.name === name)).map(({ name }) => [accountOfTarget(name), null])

const differencesOf = (plan: ImportPlan, present: PresentConfiguration): ConfigurationDifference[] => {
  const partition = (name: string): Form | null => {
    const found = present.partitions.find((candidate) => candidate.name === name)
    return found === undefined || (present.partitionsImplied && plan.partitions.every((planned) => planned.name !== name)) ? null : partitionForm(found)
  }
  return [
    ...plan.partitions.flatMap((planned) => difference('partition', planned.name, partition(planned.name), partitionForm(planned))),
    ...plan.incoming.flatMap(({ server, was }) => difference('incoming server', server.name, was && incomingForm(was.server), incomingForm(server))),
    ...plan.notInFile.incoming.flatMap(({ server }) => difference('incoming server', server.name, incomingForm(server), null)),
    ...plan.outgoing.flatMap(({ server, was }) => difference('outgoing server', server.name, was && outgoingForm(was.server), outgoingForm(server))),
    ...plan.notInFile.outgoing.flatMap(({ server }) => difference('outgoing server', server.name, outgoingForm(server), null)),
    ...difference('settings', 'settings', settingsForm(present.settings), settingsForm(plan.settings))
  ]
}

const difference = (what: string, name: string, here: Form | null, there: Form | null): ConfigurationDifference[] => {
  const fields = formDifference(here, there).map(({ field, from, to }) => ({ field, here: from, there: to }))
  return fields.length === 0 ? [] : [{ kind: here === null ? 'added' : there === null ? 'removed' : 'changed', what, name, fields }]
}

const countsOf = (plan: ImportPlan, present: PresentConfiguration, replace: boolean): { added: string[]; changed: string[]; removed: string[]; unchanged: string[] } => {
  const differences = differencesOf(plan, present)
  const titles = (kind: ConfigurationDifference['kind']): string[] => differences.filter((one) => one.kind === kind).map(({ what, name }) => (what === 'settings' ? what : `${what} ${name}`))
  const gone = replace ? present.partitions.filter(({ name }) => !present.partitionsImplied && !plan.partitions.some((planned) => planned.name === name)).map(({ name }) => `partition ${name}`) : []
  const all = [...plan.incoming.map(({ server }) => `incoming server ${server.name}`), ...plan.outgoing.map(({ server }) => `outgoing server ${server.name}`)]
  const touched = new Set([...titles('added'), ...titles('changed')])
  return { added: titles('added'), changed: titles('changed'), removed: replace ? [...gone, ...titles('removed')] : [], unchanged: all.filter((title) => !touched.has(title)) }
}

const sameData = (one: unknown, other: unknown): boolean => JSON.stringify(sorted(one)) === JSON.stringify(sorted(other))

/** With keys in one order, so that equal documents are equal texts. */
const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)).map(([key, of]) => [key, sorted(of)]))
}
