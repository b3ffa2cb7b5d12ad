import type { ConfigurationDifference } from '#contract/calls.ts'
import { formDifference, type Form } from '../model/configuration-difference.ts'
import { incomingForm, outgoingForm, partitionForm, settingsForm } from './configuration-form.ts'
import type { ImportPlan } from './plan-import.ts'
import type { PresentConfiguration } from './present-configuration.ts'

/** What a plan changes, and the servers that it does not name, field by field. */
export const differencesOf = (plan: ImportPlan, present: PresentConfiguration): ConfigurationDifference[] => {
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

/** What an import would do and nothing else: without `replace` what the file does not name stays and is no difference. */
export const effectOf = (plan: ImportPlan, present: PresentConfiguration, replace: boolean): ConfigurationDifference[] => {
  const all = differencesOf(plan, present)
  if (!replace) return all.filter(({ kind }) => kind !== 'removed')
  return [...partitionsGone(plan, present).flatMap((gone) => difference('partition', gone.name, partitionForm(gone), null)), ...all]
}

type Counts = { added: string[]; changed: string[]; removed: string[]; unchanged: string[] }

/** The effect in titles such as `incoming server it`. */
export const countsOf = (plan: ImportPlan, present: PresentConfiguration, replace: boolean): Counts => {
  const effect = effectOf(plan, present, replace)
  const titles = (kind: ConfigurationDifference['kind']): string[] => effect.filter((one) => one.kind === kind).map(({ what, name }) => (what === 'settings' ? what : `${what} ${name}`))
  const all = [...plan.incoming.map(({ server }) => `incoming server ${server.name}`), ...plan.outgoing.map(({ server }) => `outgoing server ${server.name}`)]
  const touched = new Set([...titles('added'), ...titles('changed')])
  return { added: titles('added'), changed: titles('changed'), removed: titles('removed'), unchanged: all.filter((title) => !touched.has(title)) }
}

/** Whether two documents say the same, in whatever order their keys are. */
export const sameData = (one: unknown, other: unknown): boolean => JSON.stringify(sorted(one)) === JSON.stringify(sorted(other))

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)).map(([key, of]) => [key, sorted(of)]))
}

const partitionsGone = (plan: ImportPlan, { partitions, partitionsImplied }: PresentConfiguration): PresentConfiguration['partitions'] =>
  partitionsImplied ? [] : partitions.filter(({ name }) => !plan.partitions.some((planned) => planned.name === name))

/** Two forms of one thing, field by field; none where they are the same. */
export const difference = (what: string, name: string, here: Form | null, there: Form | null): ConfigurationDifference[] => {
  const fields = formDifference(here, there).map(({ field, from, to }) => ({ field, here: from, there: to }))
  return fields.length === 0 ? [] : [{ kind: here === null ? 'added' : there === null ? 'removed' : 'changed', what, name, fields }]
}
