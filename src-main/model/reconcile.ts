import type { DifferenceKind, DifferingMessage } from '#contract/ledger.ts'
import { bareMessageId } from './bare-message-id.ts'

/** A message as it lies in a folder of the server now; `messageId` without angle brackets, `receivedAt` ISO 8601. */
export type LyingMessage = { id: string; size: number; isRead: boolean; messageId: string | null; subject: string; from: string; receivedAt: string | null }

/** The record of a mail that was moved to the error folder. `isOpen`: it waits for somebody; else a copy was replayed. `isOwn` is false for that of another server which fetches from the same mailbox. */
export type RecordedError = { id: number; uid: string; subject: string; from: string; messageId: string | null; size: number; failedAt: string; isOpen: boolean; isOwn: boolean }

/** Both sides of one mailbox. */
export type BothSides = {
  inbox: readonly LyingMessage[]
  /** null where the protocol has none or it is not there. */
  errorFolder: readonly LyingMessage[] | null
  /** Whether the protocol has folders, so that failed mail is moved. */
  hasFolders: boolean
  /** Whether a message keeps its id when it is moved, so that record and folder name the same. */
  movesKeepIds: boolean
  /** Whether fetching leaves read mail alone: it is marked, not moved or deleted. */
  skipsRead: boolean
  /** Ids of the inbox that the ledger knows. */
  known: ReadonlySet<string>
  /** Message-IDs (without brackets) of which the ledger knows what became, whatever id the mail had. */
  knownMessageIds: ReadonlySet<string>
  /** Rows of the ledger with something left to be done on the server. */
  unfinished: readonly { uid: string; error: number | null }[]
  records: readonly RecordedError[]
  /** Rows that name what is not there. */
  dangling: readonly { uid: string; subject: string; from: string; at: string }[]
  /** When mail was first fetched from here, ISO 8601; null: never. */
  since: string | null
}

/** `before`: read before the mailbox was first fetched from. */
export type Finding = { kind: DifferenceKind; isLoss: boolean; before?: true; messages: DifferingMessage[] }

/** What differs between server and ledger, and how many messages of the inbox the ledger knows by their id or Message-ID. Pure. */
export function reconcile(sides: BothSides): { findings: Finding[]; known: number } {
  const { unknown, known } = unknownOf(sides)
  const isTakenBySomebody = (message: LyingMessage): boolean => sides.skipsRead && message.isRead
  const read = unknown.filter(isTakenBySomebody)
  const isBefore = (message: LyingMessage): boolean => message.receivedAt !== null && (sides.since === null || Date.parse(message.receivedAt) < wholeSecond(sides.since))
  const folder = errorFolderOf(sides)
  const findings: Finding[] = [
    { kind: 'not-taken', isLoss: true, messages: read.filter((message) => !isBefore(message)).map(asDiffering) },
    { kind: 'not-in-error-folder', isLoss: true, messages: folder.gone.map(ofRecord) },
    { kind: 'not-recorded', isLoss: true, messages: folder.unrecorded.map(asDiffering) },
    { kind: 'record-missing', isLoss: true, messages: sides.dangling.map(({ uid, subject, from, at }) => ({ id: uid, subject, from, messageId: null, receivedAt: at, size: 0 })) },
    { kind: 'unfinished', isLoss: false, messages: unfinishedOf(sides) },
    { kind: 'waiting', isLoss: false, messages: unknown.filter((message) => !isTakenBySomebody(message)).map(asDiffering) },
    { kind: 'not-taken', isLoss: false, before: true, messages: read.filter(isBefore).map(asDiffering) }
  ]
  return { findings: findings.filter(({ messages }) => messages.length > 0), known }
}

/** A server tells times in whole seconds (RFC 9051 2.3.3). */
const wholeSecond = (iso: string): number => Math.floor(Date.parse(iso) / 1000) * 1000

/**
 * A message under another id than before, moved or numbered anew, is told by its Message-ID. That stands for one message only: a machine may
 * give all of its mail the same.
 */
function unknownOf({ inbox, known, knownMessageIds }: BothSides): { unknown: LyingMessage[]; known: number } {
  const used = new Set(inbox.flatMap(({ id, messageId }) => (known.has(id) && messageId !== null ? [messageId] : [])))
  const unknown = inbox.filter(({ id, messageId, isRead }) => {
    if (known.has(id)) return false
    // What is unread is taken anyway, and told by its content then.
    if (!isRead || messageId === null || used.has(messageId) || !knownMessageIds.has(messageId)) return true
    used.add(messageId)
    return false
  })
  return { unknown, known: inbox.length - unknown.length }
}

/** Messages without a record that is open or replayed, and own open records without a message. */
function errorFolderOf({ errorFolder, hasFolders, movesKeepIds, records, unfinished }: BothSides): { gone: RecordedError[]; unrecorded: LyingMessage[] } {
  if (!hasFolders) return { gone: [], unrecorded: [] }
  // A mail that is still to be moved lies in the inbox.
  const onTheWay = new Set(unfinished.flatMap(({ error }) => error ?? []))
  const left = new Set(errorFolder ?? [])
  let alone = records.filter(({ id }) => !onTheWay.has(id))
  for (const way of movesKeepIds ? [byId, ...ways] : ways) alone = withoutMatch(alone, left, way)
  return { gone: alone.filter(({ isOwn, isOpen }) => isOwn && isOpen), unrecorded: [...left] }
}

type Way = { record: (record: RecordedError) => string | null; message: (message: LyingMessage) => string | null }

const byId: Way = { record: ({ uid }) => uid, message: ({ id }) => id }
/** The surest first. A message without a Message-ID has its size (as long as the server counts as we do) and its subject. */
const ways: readonly Way[] = [
  { record: ({ messageId }) => bare(messageId), message: ({ messageId }) => bare(messageId) },
  { record: ({ messageId, size }) => (messageId === null ? String(size) : null), message: ({ size }) => String(size) },
  { record: ({ messageId, subject }) => (messageId === null && subject !== '' ? subject : null), message: ({ subject }) => subject }
]

/** The records that no message is left for; each message stands for one record. */
function withoutMatch(records: readonly RecordedError[], left: Set<LyingMessage>, way: Way): RecordedError[] {
  const found = Map.groupBy(left, way.message)
  return records.filter((record) => {
    const key = way.record(record)
    const message = key === null ? undefined : found.get(key)?.shift()
    if (message !== undefined) left.delete(message)
    return message === undefined
  })
}

const bare = (messageId: string | null): string | null => (messageId === null ? null : bareMessageId(messageId))

/** Where the mail is still in the inbox, with what it is; where it is half gone, by its id alone. */
function unfinishedOf({ inbox, unfinished }: BothSides): DifferingMessage[] {
  const byId = new Map(inbox.map((message) => [message.id, message]))
  return unfinished.map(({ uid }) => {
    const message = byId.get(uid)
    return message === undefined ? { id: null, subject: '', from: '', messageId: null, receivedAt: null, size: 0 } : asDiffering(message)
  })
}

const asDiffering = ({ id, subject, from, messageId, receivedAt, size }: LyingMessage): DifferingMessage => ({ id, subject, from, messageId, receivedAt, size })
const ofRecord = ({ subject, from, messageId, failedAt, size }: RecordedError): DifferingMessage => ({ id: null, subject, from, messageId, receivedAt: failedAt, size })
