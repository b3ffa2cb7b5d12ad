import type { ParsedInput } from '#contract/calls.ts'
import { ProblemError } from '#contract/problem.ts'
import type { Partition } from '#contract/settings.ts'
import type { Transaction } from '../database/database.ts'
import { incomingForm, settingsForm } from './configuration-form.ts'
import type { Caller, ConfigurationNeeds } from './configuration-needs.ts'
import { copyForPartition, secretsOfCopy, storeCopy, type CopiedServer } from './copy-for-partition.ts'
import { notFound, refuseTakenName } from './find-named.ts'
import { namesOf, readConfiguration, type PresentConfiguration } from './present-configuration.ts'
import { outgoingFault } from './outgoing-references.ts'
import { checkedReason, recordChange, type Change } from './record-change.ts'
import { settingsUsing, withRenamedPartition } from './references.ts'
import { withSecrets } from './server-secrets.ts'
import { storePartitions } from './store-partitions.ts'

/** `copyOutgoing` left out: no. */
type SaveOrder = Omit<ParsedInput<'partitions.save'>, 'copyOutgoing'> & { copyOutgoing?: boolean }

/** Use cases on partitions. There is always exactly one default. */
export const createPartitions = (needs: ConfigurationNeeds) => {
  const { database, tables } = needs

  const list = async (): Promise<Partition[]> => (await readConfiguration(tables, database)).partitions

  /** Incoming servers, settings and what the partition has follow when it is renamed. Throws ProblemError `not-found`, `name-taken`, `invalid-input`. */
  const save = async ({ copyOutgoing = false, ...input }: SaveOrder, caller: Caller, action?: 'restored'): Promise<void> => {
    if (!copyOutgoing) return store(input, caller, null, action)
    const copied = copyForPartition(await readConfiguration(tables, database), input.partition.name)
    await withSecrets(needs.credentials, await secretsOfCopy(needs.credentials, copied), () => store({ ...input, partition: { ...input.partition, outgoing: copied.server.name } }, caller, copied, action))
  }

  const store = (input: SaveOrder, { who }: Caller, copied: CopiedServer | null, action?: 'restored'): Promise<void> =>
    changing(async (transaction, before) => {
      const { was, partition } = input
      if (copied !== null) await storeCopy(needs, transaction, before, copied, { who, reason: input.reason })
      const present = copied === null ? before : await readConfiguration(tables, transaction)
      checkPartition(present, input)
      const others = present.partitions.filter((other) => other.name !== was).map((other) => (partition.default ? { ...other, default: false } : other))
      const renamed = was === null || was === partition.name ? undefined : { was, name: partition.name }
      await storePartitions(needs, transaction, present, { next: [...others, partition], renamed, who, reason: checkedReason(present.settings, input.reason), restored: action === undefined ? undefined : partition.name })
      if (renamed === undefined) return
      const record = (change: Pick<Change, 'what' | 'name' | 'from' | 'to' | 'version'>): Promise<void> => recordChange(tables.history, transaction, needs.now(), { ...change, who, reason: checkedReason(present.settings, input.reason) })
      for (const { id, server } of present.incoming.filter((row) => row.server.partition === was)) {
        const followed = { ...server, partition: partition.name }
        await tables.incoming.update(transaction, id, followed)
        await record({ what: 'incoming server', name: server.name, from: incomingForm(server), to: incomingForm(followed), version: followed })
      }
      await tables.partitions.rename(transaction, renamed.was, renamed.name)
      if (settingsUsing(present.settings, renamed.was).length === 0) return
      const followed = withRenamedPartition(present.settings, renamed.was, renamed.name)
      await tables.settings.put(transaction, followed)
      await record({ what: 'settings', name: 'settings', from: settingsForm(present.settings), to: settingsForm(followed), version: followed })
    })

  /** Throws ProblemError `not-found`, and `in-use` where servers, help desks or native mail belong to it. */
  const remove = ({ name, reason }: ParsedInput<'partitions.delete'>, { who }: Caller): Promise<void> =>
    changing(async (transaction, present) => {
      const partition = present.partitions.find((candidate) => candidate.name === name)
      if (partition === undefined) throw notFound('partition', name, namesOf(present.partitions))
      const by = [...present.incoming.filter(({ server }) => server.partition === name).map(({ server }) => server.name), ...settingsUsing(present.settings, name)]
      if (by.length > 0) throw new ProblemError({ code: 'in-use', what: 'partition', name, by })
      if (partition.default) throw invalid('name', 'This is the default partition. Make another one the default first.')
      const next = present.partitions.filter((other) => other !== partition)
      await storePartitions(needs, transaction, present, { next, who, reason: checkedReason(present.settings, reason) })
    })

  const changing = async (change: (transaction: Transaction, present: PresentConfiguration) => Promise<void>): Promise<void> => {
    await database.transaction(async (transaction) => change(transaction, await readConfiguration(tables, transaction)))
    needs.announce('settings-changed', {})
    needs.announce('servers-changed', { kind: 'incoming' })
    needs.announce('servers-changed', { kind: 'outgoing' })
  }
  return { list, save, delete: remove }
}

/** Throws ProblemError `not-found`, `name-taken`, `invalid-input`. */
export const checkPartition = ({ partitions, outgoing }: PresentConfiguration, { was, partition }: SaveOrder): void => {
  const names = namesOf(partitions)
  if (was !== null && !names.includes(was)) throw notFound('partition', was, names)
  refuseTakenName('partition', partition.name, was, names)
  if (partitions.some((present) => present.default && present.name === was) && !partition.default)
    throw invalid('partition.default', 'One partition has to be the default. Make another one the default instead.')
  const fault = partition.outgoing === null ? null : outgoingFault(partition.outgoing, outgoing.map((row) => row.server.name))
  if (fault !== null) throw invalid('partition.outgoing', fault)
}

const invalid = (path: string, message: string): ProblemError => new ProblemError({ code: 'invalid-input', issues: [{ path, message }] })
