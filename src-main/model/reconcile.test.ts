import assert from 'node:assert/strict'
import { test } from 'node:test'
import { describeFinding, describeRenumbered, mostListed } from './reconcile-words.ts'
import { reconcile, type BothSides, type LyingMessage, type RecordedError } from './reconcile.ts'

const since = '2026-11-20T08:00:00.500Z'
const lying = (id: string, change: Partial<LyingMessage> = {}): LyingMessage => ({ id, size: 100, isRead: false, messageId: `${id}@x`, subject: `s${id}`, from: 'a@x', receivedAt: '2026-11-20T09:00:00Z', ...change })
const read = (id: string, change: Partial<LyingMessage> = {}): LyingMessage => lying(id, { isRead: true, ...change })
const record = (id: number, change: Partial<RecordedError> = {}): RecordedError => ({ id, uid: `old${id}`, subject: `s${id}`, from: 'a@x', messageId: `<${id}@x>`, size: 100, failedAt: since, isOpen: true, isOwn: true, ...change })
const sides = (change: Partial<BothSides>): BothSides => ({ inbox: [], errorFolder: [], hasFolders: true, movesKeepIds: false, skipsRead: true, known: new Set(), knownMessageIds: new Set(), unfinished: [], records: [], dangling: [], since, ...change })

/** What is found, as `kind` or `kind!` for a loss, with the ids or subjects of its messages; and how many of the inbox are known. */
type Row = [what: string, sides: Partial<BothSides>, found: string[], known: number]
const rows: Row[] = [
  ['an empty mailbox and an empty ledger agree', {}, [], 0],
  ['what is known and done is no difference, read or not', { inbox: [read('1'), lying('2')], known: new Set(['1', '2']) }, [], 2],
  ['unread and unknown waits', { inbox: [lying('1')] }, ['waiting 1'], 0],
  ['read and unknown was not taken', { inbox: [read('1')] }, ['not-taken! 1'], 0],
  ['read and unknown waits where fetching moves or deletes', { inbox: [read('1')], skipsRead: false }, ['waiting 1'], 0],
  ['read before the first fetch is no loss', { inbox: [read('1', { receivedAt: '2026-11-20T07:59:59Z' })] }, ['not-taken before 1'], 0],
  ['the second of the first fetch counts as after it', { inbox: [read('1', { receivedAt: '2026-11-20T08:00:00Z' })] }, ['not-taken! 1'], 0],
  ['where it was never fetched, all that is read is from before', { inbox: [read('1')], since: null }, ['not-taken before 1'], 0],
  ['a time that nobody tells excuses nothing', { inbox: [read('1', { receivedAt: null })] }, ['not-taken! 1'], 0],
  ['all three at once', { inbox: [lying('1'), read('2'), read('3', { receivedAt: '2026-01-01T00:00:00Z' }), lying('4')], known: new Set(['4']) }, ['not-taken! 2', 'waiting 1', 'not-taken before 3'], 1],
  ['moved there and back under another number, told by its Message-ID', { inbox: [read('9', { messageId: 'known@x' })], knownMessageIds: new Set(['known@x']) }, [], 1],
  ['an unread one of a known Message-ID waits: its content tells', { inbox: [lying('9', { messageId: 'known@x' })], knownMessageIds: new Set(['known@x']) }, ['waiting 9'], 0],
  ['one Message-ID excuses one message', { inbox: [read('1', { messageId: 'm@x' }), read('2', { messageId: 'm@x' })], knownMessageIds: new Set(['m@x']) }, ['not-taken! 2'], 1],
  ['a Message-ID of mail that lies there is used up', { inbox: [read('1', { messageId: 'm@x' }), read('2', { messageId: 'm@x' })], known: new Set(['1']), knownMessageIds: new Set(['m@x']) }, ['not-taken! 2'], 1],
  ['committed and not yet marked', { inbox: [lying('1')], known: new Set(['1']), unfinished: [{ uid: '1', error: null }] }, ['unfinished 1'], 1],
  ['committed, and gone from the server meanwhile', { unfinished: [{ uid: '1', error: null }] }, ['unfinished -'], 0],
  ['in the error folder with its record', { errorFolder: [lying('1', { messageId: '7@x' })], records: [record(7)] }, [], 0],
  ['taken out of the error folder', { errorFolder: [], records: [record(7)] }, ['not-in-error-folder! s7'], 0],
  ['the error folder itself is gone', { errorFolder: null, records: [record(7), record(8)] }, ['not-in-error-folder! s7 s8'], 0],
  ['without folders nothing can be missing from one', { errorFolder: null, hasFolders: false, records: [record(7)] }, [], 0],
  ['in the error folder without a record', { errorFolder: [lying('1')] }, ['not-recorded! 1'], 0],
  ['the original of a replayed copy stays where it is', { errorFolder: [lying('1', { messageId: '7@x' })], records: [record(7, { isOpen: false })] }, [], 0],
  ['a replayed one that somebody took out', { records: [record(7, { isOpen: false })] }, [], 0],
  ['the record belongs to another server of the mailbox', { errorFolder: [lying('1', { messageId: '7@x' })], records: [record(7, { isOwn: false })] }, [], 0],
  ['the other server looks for its own', { records: [record(7, { isOwn: false })] }, [], 0],
  ['still in the inbox, to be moved by the next round', { inbox: [lying('old7')], known: new Set(['old7']), records: [record(7)], unfinished: [{ uid: 'old7', error: 7 }] }, ['unfinished old7'], 1],
  ['without a Message-ID it is told by its size', { errorFolder: [lying('1', { messageId: null })], records: [record(7, { messageId: null })] }, [], 0],
  ['too large to be downloaded: the record knows its size alone', { errorFolder: [lying('1', { size: 9_000 })], records: [record(7, { messageId: null, subject: '', size: 9_000 })] }, [], 0],
  ['by its subject where the server counts other sizes', { errorFolder: [lying('1', { messageId: null, size: 130, subject: 's7' })], records: [record(7, { messageId: null })] }, [], 0],
  ['by its id where a move keeps it', { movesKeepIds: true, errorFolder: [lying('old7', { messageId: null, size: 1, subject: '' })], records: [record(7)] }, [], 0],
  ['an id of another folder is another message', { errorFolder: [lying('old7', { messageId: 'other@x', size: 1, subject: '' })], records: [record(7)] }, ['not-in-error-folder! s7', 'not-recorded! old7'], 0],
  ['two of one Message-ID, one of them taken out', { errorFolder: [lying('1', { messageId: '7@x' })], records: [record(7), record(8, { messageId: '<7@x>' })] }, ['not-in-error-folder! s8'], 0],
  ['one Message-ID twice in the folder, one record', { errorFolder: [lying('1', { messageId: '7@x' }), lying('2', { messageId: '7@x' })], records: [record(7)] }, ['not-recorded! 2'], 0],
  ['a row that names what is not there', { dangling: [{ uid: '5', subject: 'gone', from: 'a@x', at: since }] }, ['record-missing! 5'], 0]
]

for (const [what, change, found, known] of rows)
  test(what, () => {
    const answer = reconcile(sides(change))
    const shown = answer.findings.map(({ kind, isLoss, before, messages }) => `${kind}${isLoss ? '!' : ''}${before ? ' before' : ''} ${messages.map(({ id, subject }) => id ?? (subject || '-')).join(' ')}`)
    assert.deepEqual([shown, answer.known], [found, known])
  })

test('the numbers of the inbox add up, whatever is in it', () => {
  const inbox = Array.from({ length: 500 }, (_none, index) => lying(String(index), { isRead: index % 2 === 0, receivedAt: index % 3 === 0 ? '2026-01-01T00:00:00Z' : '2026-11-21T00:00:00Z' }))
  const { findings, known } = reconcile(sides({ inbox, known: new Set(inbox.filter((_one, index) => index % 5 === 0).map(({ id }) => id)) }))
  const of = (kind: string): number => findings.filter((finding) => finding.kind === kind).reduce((sum, { messages }) => sum + messages.length, 0)
  assert.equal(known + of('waiting') + of('not-taken'), 500)
})

test('twenty thousand on both sides are compared at once', () => {
  const inbox = Array.from({ length: 20_000 }, (_none, index) => read(String(index)))
  const errorFolder = Array.from({ length: 20_000 }, (_none, index) => lying(`e${index}`, { messageId: index % 2 === 0 ? null : `${index}@x` }))
  const records = Array.from({ length: 20_000 }, (_none, index) => record(index, index % 2 === 0 ? { messageId: null } : {}))
  const begun = performance.now()
  const { findings } = reconcile(sides({ inbox, errorFolder, records, knownMessageIds: new Set(inbox.map(({ id }) => `${id}@x`)) }))
  assert.deepEqual(findings, [])
  assert.ok(performance.now() - begun < 3_000, `${performance.now() - begun} ms`)
})

const on = { server: 'it', errorFolder: 'Errors', isFetched: true, afterFetch: 'mark-seen' } as const
test('every kind is said in a sentence with a remedy, for one and for many', () => {
  const kinds = ['not-taken', 'unfinished', 'waiting', 'not-in-error-folder', 'not-recorded', 'record-missing', 'renumbered'] as const
  for (const kind of kinds) {
    const one = describeFinding({ kind, isLoss: true, messages: [lying('1')] }, on)
    const many = describeFinding({ kind, isLoss: true, messages: [lying('1'), lying('2')] }, on)
    for (const { title, remedy } of [one, many]) assert.match(`${title} ${remedy}`, /^\S.*[.] \S.*[.]$/)
    assert.match(one.title, /\b1 mail\b/)
    assert.match(many.title, /\b2 mails\b/)
  }
})
test('at most 200 messages are listed, and all are counted', () => {
  const { count, messages } = describeFinding({ kind: 'waiting', isLoss: false, messages: Array.from({ length: 1_500 }, (_none, index) => lying(String(index))) }, on)
  assert.deepEqual([count, messages.length, mostListed], [1_500, 200, 200])
})
test('a stopped server is not told to be patient', () => {
  assert.match(describeFinding({ kind: 'waiting', isLoss: false, messages: [lying('1')] }, { ...on, isFetched: false }).remedy, /stopped: start it/)
})
test('new numbers: told by content where mail is marked, a person decides where it is moved or deleted', () => {
  assert.match(describeRenumbered(1_200, on, false).title, /UIDVALIDITY.*1,200 mails/)
  assert.match(describeRenumbered(3, on, false).remedy, /none is taken twice/)
  assert.match(describeRenumbered(3, { ...on, afterFetch: 'delete' }, false).remedy, /waits for a person/)
  assert.match(describeRenumbered(3, { ...on, afterFetch: 'delete' }, true).remedy, /none is taken twice/)
})
