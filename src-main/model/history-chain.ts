/** An entry of the history as its hash covers it; `changes` and `version` are the JSON texts that are stored, pictures and long texts of a version as their SHA-256. */
export type ChainEntry = {
  id: number
  at: string
  who: string
  what: string
  name: string
  action: string
  changes: string
  reason: string | null
  version: string | null
  /** The hash of the entry before; of the first one: the seal of those from before there was a chain, null where there are none. */
  previous: string | null
}
/** As stored: null for one from before there was a chain. */
export type StoredChainEntry = ChainEntry & { hash: string | null }

/** What is kept outside of the database: the newest entry, its hash, and how many entries there were with it. */
export type ChainAnchor = { id: number; head: string; entries: number }

/** SHA-256 of a text in UTF-8, as lower-case hex. */
export type Sha256 = (text: string) => string

/**
 * The text whose SHA-256 is an entry's hash: a JSON array (RFC 8259, written without white space as ECMA-262 JSON.stringify does) of the
 * format's name, then id, at, who, what, name, action, changes, reason, version, previous. No two entries have the same text.
 */
export const canonicalEntry = ({ id, at, who, what, name, action, changes, reason, version, previous }: ChainEntry): string =>
  JSON.stringify(['mailroom-history-1', id, at, who, what, name, action, changes, reason, version, previous])

export const hashOfEntry = (entry: ChainEntry, sha256: Sha256): string => sha256(canonicalEntry(entry))

/** What the first chained entry follows: one hash over all entries from before, in their order; null where there are none. */
export const sealOf = (unchained: readonly ChainEntry[], sha256: Sha256): string | null =>
  unchained.length === 0 ? null : sha256(unchained.map((entry) => sha256(canonicalEntry(entry))).join(''))

export type ChainFault = { id: number | null; reason: string }
export type ChainReport = { entries: number; unchained: number; head: string | null; broken: ChainFault | null }

/** Goes over all entries, oldest first; the first fault is kept. */
export function createChainWalk(sha256: Sha256, anchor: ChainAnchor | null) {
  const unchained: string[] = []
  let entries = 0
  let newest = 0
  let head: string | null = null
  let broken: ChainFault | null = null
  let metAnchor = false
  const fault = (id: number | null, reason: string): void => void (broken ??= { id, reason })

  return {
    /** `isWhole`: the texts that its version refers to are as they were written. */
    take(entry: StoredChainEntry, isWhole = true): void {
      entries += 1
      newest = entry.id
      if (!isWhole) fault(entry.id, 'a picture or a long text of its version was changed or removed')
      if (entry.hash === null && head === null) unchained.push(sha256(canonicalEntry(entry)))
      else if (entry.hash === null) fault(entry.id, 'its hash was removed')
      else {
        const expected = head ?? (unchained.length === 0 ? null : sha256(unchained.join('')))
        if (hashOfEntry(entry, sha256) !== entry.hash) fault(entry.id, 'it was changed after it was written')
        else if (entry.previous !== expected) fault(entry.id, head === null ? 'an entry from before the chain was changed, added or removed' : 'it does not follow the entry before it: one was removed, added or put in another place')
        head = entry.hash
      }
      if (entry.id !== anchor?.id) return
      metAnchor = true
      if (entry.hash !== anchor.head || entries !== anchor.entries) fault(entry.id, 'it is not the entry that was noted outside of the database')
    },
    end(): ChainReport {
      if (anchor !== null && !metAnchor) fault(newest + 1, newest < anchor.id ? `the newest ${anchor.id - newest} of ${anchor.entries} entries are missing; they were cut off, or an older database was put back` : 'it is not the entry that was noted outside of the database')
      if (anchor === null && entries - unchained.length > 1) fault(null, 'what was noted of its newest entry outside of the database is gone')
      return { entries, unchained: unchained.length, head, broken }
    }
  }
}
