import type { DueEntry } from '../database/retention-table.ts'
import type { Slimmed } from '../intake/clearing-messages.ts'
import { dueForRemoval } from '../model/due-for-removal.ts'
import type { RetentionNeeds, Run } from './retention-needs.ts'
import type { Rules } from './retention-rules.ts'

const entriesAtOnce = 100
const bytesAtOnce = 8 << 20

/** Takes from messages of requests what is past its period: the slim message is on disk first, then one transaction for a batch. Throws the signal's reason. */
export async function removeMessages(needs: RetentionNeeds, run: Run, rules: Rules, total: number): Promise<void> {
  for (let after = 0; ; ) {
    const entries = await needs.tables.retention.dueEntries(needs.database, rules.before, after, entriesAtOnce)
    const due = entries.map((entry) => ({ entry, what: dueForRemoval(entry, rules, run.now) }))
    const texts = due.flatMap(({ entry, what }) => (what === 'text' ? [entry] : []))
    await removeTexts(needs, run, texts)
    for (const batch of batches(due.flatMap(({ entry, what }) => (what === 'original' ? [entry] : [])))) {
      run.signal.throwIfAborted()
      await removeOriginals(needs, run, batch)
      run.progress('Messages cleaned up', run.taken.texts + run.taken.originals, total)
    }
    run.progress('Messages cleaned up', run.taken.texts + run.taken.originals, total)
    run.signal.throwIfAborted()
    const last = entries.at(-1)
    if (last === undefined || entries.length < entriesAtOnce) return
    after = last.id
  }
}

/** What cannot be read now stays until its text is due, in case that it is a disk or a backup that comes back. Of what is nowhere nothing remains. */
async function removeOriginals(needs: RetentionNeeds, run: Run, entries: readonly DueEntry[]): Promise<void> {
  const slimmed = await needs.clearing.slim(entries.flatMap(({ content, place }) => (place === null ? [] : [{ address: content, place }])))
  const readable: { entry: DueEntry; slim: NonNullable<Slimmed> }[] = []
  const nowhere = entries.filter(({ place }) => place === null)
  const unread: number[] = []
  let next = 0
  for (const entry of entries) {
    if (entry.place === null) continue
    const slim = slimmed[next++] ?? null
    if (slim === null) unread.push(entry.id)
    else readable.push({ entry, slim })
  }
  const { contents, retention } = needs.tables
  const at = new Date(run.now).toISOString()
  const { changed, packs } = await needs.database.transaction(async (transaction) => {
    let changed = 0
    await contents.add(transaction, readable.map(({ slim }) => slim.stored))
    for (const { entry, slim } of readable) if (await retention.removeOriginal(transaction, { id: entry.id, was: entry.content, content: slim.stored.address, remains: slim.remains }, at)) changed += 1
    return { changed, packs: await retention.forgetUnused(transaction, readable.flatMap(({ entry, slim }) => [entry.content, slim.stored.address])) }
  })
  run.taken.originals += changed
  for (const pack of packs) run.touched.add(pack)
  await removeTexts(needs, run, nowhere)
  if (unread.length > 0) needs.logWarning(`${unread.length} messages could not be read and were left as they are: entries ${unread.join(', ')}`)
}

async function removeTexts(needs: RetentionNeeds, run: Run, entries: readonly DueEntry[]): Promise<void> {
  if (entries.length === 0) return
  run.signal.throwIfAborted()
  const { retention } = needs.tables
  const packs = await needs.database.transaction(async (transaction) => {
    await retention.removeTexts(transaction, entries.map(({ id }) => id), new Date(run.now).toISOString())
    return retention.forgetUnused(transaction, entries.map(({ content }) => content))
  })
  run.taken.texts += entries.length
  for (const pack of packs) run.touched.add(pack)
}

function* batches(entries: readonly DueEntry[]): Generator<DueEntry[]> {
  let batch: DueEntry[] = []
  let bytes = 0
  for (const entry of entries) {
    if (batch.length > 0 && (bytes + entry.size > bytesAtOnce || batch.length >= 25)) {
      yield batch
      batch = []
      bytes = 0
    }
    batch.push(entry)
    bytes += entry.size
  }
  if (batch.length > 0) yield batch
}
