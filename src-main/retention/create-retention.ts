import type { ParsedInput } from '#contract/calls.ts'
import { ProblemError } from '#contract/problem.ts'
import type { CleanUp, StorageUsage } from '#contract/storage.ts'
import { createTurns } from '../fetching/turns.ts'
import { cleanUp } from './clean-up.ts'
import { deleteRetired, leftBehind } from './reclaim-packs.ts'
import type { RetentionNeeds } from './retention-needs.ts'
import { readRules } from './retention-rules.ts'
import { storageUsage } from './storage-usage.ts'

export type Retention = {
  usage(): Promise<StorageUsage>
  /** The call `storage.clean-up`. Throws ProblemError `already-running`, `cancelled`, `disk-full`. */
  cleanUp(input: ParsedInput<'storage.clean-up'>): Promise<CleanUp>
  /** To be awaited before any message is taken in. */
  begin(): Promise<void>
  close(): Promise<void>
}

const day = 24 * 3_600_000
const afterStartMs = 2 * 60_000
const nothing: CleanUp = { originals: 0, texts: 0, errorRecords: 0, logLines: 0, freedBytes: 0, pendingBytes: 0 }
/** So long after the last clean-up none begins by itself: the clock may have been set wrong, and what is deleted does not come back. */
const longPause = 14 * day
const defaultGraceMs = 15 * 60_000

/** Keeps what the settings say for as long as they say: a clean-up shortly after the start, once a day, and when it is asked for. */
export function createRetention(needs: RetentionNeeds): Retention {
  const { clock, tables, database, announce, works } = needs
  const graceMs = needs.graceMs ?? defaultGraceMs
  const turns = createTurns()
  const touched = new Set<number>()
  const closing = new AbortController()
  let isRunning = false
  let hasBegun = false
  let callOffDaily = (): void => undefined
  let callOffDeletion = (): void => undefined

  const clean = async (signal: AbortSignal, workId: string): Promise<CleanUp> => {
    if (isRunning) throw new ProblemError({ code: 'already-running', what: 'A clean-up' })
    isRunning = true
    try {
      const progress = (what: string, done: number, total: number | null): void => announce('work-progressed', { workId, what, done, total })
      const answer = await turns(() => cleanUp(needs, { signal: AbortSignal.any([signal, closing.signal]), touched, progress }))
      const freed = await deleteDue()
      return { ...answer, freedBytes: answer.freedBytes + Math.min(freed, answer.pendingBytes), pendingBytes: Math.max(0, answer.pendingBytes - freed) }
    } finally {
      isRunning = false
      announce('storage-changed', {})
    }
  }
  // Before it begins nothing is on its way into a pack.
  const deleteDue = async (grace = hasBegun ? graceMs : null): Promise<number> => {
    callOffDeletion()
    const { bytes, nextAt } = await turns(() => deleteRetired(needs, grace))
    if (nextAt !== null && !closing.signal.aborted) callOffDeletion = clock.after(Math.max(1_000, nextAt - clock.now()), () => inBackground(deleteDue().then(() => announce('storage-changed', {})), 'deleting files of messages that were removed'))
    return bytes
  }
  const inBackground = (work: Promise<unknown>, during: string): void => void work.catch((thrown: unknown) => (closing.signal.aborted ? undefined : needs.reportUnexpected(thrown, during)))
  const daily = async (): Promise<void> => {
    const last = await tables.retention.lastCleanUp(database)
    const dueAt = Math.max(clock.now() + afterStartMs, last === null ? 0 : Date.parse(last.at) + day)
    if (closing.signal.aborted) return
    callOffDaily = clock.after(Math.min(day, dueAt - clock.now()), () => inBackground(byItself().finally(() => inBackground(daily(), 'planning the next clean-up')), 'the daily clean-up'))
  }
  const byItself = async (): Promise<void> => {
    if (await isDoubtful()) return
    try {
      await clean(closing.signal, `clean-up-${clock.now()}`)
    } catch (thrown) {
      if (!(thrown instanceof ProblemError)) throw thrown
      if (thrown.problem.code !== 'already-running' && thrown.problem.code !== 'cancelled') needs.logWarning(`the daily clean-up ended early: ${thrown.problem.code}`)
    }
  }

  /** After a long pause one is left out, and noted, so that somebody has a day to set the clock right. */
  const isDoubtful = async (): Promise<boolean> => {
    const last = await tables.retention.lastCleanUp(database)
    if (last === null || Math.abs(clock.now() - Date.parse(last.at)) < longPause) return false
    const removable = await tables.retention.removable(database, (await readRules(needs, clock.now())).before)
    await database.transaction((transaction) => tables.retention.addCleanUp(transaction, new Date(clock.now()).toISOString(), nothing))
    const due = removable.originals + removable.texts + removable.errorRecords
    if (due > 0) needs.logWarning(`the clock says that the last clean-up was on ${last.at.slice(0, 10)}; ${due} messages and records are past their periods by that clock and go with the next one, in a day`)
    announce('storage-changed', {})
    return true
  }

  return {
    usage: () => storageUsage(needs),
    async cleanUp({ workId }) {
      const signal = works.start(workId)
      try {
        return await clean(signal, workId)
      } finally {
        works.end(workId)
      }
    },
    async begin() {
      await deleteDue()
      for (const pack of await leftBehind(needs)) touched.add(pack)
      hasBegun = true
      await daily()
    },
    async close() {
      closing.abort(new ProblemError({ code: 'cancelled' }))
      callOffDaily()
      callOffDeletion()
      await turns(() => needs.clearing.close())
    }
  }
}
