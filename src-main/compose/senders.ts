import { randomUUID } from 'node:crypto'
import { ProblemError } from '#contract/problem.ts'
import { configurationTables } from '../database/configuration-tables.ts'
import { mailTables } from '../database/mail-tables.ts'
import { codeMailsTable, senderAddressesTable } from '../database/sender-addresses-table.ts'
import { systemClock } from '../fetching/clock.ts'
import { newMailedCode } from '../senders/code-hash.ts'
import { codeSubjects, type CodeReason } from '../senders/code-mail.ts'
import { createSenders } from '../senders/create-senders.ts'
import { createOldCodes } from '../senders/old-codes.ts'
import type { CoreNeeds } from './core-needs.ts'
import type { Ground } from './ground.ts'

/** A first try of a mail is waited for so long. */
const patienceMs = 15_000

/** Sender addresses and their codes. `wakeOutbox` is asked only once the console has begun. */
export function composeSenders({ announce, subscribe, reportUnexpected }: Pick<CoreNeeds, 'announce' | 'subscribe' | 'reportUnexpected'>, { database, works, settings }: Pick<Ground, 'database' | 'works' | 'settings'>, { wakeOutbox, guessed }: { wakeOutbox: () => void; guessed: (who: string) => void }) {
  const tables = { ...configurationTables, outbox: mailTables.outbox, senders: senderAddressesTable, codeMails: codeMailsTable }
  const untilTried = (about: CodeReason) => (address: string, signal: AbortSignal): Promise<void> => untilMailTried({ database, subscribe, subject: codeSubjects[about] }, address, signal)
  return {
    senders: createSenders({ database, tables, clock: systemClock, works, settings, announce, newCode: newMailedCode, newId: randomUUID, wakeOutbox, guessed, untilTried: untilTried('sender') }),
    oldCodes: createOldCodes({ database, codeMails: codeMailsTable, clock: systemClock, announce, reportUnexpected }),
    untilTried: untilTried('second-factor')
  }
}
export type SendersRoom = ReturnType<typeof composeSenders>

/** Waits until the newest code mail to an address was tried. Throws ProblemError `cancelled`. */
async function untilMailTried({ database, subscribe, subject }: Pick<Ground, 'database'> & Pick<CoreNeeds, 'subscribe'> & { subject: string }, address: string, signal: AbortSignal): Promise<void> {
  const over = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)])
  let wake = (): void => undefined
  const unsubscribe = subscribe((name) => { if (name === 'outbox-changed') wake() })
  try {
    while (!over.aborted) {
      const changed = new Promise<void>((resolve) => (wake = resolve))
      const mail = (await codeMailsTable.newest(database, subject)).get(address)
      if (mail === undefined || mail.tries > 0 || (mail.state !== 'waiting' && mail.state !== 'sending')) return
      await Promise.race([changed, new Promise<void>((resolve) => over.addEventListener('abort', () => resolve(), { once: true }))])
    }
    if (signal.aborted) throw signal.reason instanceof Error ? signal.reason : new ProblemError({ code: 'cancelled' })
  } finally {
    unsubscribe()
  }
}
