import type { RetentionNeeds, Run } from './retention-needs.ts'

const recordsAtOnce = 200
const bytesAtOnce = 16 << 20
const contentsAtOnce = 2_000
/** So many small packs of earlier clean-ups become one. */
const mostSmallPacks = 16
const smallPack = 16 << 20

/** Forgets contents that nothing refers to: what a crash or the deletion of error records left behind. Throws the signal's reason. */
export async function forgetLeftovers(needs: RetentionNeeds, run: Run): Promise<void> {
  for (let after: string | null = ''; after !== null; ) {
    run.signal.throwIfAborted()
    const found: { addresses: string[]; next: string | null } = await needs.tables.retention.unused(needs.database, after, contentsAtOnce)
    if (found.addresses.length > 0) for (const pack of await needs.database.transaction((transaction) => needs.tables.retention.forgetUnused(transaction, found.addresses))) run.touched.add(pack)
    after = found.next
  }
}

/**
 * Copies what is in use out of every pack that holds anything else, and retires the pack: its file goes after the time of grace. A pack
 * that messages are appended to is rolled over first. Throws the signal's reason.
 */
export async function reclaimPacks(needs: RetentionNeeds, run: Run): Promise<void> {
  const sizes = await needs.packs.sizes()
  const wasteful = await wastefulPacks(needs, run, sizes)
  if (wasteful.length === 0) return
  // From here on no message that comes in lies in these packs; those taken in before are looked for before the file goes.
  if (wasteful.some((pack) => !needs.packs.isCleared(pack))) await needs.intake.retire(wasteful)
  for (const [index, pack] of wasteful.entries()) {
    run.progress('Files written anew', index, wasteful.length)
    const copied = await moveOut(needs, pack, run.signal)
    if (copied === null) continue
    await needs.database.transaction((transaction) => needs.tables.retention.retire(transaction, pack, new Date(needs.clock.now()).toISOString()))
    run.touched.delete(pack)
    run.taken.pendingBytes += Math.max(0, (sizes.get(pack) ?? 0) - copied)
  }
  run.progress('Files written anew', wasteful.length, wasteful.length)
}

async function wastefulPacks({ packs, tables, database }: RetentionNeeds, { touched }: Pick<Run, 'touched'>, sizes: ReadonlyMap<number, number>): Promise<number[]> {
  const used = new Map((await tables.retention.packs(database)).map(({ pack, bytes }) => [pack, bytes]))
  const retired = new Set((await tables.retention.retired(database)).map(({ pack }) => pack))
  const newest = packs.newest(sizes)
  const present = [...sizes].filter(([pack]) => !retired.has(pack))
  // What is not in use in the newest pack may be a message that is just being committed.
  const wasteful = present.filter(([pack, size]) => size > (used.get(pack) ?? 0) && (pack !== newest || touched.has(pack))).map(([pack]) => pack)
  const small = present.filter(([pack, size]) => packs.isCleared(pack) && size < smallPack).map(([pack]) => pack)
  return [...new Set([...wasteful, ...(small.length > mostSmallPacks ? small : [])])].sort((one, other) => one - other)
}

/** Answers the bytes that were copied; null where the pack ends too early, so that it has to stay. */
async function moveOut({ tables, database, clearing, logWarning }: RetentionNeeds, pack: number, signal: AbortSignal): Promise<number | null> {
  let copied = 0
  for (let offset = 0; ; ) {
    signal.throwIfAborted()
    const found = await tables.retention.inPack(database, pack, offset, recordsAtOnce)
    const some = found.slice(0, Math.max(1, countWithin(found.map(({ place }) => place.length), bytesAtOnce)))
    const last = some.at(-1)
    if (last === undefined) return copied
    const places = await clearing.copy(some.map(({ place }) => place))
    if (places.includes(null)) {
      logWarning(`pack ${pack} of the stored messages ends too early; it stays as it is`)
      return null
    }
    await database.transaction((transaction) => tables.retention.move(transaction, some.flatMap((one, index) => (places[index] ? [{ ...one, to: places[index] }] : []))))
    copied += some.reduce((sum, { place }) => sum + place.length, 0)
    offset = last.place.offset + 1
  }
}

function countWithin(lengths: readonly number[], most: number): number {
  let sum = 0
  const end = lengths.findIndex((length) => (sum += length) > most)
  return end === -1 ? lengths.length : end
}

/**
 * Deletes the files of retired packs whose time of grace is over; what was committed into one meanwhile is copied first, and what comes later
 * is refused, whatever the clock of the computer did. `graceMs` null: nothing is on its way into a pack. Answers the bytes of the files, and
 * when the next one is due (milliseconds), null for none.
 */
export async function deleteRetired(needs: RetentionNeeds, graceMs: number | null): Promise<{ bytes: number; nextAt: number | null }> {
  const { tables, database, packs, clearing, clock } = needs
  const retired = (await tables.retention.retired(database)).filter(({ at }) => at !== '' || graceMs === null).map(({ pack, at }) => ({ pack, dueAt: graceMs === null ? 0 : Date.parse(at) + graceMs }))
  const due = retired.filter(({ dueAt }) => dueAt <= clock.now())
  const sizes = due.length === 0 ? new Map<number, number>() : await packs.sizes()
  let bytes = 0
  for (const { pack } of due) {
    await database.transaction((transaction) => tables.retention.seal(transaction, pack))
    const isCopied = (await moveOut(needs, pack, new AbortController().signal)) !== null
    if (isCopied) {
      await packs.unlink(pack)
      await needs.content.letGo([pack])
      bytes += sizes.get(pack) ?? 0
    }
    // Its number is kept sealed until the next start, but for packs that no message comes into: those numbers are used again.
    if (!isCopied || graceMs === null || packs.isCleared(pack)) await database.transaction((transaction) => tables.retention.forgetRetired(transaction, [pack]))
  }
  if (due.length > 0) await clearing.close()
  const waiting = retired.filter(({ dueAt }) => dueAt > clock.now()).map(({ dueAt }) => dueAt)
  return { bytes, nextAt: waiting.length === 0 ? null : Math.min(...waiting) }
}

/** Packs with more in them than is in use, found before anything can be on its way into one; the newest is looked at nowhere else. */
export async function leftBehind({ packs, tables, database }: RetentionNeeds): Promise<number[]> {
  const used = new Map((await tables.retention.packs(database)).map(({ pack, bytes }) => [pack, bytes]))
  return [...(await packs.sizes())].filter(([pack, size]) => size > (used.get(pack) ?? 0)).map(([pack]) => pack)
}
