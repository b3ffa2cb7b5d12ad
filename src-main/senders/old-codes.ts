import type { Database } from '../database/database.ts'
import type { Clock } from '../fetching/clock.ts'
import { codeLimits } from '../model/code-rules.ts'
import type { CodeMailsTable } from './sender-table.ts'

export type OldCodesNeeds = { database: Database; codeMails: CodeMailsTable; clock: Pick<Clock, 'now' | 'after'>; announce: (name: 'outbox-changed', detail: Record<never, never>) => void; reportUnexpected: (thrown: unknown, during: string) => unknown }

const everyMs = 5 * 60_000

/** Takes mail out of the outbox whose code holds no more and that nobody could be sent: it would only confuse. */
export function createOldCodes({ database, codeMails, clock, announce, reportUnexpected }: OldCodesNeeds): { begin(): void; close(): Promise<void> } {
  let callOff = (): void => undefined
  let underWay: Promise<unknown> = Promise.resolve()
  let closed = false
  const sweep = async (): Promise<void> => {
    const dropped = await database.transaction((transaction) => codeMails.drop(transaction, { before: new Date(clock.now() - codeLimits.validMs).toISOString() }))
    if (dropped > 0) announce('outbox-changed', {})
  }
  const look = (): void => {
    underWay = sweep().catch((thrown: unknown) => reportUnexpected(thrown, 'taking old codes out of the outbox')).finally(() => { if (!closed) callOff = clock.after(everyMs, look) })
  }
  return {
    begin: look,
    async close() {
      closed = true
      callOff()
      await underWay
    }
  }
}
