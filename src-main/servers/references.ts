import { categoryTitles, noticeCategories } from '#contract/notice.ts'
import { plainTemplate, type RequestTemplate } from '#contract/request-values.ts'
import type { Partition, Settings } from '#contract/settings.ts'
import { nearestName } from '#contract/nearest-name.ts'
import { templateNamed } from '../model/template-named.ts'
import { outgoingFault } from './outgoing-references.ts'
import type { ServerIssue } from './server-readiness.ts'

/** What servers and settings refer to by name. */
export type Referable = { partitions: readonly Pick<Partition, 'name'>[]; templates: readonly RequestTemplate[] }
export const referableIn = ({ partitions, settings }: { partitions: readonly Partition[]; settings: Settings }): Referable => ({ partitions, templates: settings.requestTemplates })

/** What is wrong with the name of a partition; null where there is one. */
export const partitionFault = (name: string, { partitions }: Pick<Referable, 'partitions'>): string | null => {
  const names = partitions.map((partition) => partition.name)
  if (names.includes(name)) return null
  if (name === '') return 'Choose a partition.'
  const nearest = nearestName(name, names)
  return `There is no partition \`${name}\`${nearest === null ? `; there is ${listed(names)}` : ` — did you mean \`${nearest}\`?`}`
}

/** What is wrong with the name of a request template; null where there is one. The plain one is always there. */
export const templateFault = (name: string | null, { templates }: Pick<Referable, 'templates'>): string | null => {
  if (name === null || templateNamed(templates, name) !== null) return null
  const names = [...new Set([plainTemplate.name, ...templates.map((template) => template.name)])]
  const nearest = nearestName(name, names)
  return `There is no request template \`${name}\`${nearest === null ? `; there is ${listed(names)}` : ` — did you mean \`${nearest}\`?`}`
}

/** Where settings name a partition, a template or an outgoing server that is not there, with paths such as `handOver[0].partitions[1]`. */
export const settingsReferenceIssues = (settings: Settings, { partitions, outgoing }: { partitions: readonly Pick<Partition, 'name'>[]; outgoing: readonly string[] }): ServerIssue[] => {
  const known: Referable = { partitions, templates: settings.requestTemplates }
  const { nativeMail, handOver, requestMails, alerts: { categories } } = settings
  const faults: [path: string, message: string | null][] = [
    ...handOver.flatMap((target, index) => target.partitions.map((name, place): [string, string | null] => [`handOver[${index}].partitions[${place}]`, partitionFault(name, known)])),
    ...requestMails.flatMap((rule, index) => rule.partitions.map((name, place): [string, string | null] => [`requestMails[${index}].partitions[${place}]`, partitionFault(name, known)])),
    ...noticeCategories.map((category): [string, string | null] => [`alerts.categories.${category}.through`, outgoingFaultOrNone(categories[category].through, outgoing)]),
    ['nativeMail.partition', nativeMail.partition === null ? null : partitionFault(nativeMail.partition, known)],
    ['nativeMail.template', templateFault(nativeMail.template, known)]
  ]
  return faults.flatMap(([path, message]) => (message === null ? [] : [{ path, message }]))
}

const outgoingFaultOrNone = (name: string | null, outgoing: readonly string[]): string | null => (name === null ? null : outgoingFault(name, outgoing))

/** Categories of notifications that go through an outgoing server, in words for people. */
export const categoriesThrough = ({ alerts: { categories } }: Pick<Settings, 'alerts'>, server: string): string[] => noticeCategories.filter((category) => categories[category].through === server).map((category) => `notifications of the category ${categoryTitles[category]}`)

type Naming = Pick<Settings, 'nativeMail' | 'handOver' | 'requestMails'>

/** Partitions that settings name. */
export const partitionsNamedIn = ({ nativeMail, handOver, requestMails }: Naming): string[] => [...(nativeMail.partition === null ? [] : [nativeMail.partition]), ...[...handOver, ...requestMails].flatMap(({ partitions }) => partitions)]

/** Who names a partition in the settings, in words for people. */
export const settingsUsing = ({ nativeMail, handOver, requestMails }: Naming, partition: string): string[] =>
  [...[...handOver, ...requestMails].filter(({ partitions }) => partitions.includes(partition)).map(({ name }) => name), ...(nativeMail.partition === partition ? ['native mail'] : [])]

/** Settings that know a partition by its new name. */
export const withRenamedPartition = (settings: Settings, was: string, name: string): Settings => {
  const renamed = (one: string): string => (one === was ? name : one)
  const { nativeMail, handOver, requestMails } = settings
  return {
    ...settings,
    requestMails: requestMails.map((rule) => ({ ...rule, partitions: rule.partitions.map(renamed) })),
    handOver: handOver.map((target) => ({ ...target, partitions: target.partitions.map(renamed) })),
    nativeMail: { ...nativeMail, partition: nativeMail.partition === null ? null : renamed(nativeMail.partition) }
  }
}

/** Settings whose native mail knows a template by its new name. */
export const withRenamedTemplate = (settings: Settings, was: string, name: string): Settings =>
  settings.nativeMail.template?.toLowerCase() === was.toLowerCase() ? { ...settings, nativeMail: { ...settings.nativeMail, template: name } } : settings

/** Templates that were there and are there no more; one whose name alone changed in its place was renamed and is not gone. */
export const templateChanges = (before: readonly RequestTemplate[], after: readonly RequestTemplate[]): { gone: string[]; renamed: { was: string; name: string } | null } => {
  const isIn = (templates: readonly RequestTemplate[], name: string): boolean => templates.some((template) => template.name.toLowerCase() === name.toLowerCase())
  const gone = before.filter(({ name }) => !isIn(after, name)).map(({ name }) => name)
  const [was, ...others] = gone
  const place = before.findIndex(({ name }) => name === was)
  const now = after[place]
  const isRenamed = was !== undefined && others.length === 0 && before.length === after.length && now !== undefined && !isIn(before, now.name)
  return isRenamed ? { gone: [], renamed: { was, name: now.name } } : { gone, renamed: null }
}

const listed = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ')
