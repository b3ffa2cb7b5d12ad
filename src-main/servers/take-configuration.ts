import type { CallAnswer } from '#contract/calls.ts'
import type { HistoryEntry } from '#contract/history.ts'
import { ProblemError } from '#contract/problem.ts'
import type { Transaction } from '../database/database.ts'
import type { Form } from '../model/configuration-difference.ts'
import { countsOf, sameData } from './compare-configurations.ts'
import { incomingForm, outgoingForm, settingsForm } from './configuration-form.ts'
import type { ConfigurationNeeds } from './configuration-needs.ts'
import type { ServerRow, ServersTable } from './configuration-tables.ts'
import type { ImportPlan, PlannedServer } from './plan-import.ts'
import { readConfiguration, type PresentConfiguration } from './present-configuration.ts'
import { printConfiguration } from './print-configuration.ts'
import { checkedReason, recordChange } from './record-change.ts'
import { accountOf, purposesOf, withSecrets } from './server-secrets.ts'
import { storePartitions } from './store-partitions.ts'

export type TakeOrder = {
  /** Works the change out on what is there; asked again inside the transaction. */
  planOn: (present: PresentConfiguration) => ImportPlan
  replace: boolean
  fileName: string
  reason: string | null
  who: string
  /** Names the act in the list of earlier configurations. */
  before: string
  action: 'imported' | 'rolled back'
  /** Secrets to be stored (null: deleted) by account. */
  secrets: ReadonlyMap<string, string | null>
}
type Taken = Omit<CallAnswer<'configuration.import'>, 'warnings'>

/**
 * Makes the configuration what a plan says: servers, partitions, settings, history and the earlier configuration in one transaction,
 * secrets with it; all of it or nothing. Throws ProblemError `invalid-configuration` with every issue, `invalid-input` at `reason`.
 */
export const createTakeConfiguration = ({ database, tables, credentials, now, announce }: ConfigurationNeeds) => {
  const take = async (order: TakeOrder): Promise<Taken> => {
    const taken = await withSecrets(credentials, order.secrets, () =>
      database.transaction(async (transaction) => {
        const present = await readConfiguration(tables, transaction)
        const reason = checkedReason(present.settings, order.reason)
        return store(transaction, present, soundPlan(order.planOn(present), order.fileName), { ...order, reason })
      })
    )
    announce('servers-changed', { kind: 'incoming' })
    announce('servers-changed', { kind: 'outgoing' })
    announce('settings-changed', {})
    return taken
  }

  const store = async (transaction: Transaction, present: PresentConfiguration, plan: ImportPlan, order: TakeOrder): Promise<Taken> => {
    const counts = countsOf(plan, present, order.replace)
    const earlier = await tables.earlier.add(transaction, {
      at: now().toISOString(), who: order.who, before: order.before, incoming: present.incoming.length, outgoing: present.outgoing.length, yaml: printConfiguration(present)
    })
    if (order.replace) {
      await removeServers(transaction, tables.incoming, plan.notInFile.incoming, 'incoming server', incomingForm, order)
      await removeServers(transaction, tables.outgoing, plan.notInFile.outgoing, 'outgoing server', outgoingForm, order)
    }
    await putServers(transaction, tables.incoming, plan.incoming, 'incoming server', incomingForm, order)
    await putServers(transaction, tables.outgoing, plan.outgoing, 'outgoing server', outgoingForm, order)
    if (!sameData(plan.partitions, present.partitions)) await storePartitions({ tables, now }, transaction, present, { next: plan.partitions, who: order.who, reason: order.reason })
    if (!sameData(plan.settings, present.settings)) {
      await tables.settings.put(transaction, plan.settings)
      await record(transaction, 'settings', 'settings', settingsForm(present.settings), settingsForm(plan.settings), plan.settings, order)
    }
    await recordAct(transaction, counts, order)
    return { ...counts, earlier }
  }

  const removeServers = async <Draft extends { name: string }>(
    transaction: Transaction, table: ServersTable<Draft>, rows: readonly ServerRow<Draft>[], what: HistoryEntry['what'], form: (server: Draft) => Form, order: TakeOrder
  ): Promise<void> => {
    for (const { id, server } of rows) {
      await table.delete(transaction, id)
      await record(transaction, what, server.name, form(server), null, server, order)
    }
  }

  const putServers = async <Draft extends { name: string }>(
    transaction: Transaction, table: ServersTable<Draft>, planned: readonly PlannedServer<Draft>[], what: HistoryEntry['what'], form: (server: Draft) => Form, order: TakeOrder
  ): Promise<void> => {
    for (const { server, was } of planned) {
      if (was === null) await table.insert(transaction, server)
      else if (!sameData(server, was.server)) {
        await table.update(transaction, was.id, server)
        await table.keepTest(transaction, was.id, null)
      }
      await record(transaction, what, server.name, was === null ? null : form(was.server), form(server), server, order)
    }
  }

  const record = (transaction: Transaction, what: HistoryEntry['what'], name: string, from: Form | null, to: Form | null, version: unknown, { who, reason, secrets }: TakeOrder): Promise<void> => {
    const secretChanged = to !== null && (what === 'incoming server' || what === 'outgoing server') && purposesOf(what === 'outgoing server' ? 'outgoing' : 'incoming').some((purpose) => typeof secrets.get(accountOf(name, purpose)) === 'string')
    return recordChange(tables.history, transaction, now(), { who, what, name, from, to, version, reason, secretChanged })
  }

  /** One entry that holds what belongs together; an import that changed nothing leaves none. */
  const recordAct = async (transaction: Transaction, counts: Omit<Taken, 'earlier'>, { who, fileName, action, reason }: TakeOrder): Promise<void> => {
    const changes = (['added', 'changed', 'removed'] as const).filter((kind) => counts[kind].length > 0).map((kind) => ({ field: kind, from: '', to: counts[kind].join(', ').slice(0, 2000) }))
    if (changes.length > 0) await tables.history.add(transaction, { at: now().toISOString(), who, what: 'configuration', name: fileName.split(/[\\/]/).at(-1)?.slice(0, 200) ?? '', action, changes, reason })
  }

  return take
}

/** Throws ProblemError `invalid-configuration` where the plan must not be carried out. */
export const soundPlan = (plan: ImportPlan, fileName: string): ImportPlan => {
  if (plan.issues.length > 0) throw new ProblemError({ code: 'invalid-configuration', file: fileName, issues: plan.issues })
  return plan
}
