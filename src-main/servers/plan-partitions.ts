import { partition as partitionSchema, type Partition } from '#contract/settings.ts'
import type { ConfigurationReading } from './configuration-reading.ts'
import { sameName } from './find-named.ts'
import { firstPartition, type PresentConfiguration } from './present-configuration.ts'

type Complain = (path: string, message: string) => void
type PartitionPlan = { all: Partition[]; fromFile: { path: string; partition: Partition }[] }

/**
 * Partitions after an import, in the order of names, one of them the default. `stillUsed` are the partitions of the servers that the
 * file leaves alone; null: only what the file names remains. The partition of a new installation makes way for the file's.
 */
export const planPartitions = (reading: ConfigurationReading, present: PresentConfiguration, stillUsed: readonly string[] | null, complain: Complain): PartitionPlan => {
  const fromFile = partitionsOf(reading, complain)
  const named = fromFile.map(({ partition }) => partition)
  checkTwice(fromFile, complain)
  const staying = stillUsed === null ? [] : present.partitions.filter((other) => !present.partitionsImplied || named.length === 0 || stillUsed.includes(other.name))
  const kept = staying.filter((other) => !named.some(({ name }) => name === other.name))
  const all = [...kept, ...named]
  if (all.length === 0) return { all: [{ ...firstPartition }], fromFile }
  const standard = named.find((partition) => partition.default) ?? all.find(({ name }) => staying.some((other) => other.default && other.name === name)) ?? named[0] ?? all[0]
  return { all: all.map((partition) => ({ ...partition, default: partition.name === standard?.name })).sort((one, other) => (one.name < other.name ? -1 : 1)), fromFile }
}

const partitionsOf = (reading: ConfigurationReading, complain: Complain): PartitionPlan['fromFile'] =>
  (reading.partitions ?? []).flatMap(({ path, given }) => {
    const parsed = partitionSchema.safeParse(given)
    if (parsed.success) return [{ path, partition: parsed.data }]
    for (const issue of parsed.error.issues) {
      const key = issue.path.map(String).join('.').replace(/\.(\d+)(?=\.|$)/g, '[$1]')
      const field = `${path}.${key}`
      if (!reading.isFaulty(field)) complain(field, reading.isGiven(field) ? issue.message : `\`${key}\` is missing.`)
    }
    return []
  })

const checkTwice = (partitions: PartitionPlan['fromFile'], complain: Complain): void => {
  for (const [index, { path, partition }] of partitions.entries()) {
    const before = partitions.slice(0, index)
    if (before.some((other) => sameName(other.partition.name, partition.name))) complain(`${path}.name`, `The partition \`${partition.name}\` is given twice.`)
    const standard = before.find((other) => other.partition.default)
    if (partition.default && standard !== undefined) complain(`${path}.default`, `Only one partition can be the default, and \`${standard.partition.name}\` already is.`)
  }
}
