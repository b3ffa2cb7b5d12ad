import { join } from 'node:path'
import { sourceNames } from '../receiving/source-names.ts'
import { measureFiles } from './measure-folder.ts'
import type { RetentionNeeds, Run } from './retention-needs.ts'
import type { Rules } from './retention-rules.ts'

const errorsAtOnce = 200

/** Takes away error records past their period, open ones too, as if each had been deleted by hand. The mail on its server stays. Throws the signal's reason. */
export async function removeErrors(needs: RetentionNeeds, run: Run, { before }: Rules, total: number): Promise<void> {
  const { errors, ledger, retention } = needs.tables
  const servers = new Set<number>()
  for (;;) {
    const due = await retention.dueErrors(needs.database, before.errorRecords, errorsAtOnce)
    if (due.length === 0) break
    const ids = due.map(({ id }) => id)
    const packs = await needs.database.transaction(async (transaction) => {
      await errors.delete(transaction, ids)
      await ledger.forgetErrors(transaction, ids)
      return retention.forgetUnused(transaction, due.flatMap(({ content }) => content ?? []))
    })
    for (const pack of packs) run.touched.add(pack)
    for (const { server } of due) servers.add(server)
    const records = due.map(({ record }) => record)
    run.taken.freedBytes += (await measureFiles(records.map((record) => join(needs.folder, 'errors', record)))).bytes
    await needs.records.discard(records)
    run.taken.errorRecords += due.length
    run.progress('Error records removed', run.taken.errorRecords, total)
    run.signal.throwIfAborted()
  }
  await tell(needs, servers)
}

async function tell({ sources, tables, database, announce }: RetentionNeeds, servers: ReadonlySet<number>): Promise<void> {
  if (servers.size === 0) return
  const names = await sourceNames(sources)
  for (const server of servers) announce('errors-changed', { server: names.get(server) ?? '', count: (await tables.errors.countOpen(database, server)).open })
}
