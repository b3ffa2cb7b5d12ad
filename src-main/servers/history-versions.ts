import type { CallAnswer, ParsedInput } from '#contract/calls.ts'
import type { HistoryEntry, HistoryVersion } from '#contract/history.ts'
import type { IncomingServerDraft } from '#contract/incoming-server.ts'
import type { OutgoingServerDraft } from '#contract/outgoing-server.ts'
import { ProblemError } from '#contract/problem.ts'
import { formDifference } from '../model/configuration-difference.ts'
import type { Caller, ConfigurationNeeds } from './configuration-needs.ts'
import { earlierIncoming, earlierOutgoing, earlierPartition, earlierSettings, type Earlier } from './earlier-version.ts'
import { readConfiguration } from './present-configuration.ts'
import { checkedReason } from './record-change.ts'
import type { createPartitions } from './partitions.ts'
import type { createSettings } from './settings.ts'

/** Puts an earlier document in place of the stored one of the name `was`, null where it is gone; the history says that it was restored. */
export type Restore<Draft> = (order: { was: string | null; server: Draft; reason: string | null }, caller: Caller) => Promise<void>

export type HistoryVersionsNeeds = Pick<ConfigurationNeeds, 'database' | 'tables' | 'credentials'> & {
  restoreIncoming: Restore<IncomingServerDraft>
  restoreOutgoing: Restore<OutgoingServerDraft>
  savePartition: ReturnType<typeof createPartitions>['save']
  saveSettings: ReturnType<typeof createSettings>['save']
}

/** Use cases on earlier versions, for the calls `history.version` and `history.restore`. */
export const createHistoryVersions = (needs: HistoryVersionsNeeds) => {
  const { database, tables } = needs

  const read = async (id: number): Promise<{ entry: HistoryEntry; earlier: Earlier }> => {
    const found = await tables.history.find(database, id)
    if (found === null) throw new ProblemError({ code: 'not-found', what: 'history entry', name: String(id), nearest: null })
    const { entry, version } = found
    if (version === null) throw new ProblemError({ code: 'invalid-input', issues: [{ path: 'id', message: `Entry ${id} holds no version that could be gone back to.` }] })
    const present = await readConfiguration(tables, database)
    const renamings = await tables.history.renamings(database, { what: entry.what, after: id })
    const stored = new Set(await needs.credentials.accounts())
    if (entry.what === 'incoming server') return { entry, earlier: earlierIncoming(version, { present, renamings, stored }) }
    if (entry.what === 'outgoing server') return { entry, earlier: earlierOutgoing(version, { present, renamings, stored }) }
    if (entry.what === 'partition') return { entry, earlier: earlierPartition(version, { present, renamings, stored }) }
    return { entry, earlier: earlierSettings(version, { present, renamings, stored }) }
  }

  /** Throws ProblemError `not-found`, and `invalid-input` for an entry without a version. */
  const version = async ({ id }: ParsedInput<'history.version'>): Promise<HistoryVersion> => {
    const { entry, earlier } = await read(id)
    const differences = formDifference(earlier.now, earlier.then).map(({ field, from, to }) => ({ field, now: from, then: to }))
    return { entry, isGone: earlier.now === null, differences, issues: earlier.issues, warnings: earlier.warnings, canRestore: earlier.stop === null && differences.length > 0 }
  }

  /** Throws ProblemError as `history.version` and as saving does: `server-is-running`, `name-taken`, `in-use`, `invalid-input`. */
  const restore = async ({ id, reason }: ParsedInput<'history.restore'>, caller: Caller): Promise<CallAnswer<'history.restore'>> => {
    const { earlier } = await read(id)
    checkedReason((await readConfiguration(tables, database)).settings, reason)
    if (earlier.stop !== null) throw new ProblemError(earlier.stop)
    if (formDifference(earlier.now, earlier.then).length === 0) return { warnings: ['It is like that now; nothing was changed.'] }
    const { was } = earlier
    if (earlier.what === 'incoming server') await needs.restoreIncoming({ was, server: earlier.server, reason }, caller)
    else if (earlier.what === 'outgoing server') await needs.restoreOutgoing({ was, server: earlier.server, reason }, caller)
    else if (earlier.what === 'partition') await needs.savePartition({ was, partition: earlier.partition, reason }, caller, 'restored')
    else await needs.saveSettings({ settings: earlier.settings, reason }, caller, 'restored')
    return { warnings: earlier.warnings }
  }
  return { version, restore }
}
