import type { CallAnswer, ImportPreview, ParsedInput } from '#contract/calls.ts'
import type { InputIssue } from '#contract/problem.ts'
import { accountOfTarget } from '../hand-over/hand-over-needs.ts'
import { askForSecrets } from './ask-for-secrets.ts'
import { differencesOf, effectOf } from './compare-configurations.ts'
import type { Caller, ConfigurationNeeds } from './configuration-needs.ts'
import { readConfigurationFile, type ConfigurationReading } from './configuration-reading.ts'
import { configurationWarnings } from './configuration-warnings.ts'
import type { ServerKindName } from './csv-columns.ts'
import { createEarlierConfigurations } from './earlier-configurations.ts'
import { missingFiles, withFilesBeside } from './files-beside.ts'
import { chooseSecrets, seekSecrets, type SecretOrigins, type SecretTyped } from './import-secrets.ts'
import { planImport, type ImportPlan } from './plan-import.ts'
import { emptyConfiguration, readConfiguration, type PresentConfiguration } from './present-configuration.ts'
import { printConfiguration } from './print-configuration.ts'
import { configurationTemplate, printServersCsv } from './print-servers-csv.ts'
import { checkedReason } from './record-change.ts'
import { allSecretsWanted } from './secrets-wanted.ts'
import { accountOf, secretPurposes, storedAccounts } from './server-secrets.ts'
import { createTakeConfiguration, soundPlan } from './take-configuration.ts'
import { asAsked, checkTyped } from './typed-secrets.ts'

/** What is wrong with a file, and what it asks for in vain, for an empty console: needs neither data nor network. */
export const validateConfiguration = (yaml: string, kind: ServerKindName | null = null): CallAnswer<'configuration.validate'> => {
  const reading = readConfigurationFile(yaml, kind)
  return { issues: planImport(reading, reading.isCsv ? withPartitionsOf(reading) : emptyConfiguration(), false).issues, warnings: configurationWarnings(reading) }
}

/** CSV has no partitions: those that it names are where it will be imported, or that import will say so. */
const withPartitionsOf = ({ incoming }: ConfigurationReading): PresentConfiguration => {
  const named = new Set((incoming ?? []).flatMap(({ given }) => (typeof given['partition'] === 'string' ? [given['partition']] : [])))
  const empty = emptyConfiguration()
  return { ...empty, partitions: [...empty.partitions, ...[...named].flatMap((name) => empty.partitions.filter((one) => one.name !== name).map((one) => ({ ...one, name, default: false })))] }
}

/** What an import of the file would change in a configuration; `removed` happens only with `--replace`. */
export const compareConfiguration = (yaml: string, present: PresentConfiguration, kind: ServerKindName | null = null): CallAnswer<'configuration.diff'> => {
  const plan = planImport(readConfigurationFile(yaml, kind), present, false)
  return { issues: plan.issues, differences: plan.issues.length > 0 ? [] : differencesOf(plan, present) }
}

type FileGiven = { yaml: string; kind?: ServerKindName | null }
type ImportInput = Omit<ParsedInput<'configuration.import'>, 'secrets' | 'kind'> & FileGiven & { secrets?: readonly SecretTyped[] }
export type ConfigurationFileNeeds = ConfigurationNeeds & SecretOrigins

/** Use cases on the configuration file, one for each call `configuration.…`. */
export const createConfigurationFile = (needs: ConfigurationFileNeeds) => {
  const { database, tables, credentials } = needs
  const take = createTakeConfiguration(needs)

  const validate = async ({ yaml, kind }: FileGiven): Promise<CallAnswer<'configuration.validate'>> => validateConfiguration(yaml, kind)

  const diff = async ({ yaml, kind }: FileGiven): Promise<CallAnswer<'configuration.diff'>> => compareConfiguration(yaml, await readConfiguration(tables, database), kind)

  /** With `ask` whoever imports the file is asked for what lies in the credential store here. */
  const exportFile = async ({ ask }: { ask: boolean } = { ask: false }): Promise<CallAnswer<'configuration.export'>> => {
    const present = await readConfiguration(tables, database)
    return { yaml: printConfiguration(ask ? askForSecrets(present, await storedAccounts(credentials)) : present) }
  }

  const exportCsv = async (): Promise<CallAnswer<'configuration.export-csv'>> => ({ csv: printServersCsv(await readConfiguration(tables, database)) })

  const template = async ({ csv }: ParsedInput<'configuration.template'>): Promise<CallAnswer<'configuration.template'>> => ({ text: configurationTemplate(csv) })

  /** Only an administrator is told whether what the file names, variables and files of this machine, is there. */
  const preview = async ({ yaml, kind, replace, fileName }: FileGiven & Pick<ParsedInput<'configuration.preview'>, 'replace' | 'fileName'>, { role }: Pick<Caller, 'role'>): Promise<ImportPreview> => {
    const reading = readConfigurationFile(yaml, kind)
    const present = await readConfiguration(tables, database)
    const plan = withFilesBeside(planImport(reading, present, replace), fileName)
    const warnings = configurationWarnings(reading)
    if (plan.issues.length > 0) return { issues: plan.issues, warnings, differences: [], secrets: [] }
    const isAdministrator = role === 'administrator'
    const sought = await seekSecrets(isAdministrator ? needs : nowhere, wantedBy(reading, plan), await storedAccounts(credentials), fileName)
    const methods = new Map([...plan.outgoing, ...plan.incoming].map(({ server }) => [server.name, server.auth.method]))
    const files = isAdministrator ? await missingFiles(needs, plan) : []
    return { issues: [], warnings: [...warnings, ...placedIn(reading, files)], differences: effectOf(plan, present, replace), secrets: sought.map((one) => asAsked(one, methods)) }
  }

  /** All of the file or nothing. Throws ProblemError `invalid-configuration` with every issue, `invalid-input` at `reason` and `secrets`, `vault-locked`. */
  const importFile = async ({ secrets: typed = [], ...input }: ImportInput, { who }: Caller): Promise<CallAnswer<'configuration.import'>> => {
    const reading = readConfigurationFile(input.yaml, input.kind)
    const planOn = (present: PresentConfiguration): ImportPlan => withFilesBeside(planImport(reading, present, input.replace), input.fileName)
    const present = await readConfiguration(tables, database)
    const plan = soundPlan(planOn(present), input.fileName)
    checkedReason(present.settings, input.reason)
    const wanted = wantedBy(reading, plan)
    checkTyped(typed, wanted)
    const { secrets, warnings } = chooseSecrets(await seekSecrets(needs, wanted, await storedAccounts(credentials), input.fileName), typed)
    const changes = new Map<string, string | null>([...(input.replace ? secretsToDrop(plan) : []), ...targetSecretsToDrop(present, plan), ...secrets])
    const taken = await take({ planOn, replace: input.replace, fileName: input.fileName, reason: input.reason, who, before: `import of ${input.fileName.split(/[\\/]/).at(-1) ?? ''}`, action: 'imported', secrets: changes })
    if (input.replace) await forgetTokens(plan)
    return { ...taken, warnings: [...configurationWarnings(reading), ...placedIn(reading, [...warnings, ...(await missingFiles(needs, plan))])] }
  }

  /** Tokens of servers that are no more. */
  const forgetTokens = async ({ notInFile }: ImportPlan): Promise<void> => {
    for (const { server } of notInFile.incoming) await needs.signIn.forget('incoming', server.name)
    for (const { server } of notInFile.outgoing) await needs.signIn.forget('outgoing', server.name)
  }

  return { validate, diff, preview, import: importFile, export: exportFile, exportCsv, template, ...createEarlierConfigurations(needs, take) }
}

const nowhere: SecretOrigins = { environment: () => undefined, readTextFile: () => Promise.reject(new Error('not asked')) }

const wantedBy = (reading: ConfigurationReading, plan: ImportPlan) => allSecretsWanted(plan, reading.settings['handOver'] !== undefined)

const placedIn = (reading: ConfigurationReading, warnings: readonly InputIssue[]): InputIssue[] => warnings.map((warning) => ({ ...warning, ...reading.placeOf(warning.path) }))

const secretsToDrop = ({ notInFile, incoming, outgoing }: ImportPlan): [string, null][] => {
  const staying = new Set([...incoming, ...outgoing].map(({ server }) => server.name))
  return [...notInFile.incoming, ...notInFile.outgoing].filter(({ server }) => !staying.has(server.name)).flatMap(({ server }) => secretPurposes.map((purpose): [string, null] => [accountOf(server.name, purpose), null]))
}

const targetSecretsToDrop = (present: PresentConfiguration, { settings }: ImportPlan): [string, null][] =>
  present.settings.handOver.filter(({ name }) => !settings.handOver.some((target) => target.name === name)).map(({ name }) => [accountOfTarget(name), null])
