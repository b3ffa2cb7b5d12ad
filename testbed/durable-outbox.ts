import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { partition, settings } from '../src-contract/settings.ts'
import { bootOf, createWireNotes } from '../src-main/data-folder/wire-notes.ts'
import { mailTables } from '../src-main/database/mail-tables.ts'
import { openDatabase, type FileDatabase } from '../src-main/database/open-database.ts'
import type { NewMail } from '../src-main/database/outbox-table.ts'
import { createComposeOutboxMail } from '../src-main/delivery/compose-outbox-mail.ts'
import { createOutbox, type Outbox } from '../src-main/delivery/outbox.ts'
import { createRoutes } from '../src-main/delivery/routes.ts'
import { systemClock } from '../src-main/fetching/clock.ts'
import { composeMessage } from '../src-main/mail/smtp/compose-message.ts'
import { createSmtpTransport } from '../src-main/mail/smtp/smtp-transport.ts'
import { noSecrets, smtpWithoutSignIn } from './smtp-without-sign-in.ts'

export type DurableOutbox = {
  database: FileDatabase
  outbox: Outbox
  /** Puts mails in, a hundred with one commit as the way of a message does, and wakes the outbox after each. */
  put(mails: readonly Pick<NewMail, 'to' | 'subject' | 'content'>[]): Promise<void>
  /** Resolves when so many mails have been sent, and that is on disk. */
  sent(count: number): Promise<void>
  close(): Promise<void>
}

/** So many mails as the desk answers with: lines of text that make so many bytes, each to another person. */
export function answersToSend(count: number, bytes: number): { to: string; subject: string; content: string }[] {
  const content = 'Your request was received and will be looked at within a working day.\n'.repeat(Math.ceil(bytes / 70)).slice(0, bytes)
  return Array.from({ length: count }, (_, index) => ({ to: `person-${index}@example.org`, subject: `Received: question ${index}`, content }))
}

/** The outbox of the product over the product's database in a folder on a real disk and the product's SMTP; one server at this port of this computer. */
export async function openDurableOutbox({ port, connections, within }: { port: number; connections: number; within: string }): Promise<DurableOutbox> {
  const folder = mkdtempSync(join(within, 'outbox-bench-'))
  const database = await openDatabase({ folder, dataKey: randomBytes(32), log: { warning: (text) => void process.stderr.write(`${text}\n`) } })
  const server = smtpWithoutSignIn(port, { replyTo: 'desk@example.com', timeoutMs: 30_000, mostConnections: connections, conversationId: { attach: false, location: 'subject', prefix: '##' } })
  const stored = { id: 1, server, ready: server, issues: [], lastTest: null }
  const desk = partition.parse({ name: 'Desk', outgoing: 'main', default: true })
  const all = settings.parse({})
  const sources = { outgoing: async () => [stored], outgoingFor: async () => stored, partitions: async () => [desk], settings: async () => all, connectionFor: async () => noSecrets }
  const smtp = createSmtpTransport()
  const fail = (thrown: unknown, during: string): never => { throw new Error(`failed ${during}`, { cause: thrown }) }
  const quiet = { announce: () => undefined, subscribe: () => undefined, clock: systemClock, reportUnexpected: fail }
  const outbox = createOutbox({
    wire: createWireNotes({ file: join(folder, 'outbox-wire'), folder, boot: bootOf() }),
    ...quiet, database, tables: mailTables, sources, transports: { smtp, ews: smtp, graph: smtp, google: smtp }, chance: Math.random, mayNotSend: async () => null, transcriptFor: () => null, safeHtml: (html) => html,
    routes: createRoutes({ ...quiet, sources, ring: async () => undefined, healthOf: async () => ({ healthy: true, signInTrouble: false }) }),
    compose: createComposeOutboxMail({ compose: composeMessage, sign: async (_server, raw) => raw, newId: randomUUID, format: async () => 'plain', formatOf: async () => null }),
    notify: { ring: async () => true }, bell: { ring: async () => true }
  })
  outbox.begin()
  return {
    database, outbox,
    async put(mails) {
      for (let start = 0; start < mails.length; start += 100) {
        const at = new Date().toISOString()
        await database.transaction((transaction) => mailTables.outbox.add(transaction, mails.slice(start, start + 100).map((mail): NewMail => ({ ...mail, partition: 'Desk', inReplyTo: null, messageId: `<${randomUUID()}@example.com>`, request: null, createdAt: at, tries: 0, nextAt: at, problem: null }))))
        outbox.wake()
      }
    },
    async sent(count) {
      // Asked seldom: what is asked here takes the time of the thread that is measured.
      while ((await database.all(`SELECT id FROM outbox WHERE state IN ('waiting', 'sending') LIMIT 1`)).length > 0) await new Promise((resolve) => setTimeout(resolve, 5))
      const { sent } = await mailTables.outbox.countStates(database)
      if (sent !== count) throw new Error(`${sent} mails were sent, not ${count}`)
    },
    async close() {
      await outbox.close()
      await database.close()
      rmSync(folder, { recursive: true, force: true })
    }
  }
}
