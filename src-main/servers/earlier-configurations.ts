import type { CallAnswer, EarlierConfiguration, ParsedInput } from '#contract/calls.ts'
import { ProblemError } from '#contract/problem.ts'
import { utcMinute } from '#contract/utc-minute.ts'
import type { Caller, ConfigurationNeeds } from './configuration-needs.ts'
import { readConfigurationFile } from './configuration-reading.ts'
import { configurationWarnings } from './configuration-warnings.ts'
import { planImport, type ImportPlan } from './plan-import.ts'
import type { PresentConfiguration } from './present-configuration.ts'
import type { createTakeConfiguration } from './take-configuration.ts'

/** The configurations from before each import and rollback, and the way back to one of them. */
export const createEarlierConfigurations = ({ database, tables }: ConfigurationNeeds, take: ReturnType<typeof createTakeConfiguration>) => {
  const earlier = (): Promise<EarlierConfiguration[]> => tables.earlier.list(database)

  /** Throws ProblemError `not-found`. */
  const earlierFile = async ({ id }: ParsedInput<'configuration.earlier-file'>): Promise<{ yaml: string }> => ({ yaml: (await found(id)).yaml })

  /**
   * Makes the configuration exactly what it was. Secrets stay, of servers that go as well; a server that comes back is stopped. Throws
   * ProblemError `not-found`, `invalid-input` at `reason`, `invalid-configuration` where this version does not take it any more.
   */
  const rollback = async ({ id, reason }: ParsedInput<'configuration.rollback'>, { who }: Caller): Promise<CallAnswer<'configuration.rollback'>> => {
    const { yaml, at, before } = await found(id)
    const reading = readConfigurationFile(yaml)
    const planOn = (present: PresentConfiguration): ImportPlan => withReturnedStopped(planImport(reading, present, true))
    const name = `configuration of ${utcMinute(at)}, before ${before}`
    const taken = await take({ planOn, replace: true, fileName: name, reason, who, before: `going back to the configuration of ${utcMinute(at)}`, action: 'rolled back', secrets: new Map() })
    return { ...taken, warnings: configurationWarnings(reading) }
  }

  const found = async (id: number): Promise<EarlierConfiguration & { yaml: string }> => {
    const row = await tables.earlier.get(database, id)
    if (row === null) throw new ProblemError({ code: 'not-found', what: 'earlier configuration', name: String(id), nearest: null })
    return row
  }

  return { earlier, earlierFile, rollback }
}

/** A mailbox that was gone may be fetched by somebody else by now. */
const withReturnedStopped = (plan: ImportPlan): ImportPlan => ({ ...plan, incoming: plan.incoming.map((planned) => (planned.was === null ? { ...planned, server: { ...planned.server, enabled: false } } : planned)) })
