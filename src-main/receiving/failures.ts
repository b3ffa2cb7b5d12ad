import type { MailSource } from '#contract/incoming-server.ts'
import type { EventListener } from '../console.ts'
import type { Database } from '../database/database.ts'
import type { MailTables } from '../database/mail-tables.ts'
import type { Clock } from '../fetching/clock.ts'
import type { FailedMessage, TellPeople } from '../notices/tell-people.ts'
import { nativeMailName, nativeServerId } from './native-origin.ts'

export type FailuresNeeds = {
  database: Database
  tables: Pick<MailTables, 'errors'>
  tell: Pick<TellPeople, 'messagesFailed'>
  announce: EventListener
  clock: Clock
  reportUnexpected: (thrown: unknown, during: string) => void
}

/** People are told together of what failed in this time: one bad sender is one notice, not hundreds. */
const togetherMs = 5_000

/** Tells the window and people of messages that became error records, some together. `close` tells of what is left. */
export function createFailures(needs: FailuresNeeds): { add(source: MailSource, failed: readonly FailedMessage[]): void; close(): Promise<void> } {
  let gathered: FailedMessage[] = []
  let of: MailSource | null = null
  let callOff: (() => void) | null = null
  let telling: Promise<void> = Promise.resolve()

  const tell = async (): Promise<void> => {
    const [source, failed] = [of, gathered]
    callOff?.()
    callOff = null
    gathered = []
    if (source === null || failed.length === 0) return
    needs.announce('errors-changed', { server: nativeMailName, count: (await needs.tables.errors.countOpen(needs.database, nativeServerId)).open })
    await needs.tell.messagesFailed(source, failed)
  }
  const tellNow = (): void => void (telling = telling.then(tell).catch((thrown: unknown) => needs.reportUnexpected(thrown, 'telling of messages that failed')))
  return {
    add(source, failed) {
      of = source
      gathered.push(...failed)
      callOff ??= needs.clock.after(togetherMs, tellNow)
    },
    close() {
      tellNow()
      return telling
    }
  }
}
