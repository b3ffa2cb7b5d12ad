import { ProblemError } from '#contract/problem.ts'
import type { HistoryEntry } from '#contract/history.ts'
import type { Settings } from '#contract/settings.ts'
import type { Transaction } from '../database/database.ts'
import { formDifference, type Form } from '../model/configuration-difference.ts'
import type { HistoryTable } from './configuration-tables.ts'

/** Who changed what and why; `who` is a name for people. */
export type Change = {
  who: string
  what: HistoryEntry['what']
  name: string
  /** As before and after; null for what was not there, or is no more. */
  from: Form | null
  to: Form | null
  /** The document itself as it is to be gone back to: after the change, or before it for what is no more. */
  version: unknown
  secretChanged?: boolean
  /** Where it is more than that something was added, changed or deleted. */
  action?: HistoryEntry['action'] | undefined
  reason: string | null
}

/** Writes a change down, field by field; a change of nothing is not written. No secret can be in it: forms have none. */
export const recordChange = async (history: HistoryTable, transaction: Transaction, at: Date, change: Change): Promise<void> => {
  const changes = formDifference(change.from, change.to)
  if (change.secretChanged === true) changes.push({ field: 'secret', from: '', to: 'changed' })
  if (changes.length === 0) return
  const action = change.action ?? (change.from === null ? 'added' : change.to === null ? 'deleted' : 'changed')
  await history.add(transaction, { at: at.toISOString(), who: change.who, what: change.what, name: change.name, action, changes, reason: change.reason, version: change.version })
}

/** The reason as it is written down. Throws ProblemError `invalid-input` at `reason` where one is required and none is given. */
export const checkedReason = (settings: Settings, reason: string | null): string | null => {
  const given = reason === null || reason.trim() === '' ? null : reason.trim()
  if (given === null && settings.history.reasonRequired)
    throw new ProblemError({ code: 'invalid-input', issues: [{ path: 'reason', message: 'Say why you make this change; the settings ask for a reason.' }] })
  return given
}
