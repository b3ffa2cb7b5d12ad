import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { partition, settings as settingsSchema, type Partition, type Settings } from '#contract/settings.ts'
import { createClearing } from '../src-main/intake/create-clearing.ts'
import { openContentStore } from '../src-main/content/open-content-store.ts'
import { packFiles } from '../src-main/content/pack-files.ts'
import { contentKeys, packFile, unsealContent } from '../src-main/content/pack-file.ts'
import { diskRoomOf } from '../src-main/data-folder/disk-room.ts'
import { writeInFolder } from '../src-main/data-folder/write-in-folder.ts'
import { mailTables } from '../src-main/database/mail-tables.ts'
import { openDatabase } from '../src-main/database/open-database.ts'
import { retentionTable } from '../src-main/database/retention-table.ts'
import { createErrorRecords } from '../src-main/error-folder/record.ts'
import { createIntake } from '../src-main/intake/create-intake.ts'
import { forgetLines } from '../src-main/log/forget-lines.ts'
import { parseMessage } from '../src-main/processing/parsing/parse-message.ts'
import { createStoredMessages } from '../src-main/requests/stored-messages.ts'
import { createRetention } from '../src-main/retention/create-retention.ts'
import { createWorks } from '../src-main/work/works.ts'

export type Mail = { raw: string | Buffer; receivedAt: string; partition?: string }
const dataKey = Buffer.alloc(32, 9)

/** A data folder with real files, a database and threads, that mail can be put into as if it had been processed. */
export async function createRetentionOffice({ graceMs = 0, at = '2026-11-21T12:00:00.000Z', folder: given = null as string | null } = {}) {
  const folder = given ?? (await mkdtemp(join(tmpdir(), 'mailroom-retention-')))
  const contentFolder = join(folder, 'content')
  const warnings: string[] = []
  const database = await openDatabase({ folder: join(folder, 'database'), dataKey, log: { warning: (text) => warnings.push(text) } })
  const content = openContentStore({ folder: contentFolder, dataKey })
  const intake = createIntake({ contentFolder, dataKey })
  const clearing = createClearing({ contentFolder, dataKey })
  const records = createErrorRecords({ folder: join(folder, 'errors'), write: writeInFolder, dataKey: async () => dataKey, redact: (text) => text })
  const settings: Settings = settingsSchema.parse({})
  const partitions: Partition[] = [partition.parse({ name: 'IT', default: true }), partition.parse({ name: 'HR' })]
  const events: [string, unknown][] = []
  const time = { now: Date.parse(at) }
  let isClosed = false
  const timers: { at: number; work: () => void }[] = []
  const works = createWorks()
  const tables = { ...mailTables, retention: retentionTable }
  const retention = createRetention({
    folder, diskRoom: () => diskRoomOf(folder), database, tables, packs: packFiles(contentFolder), content, intake, clearing, records, works, graceMs,
    forgetLog: (before) => forgetLines(join(folder, 'logs'), before), settings: async () => settings, partitions: async () => partitions, sources: { incoming: async () => [] },
    clock: { now: () => time.now, elapsed: () => time.now, after: (ms, work) => { const timer = { at: time.now + ms, work }; timers.push(timer); return () => void timers.splice(timers.indexOf(timer), 1) } },
    announce: (name, detail) => void events.push([name, detail]), logWarning: (text) => void warnings.push(text), reportUnexpected: (thrown) => void warnings.push(String(thrown))
  })
  let requests = Number((await database.all('SELECT COALESCE(MAX(number), 0) AS newest FROM requests'))[0]?.['newest'])

  /** Each mail becomes a request with one entry, whose number and id are the same. */
  const take = async (mails: readonly Mail[]): Promise<number[]> => {
    const taken = await intake.take(mails.map(({ raw }) => Buffer.from(raw)))
    const rows = mails.map((mail, index) => ({ number: ++requests, mail, stored: taken[index]?.stored, parsed: taken[index]?.parsed }))
    await database.transaction(async (transaction) => {
      await tables.contents.add(transaction, rows.flatMap(({ stored }) => stored ?? []))
      await tables.requests.add(transaction, rows.map(({ number, mail, parsed }) => ({
        number, subject: parsed?.content.subject ?? '', status: 'open', requester: 'ann@example.com', partition: mail.partition ?? 'IT', server: 'it', messageId: null, createdAt: mail.receivedAt, replies: 0, attachments: 0, values: {}
      })))
      await tables.entries.add(transaction, rows.map(({ number, mail, stored }) => ({ id: number, request: number, kind: 'request', content: stored?.address ?? '', receivedAt: mail.receivedAt, steps: [], stripped: [], originalKept: true })))
    })
    return rows.map(({ number }) => number)
  }
  const fail = async (mail: Mail, subject: string): Promise<number> => {
    const record = await records.write({ at: mail.receivedAt, server: 'it', uid: '7', problem: { code: 'message-empty' }, exception: '', steps: [], headers: [] })
    const [taken] = await intake.take([Buffer.from(mail.raw)])
    const id = (await tables.errors.newest(database)) + 1
    await database.transaction(async (transaction) => {
      if (taken !== undefined) await tables.contents.add(transaction, [taken.stored])
      await tables.errors.add(transaction, [{ id, serverId: 1, server: 'it', uid: '7', subject, from: '', messageId: null, code: 'message-empty', failedAt: mail.receivedAt, size: 1, where: 'error-folder', content: taken?.stored.address ?? null, record, request: null }])
    })
    return id
  }
  return {
    folder, contentFolder, database, tables, content, intake, clearing, records, settings, partitions, retention, works, events, warnings, time, timers, take, fail,
    messages: createStoredMessages({ database, tables, content, parse: parseMessage }),
    /** Everything that any file of the folder holds, one after the other. */
    async allBytes(): Promise<Buffer> {
      const names = await readdir(folder, { recursive: true, withFileTypes: true })
      return Buffer.concat(await Promise.all(names.filter((one) => one.isFile()).map((one) => readFile(join(one.parentPath, one.name)))))
    },
    /** All packs taken apart: what each record that a row names holds, and how many bytes belong to none. */
    async walk(): Promise<{ texts: string[]; strayBytes: number }> {
      const keys = contentKeys(dataKey)
      const rows = await database.all<{ address: string; pack: number; offset: number; length: number }>('SELECT address, pack, "offset", length FROM contents')
      let strayBytes = 0
      const texts: string[] = []
      for (const name of await readdir(contentFolder)) {
        const bytes = await readFile(join(contentFolder, name))
        const own = rows.filter(({ pack }) => pack === Number(name.slice(5)))
        strayBytes += bytes.length - own.reduce((sum, { length }) => sum + length, 0)
        for (const { address, offset, length } of own) texts.push(unsealContent(keys, address, bytes.subarray(offset, offset + length))?.toString('latin1') ?? 'unreadable')
      }
      return { texts, strayBytes }
    },
    /** The sealed bytes of a message as they lie on the disk now. */
    async sealedBytes(address: string): Promise<Buffer> {
      const place = await tables.contents.placeOf(database, address)
      if (place === null) throw new Error(`no content ${address}`)
      return (await readFile(packFile(contentFolder, place.pack))).subarray(place.offset, place.offset + place.length)
    },
    async close(keep = false): Promise<void> {
      if (isClosed) return
      isClosed = true
      await retention.close()
      await intake.close()
      await content.close()
      await database.close()
      if (!keep) await rm(folder, { recursive: true, force: true })
    }
  }
}
