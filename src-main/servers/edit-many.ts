import type { ConfigurationDifference, EditManyAnswer } from '#contract/calls.ts'
import type { IncomingChanges, OutgoingChanges } from '#contract/edit-many.ts'
import type { IncomingServerDraft } from '#contract/incoming-server.ts'
import type { OutgoingServerDraft } from '#contract/outgoing-server.ts'
import { ProblemError, type InputIssue } from '#contract/problem.ts'
import { incomingProtocols } from '#contract/protocols.ts'
import { difference, sameData } from './compare-configurations.ts'
import type { Caller, ConfigurationNeeds } from './configuration-needs.ts'
import type { ServerRow } from './configuration-tables.ts'
import type { ReadyServer } from './connection-secrets.ts'
import { serverNamed } from './find-named.ts'
import { readConfiguration, type PresentConfiguration } from './present-configuration.ts'
import { printConfiguration } from './print-configuration.ts'
import { checkedReason, recordChange } from './record-change.ts'
import type { AnyServer, ServerKind } from './server-kind.ts'
import { tidyServer } from './tidy-server.ts'

export type EditManyOrder<Changes> = { names: readonly string[]; changes: Changes; tryOnly: boolean; reason: string | null }
type Edited<Draft> = { row: ServerRow<Draft>; next: Draft }

/**
 * The same change in many servers: all of them in one transaction, an entry of the history each, and the configuration before it among the earlier ones;
 * secrets stay. Throws ProblemError `not-found`, `server-is-running`, and `invalid-input` that names the servers which it would break.
 */
export const createEditMany = <Draft extends AnyServer, Ready extends ReadyServer, Changes extends object>(needs: ConfigurationNeeds, kind: ServerKind<Draft, Ready>, change: (server: Draft, changes: Changes) => Draft) => {
  const { database, tables } = needs

  const plan = (present: PresentConfiguration, { names, changes }: EditManyOrder<Changes>): Edited<Draft>[] => {
    if (Object.keys(changes).length === 0) throw new ProblemError({ code: 'invalid-input', issues: [{ path: 'changes', message: 'Choose at least one field to change.' }] })
    const rows = kind.rows(present)
    const all = [...new Set(names)].map((name) => serverNamed(kind.what, rows, name)).map((row) => ({ row, next: tidyServer(change(row.server, changes)) }))
    const after = kind.withChanged(present, all.map(({ next }) => next))
    const faults = all.flatMap((edited) => newFaults(edited, present, after))
    if (faults.length > 0) throw new ProblemError({ code: 'invalid-input', issues: byFault(faults) })
    return all.filter(({ row, next }) => !sameData(row.server, next))
  }

  /** A draft may lack what it lacked before. */
  const newFaults = ({ row, next }: Edited<Draft>, present: PresentConfiguration, after: PresentConfiguration): Fault[] => {
    const before = kind.readiness(row.server, present).issues
    return kind.readiness(next, after).issues.filter((issue) => !before.some(({ path, message }) => path === issue.path && message === issue.message)).map((issue) => ({ ...issue, server: next.name }))
  }

  const apply = (order: EditManyOrder<Changes>, { who }: Caller): Promise<{ earlier: number | null; edited: Edited<Draft>[] }> =>
    database.transaction(async (transaction) => {
      const present = await readConfiguration(tables, transaction)
      const edited = plan(present, order)
      const reason = checkedReason(present.settings, order.reason)
      if (edited.length === 0) return { earlier: null, edited }
      for (const { row } of edited) kind.refuseChange(row.server)
      const at = needs.now()
      const earlier = await tables.earlier.add(transaction, { at: at.toISOString(), who, before: `change of ${edited.length} ${kind.what}${edited.length === 1 ? '' : 's'}`, incoming: present.incoming.length, outgoing: present.outgoing.length, yaml: printConfiguration(present) })
      for (const { row, next } of edited) {
        await kind.table.update(transaction, row.id, next)
        await kind.table.keepTest(transaction, row.id, null)
        await recordChange(tables.history, transaction, at, { who, what: kind.what, name: next.name, from: kind.form(row.server), to: kind.form(next), version: next, reason })
      }
      return { earlier, edited }
    })

  return async (order: EditManyOrder<Changes>, caller: Caller): Promise<EditManyAnswer> => {
    const { earlier, edited } = order.tryOnly ? { earlier: null, edited: plan(await readConfiguration(tables, database), order) } : await apply(order, caller)
    if (earlier !== null) needs.announce('servers-changed', { kind: kind.kind })
    const differences = edited.flatMap(({ row, next }): ConfigurationDifference[] => difference(kind.what, next.name, kind.form(row.server), kind.form(next)))
    return { differences, running: edited.filter(({ row }) => isRunning(row.server)).map(({ row }) => row.server.name), notStarted: [], earlier }
  }
}

const isRunning = (server: AnyServer & { enabled?: boolean }): boolean => server.enabled === true

/** The server with the fields put where it has them; what its protocol does not have stays as it is. */
export const changedIncoming = (server: IncomingServerDraft, { stopAfter, minTlsVersion, push, ...plain }: IncomingChanges): IncomingServerDraft => ({
  ...server, ...defined(plain),
  push: push === undefined || !incomingProtocols[server.protocol].has.push ? server.push : push,
  errorFolder: stopAfter === undefined ? server.errorFolder : { ...server.errorFolder, stopAfter },
  tls: minTlsVersion === undefined ? server.tls : { ...server.tls, minVersion: minTlsVersion }
})

export const changedOutgoing = (server: OutgoingServerDraft, { minTlsVersion, alternateServer, ...plain }: OutgoingChanges): OutgoingServerDraft => ({
  ...server, ...defined(plain),
  alternate: alternateServer === undefined ? server.alternate : alternateServer === null ? null : { server: alternateServer, returnToPrimary: server.alternate?.returnToPrimary ?? 'manual', afterFailures: server.alternate?.afterFailures ?? 1 },
  tls: minTlsVersion === undefined ? server.tls : { ...server.tls, minVersion: minTlsVersion }
})

type Defined<Given> = { [Key in keyof Given]?: Exclude<Given[Key], undefined> }
const defined = <Given extends object>(given: Given): Defined<Given> => Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Defined<Given>

type Fault = { path: string; message: string; server: string }

/** The same fault of many servers is one issue, which names some of them. */
const byFault = (faults: readonly Fault[]): InputIssue[] =>
  [...Map.groupBy(faults, ({ path, message }) => `${path}\n${message}`).values()].flatMap((same) => {
    const names = same.map(({ server }) => server)
    const [first] = same
    const field = first === undefined ? undefined : ({ 'errorFolder.stopAfter': 'stopAfter', 'tls.minVersion': 'minTlsVersion', 'alternate.server': 'alternateServer' }[first.path] ?? first.path)
    return first === undefined ? [] : [{ path: `changes.${field}`, message: `${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}: ${first.message}` }]
  })
