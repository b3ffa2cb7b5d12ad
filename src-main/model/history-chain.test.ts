import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { canonicalEntry, createChainWalk, hashOfEntry, sealOf, type ChainAnchor, type ChainEntry, type StoredChainEntry } from './history-chain.ts'

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex')
const first: ChainEntry = {
  id: 1, at: '2026-11-21T13:00:00.000Z', who: 'ann', what: 'incoming server', name: 'it', action: 'added', changes: '[{"field":"host","from":"","to":"mail.example.com"}]', reason: null,
  version: '{"name":"it","host":"mail.example.com"}', previous: null
}

test('the text under the hash is fixed', () => {
  assert.equal(canonicalEntry(first), '["mailroom-history-1",1,"2026-11-21T13:00:00.000Z","ann","incoming server","it","added","[{\\"field\\":\\"host\\",\\"from\\":\\"\\",\\"to\\":\\"mail.example.com\\"}]",null,"{\\"name\\":\\"it\\",\\"host\\":\\"mail.example.com\\"}",null]')
  assert.equal(hashOfEntry(first, sha256), '88160d2e959a22dc73f74532c7e454ad2821a0a90e7b474479dec74d633c12d1')
  assert.equal(sealOf([first], sha256), 'ffaadfcdfb2af7a99f2c796e9c580868d5d5587ebc9886a392f3665551635ba2')
})

test('what is not the same has not the same text', () => {
  const texts = [first, { ...first, reason: '' }, { ...first, reason: 'null' }, { ...first, version: null }, { ...first, previous: '' }, { ...first, who: 'ann","x' }, { ...first, name: 'it ' }, { ...first, name: 'ü' }, { ...first, name: 'u\u0308' }].map(canonicalEntry)
  assert.equal(new Set(texts).size, texts.length)
})

/** So many entries; the first `unchained` of them are from before there was a chain. */
function history(length: number, unchained = 0): StoredChainEntry[] {
  const entries: StoredChainEntry[] = []
  for (let id = 1; id <= length; id++) {
    const before = entries.at(-1)
    const entry: ChainEntry = { ...first, id, name: `server ${id}`, reason: id % 2 === 0 ? 'why' : null, previous: id <= unchained ? null : (before?.hash ?? sealOf(entries, sha256)) }
    entries.push({ ...entry, hash: id <= unchained ? null : hashOfEntry(entry, sha256) })
  }
  return entries
}
const anchorOf = (entries: readonly StoredChainEntry[]): ChainAnchor => {
  const last = entries.at(-1) ?? assert.fail('no entry')
  return { id: last.id, head: last.hash ?? '', entries: entries.length }
}
function walked(entries: readonly StoredChainEntry[], anchor: ChainAnchor | null) {
  const walk = createChainWalk(sha256, anchor)
  for (const entry of entries) walk.take(entry)
  return walk.end()
}

for (const [length, unchained] of [[1, 0], [6, 0], [6, 5], [6, 3]] as const)
  test(`${length} entries, ${unchained} of them from before, hold`, () => {
    const entries = history(length, unchained)
    assert.deepEqual(walked(entries, anchorOf(entries)), { entries: length, unchained, head: entries.at(-1)?.hash, broken: null })
  })
test('nothing at all holds, and so does a history from before', () => {
  assert.deepEqual(walked([], null), { entries: 0, unchained: 0, head: null, broken: null })
  assert.deepEqual(walked(history(4, 4), null), { entries: 4, unchained: 4, head: null, broken: null })
})
test('an anchor that a crash left behind is no fault', () => {
  const entries = history(6)
  assert.equal(walked(entries, anchorOf(entries.slice(0, 5))).broken, null)
  assert.equal(walked(entries, anchorOf(entries.slice(0, 2))).broken, null)
  assert.equal(walked(history(1), null).broken, null)
})

const whole = history(6)
const change: Record<keyof StoredChainEntry, unknown> = { id: 44, at: '2026-11-21T13:00:00.001Z', who: 'eve', what: 'partition', name: 'other', action: 'deleted', changes: '[]', reason: 'another', version: null, previous: 'f'.repeat(64), hash: 'f'.repeat(64) }
for (const place of [0, 2, 5])
  for (const [field, value] of Object.entries(change))
    test(`changing ${field} of entry ${place + 1} is found`, () => {
      const { broken } = walked(whole.map((entry, index) => (index === place ? { ...entry, [field]: value } : entry)), anchorOf(whole))
      assert.equal(broken?.id, field === 'id' ? 44 : place + 1)
    })

/** Whoever changes an entry and can compute hashes writes all that follow anew. */
function forged(entries: readonly StoredChainEntry[]): StoredChainEntry[] {
  const made: StoredChainEntry[] = []
  for (const entry of entries) {
    const anew = { ...entry, previous: made.at(-1)?.hash ?? null }
    made.push({ ...anew, hash: hashOfEntry(anew, sha256) })
  }
  return made
}
const at = (index: number): StoredChainEntry => whole[index] ?? assert.fail('no such entry')
const swapped = [at(0), at(1), { ...at(3), id: 3 }, { ...at(2), id: 4 }, at(4), at(5)]
const tampered: [string, StoredChainEntry[], ChainAnchor | null, number | null, RegExp][] = [
  ['one deleted in the middle', whole.toSpliced(2, 1), anchorOf(whole), 4, /does not follow/],
  ['the first one deleted', whole.slice(1), anchorOf(whole), 2, /changed, added or removed/],
  ['the last one cut off', whole.slice(0, 5), anchorOf(whole), 6, /newest 1 of 6 entries are missing/],
  ['an old database put back', whole.slice(0, 2), anchorOf(whole), 3, /newest 4 of 6/],
  ['everything deleted', [], anchorOf(whole), 1, /newest 6 of 6/],
  ['two swapped, with their numbers', swapped, anchorOf(whole), 3, /changed after/],
  ['two swapped, each with its own number', [at(0), at(1), at(3), at(2), at(4), at(5)], anchorOf(whole), 4, /does not follow/],
  ['a hash taken away', whole.map((entry) => (entry.id === 4 ? { ...entry, hash: null } : entry)), anchorOf(whole), 4, /hash was removed/],
  ['every hash taken away', whole.map((entry) => ({ ...entry, hash: null, previous: null })), anchorOf(whole), 6, /noted outside/],
  ['one changed and all hashes computed anew', forged(whole.map((entry) => (entry.id === 2 ? { ...entry, who: 'eve' } : entry))), anchorOf(whole), 6, /noted outside/],
  ['the end cut off and as many added', forged([...whole.slice(0, 4), { ...at(4), who: 'eve' }, at(5)]), anchorOf(whole), 6, /noted outside/],
  ['the anchor taken away', whole, null, null, /noted of its newest entry/],
  ['an entry from before the chain changed', history(6, 3).map((entry) => (entry.id === 2 ? { ...entry, who: 'eve' } : entry)), anchorOf(history(6, 3)), 4, /before the chain/],
  ['an entry from before the chain deleted', history(6, 3).toSpliced(0, 1), anchorOf(history(6, 3)), 4, /before the chain/]
]
for (const [what, entries, anchor, id, reason] of tampered)
  test(`${what}: found and named`, () => {
    const { broken } = walked(entries, anchor)
    assert.equal(broken?.id, id)
    assert.match(broken?.reason ?? '', reason)
  })
