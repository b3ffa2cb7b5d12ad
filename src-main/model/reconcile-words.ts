import type { Difference } from '#contract/ledger.ts'
import type { Finding } from './reconcile.ts'

/** What the words depend on. `isFetched`: rounds run on schedule. */
export type WordsOn = { server: string; errorFolder: string; isFetched: boolean; afterFetch: 'mark-seen' | 'move' | 'delete' }

/** As many messages of a difference are listed. */
export const mostListed = 200

/** A finding in words for people, with what to do about it. Pure. */
export function describeFinding(finding: Finding, on: WordsOn): Difference {
  const { kind, isLoss, messages } = finding
  const words = finding.before === true ? readBefore : sentences[kind]
  const { title, remedy } = words(messages.length, on)
  return { kind, isLoss, count: messages.length, title, remedy, messages: messages.slice(0, mostListed) }
}

/** Rows whose ids were given out before the folder was numbered anew. */
export function describeRenumbered(rows: number, on: WordsOn, isAccepted: boolean): Difference {
  const { title, remedy } = renumbered(rows, on, isAccepted)
  return { kind: 'renumbered', isLoss: false, count: rows, title, remedy, messages: [] }
}

type Words = (count: number, on: WordsOn) => { title: string; remedy: string }

const mails = (count: number): string => `${count.toLocaleString('en')} ${count === 1 ? 'mail' : 'mails'}`
const is = (count: number): string => (count === 1 ? 'is' : 'are')
const was = (count: number): string => (count === 1 ? 'was' : 'were')
const them = (count: number): string => (count === 1 ? 'it' : 'them')
const they = (count: number): string => (count === 1 ? 'it' : 'they')
const has = (count: number): string => (count === 1 ? 'has' : 'have')

const sentences: Record<Finding['kind'], Words> = {
  'not-taken': (count) => ({
    title: `${mails(count)} ${was(count)} read by another program before Mailroom came: no request was made.`,
    remedy: `Take ${them(count)} now: ${they(count)} ${is(count)} marked as unread and the next round fetches ${them(count)}. Keep other programs from opening this mailbox, or let fetching move mail instead of marking it.`
  }),
  unfinished: (count) => ({
    title: `${mails(count)} ${is(count)} committed here, and still to be marked or moved on the server.`,
    remedy: 'The next round does it. Nothing is taken twice.'
  }),
  waiting: (count, { isFetched }) => ({
    title: `${mails(count)} ${is(count)} waiting for the next round.`,
    remedy: isFetched ? 'Nothing needs to be done.' : 'Fetching from this server is stopped: start it, or fetch once.'
  }),
  'not-in-error-folder': (count, { errorFolder }) => ({
    title: `${mails(count)} in error ${is(count)} no longer in “${errorFolder}” on the server.`,
    remedy: `Somebody deleted or moved ${them(count)} there, or the folder was renamed. The stored copy is kept here and can be replayed from the error record.`
  }),
  'not-recorded': (count, { errorFolder }) => ({
    title: `${mails(count)} in “${errorFolder}” ${has(count)} no open error record.`,
    remedy: `Somebody put ${them(count)} there, or the ${count === 1 ? 'record was' : 'records were'} deleted or past the retention period. Move everything in the folder back to the inbox to have it processed, or delete it there.`
  }),
  'record-missing': (count) => ({
    title: `The ledger names a request, an error record or a stored message for ${mails(count)} that ${is(count)} not in the database.`,
    remedy: 'The database was damaged or edited. Restore a backup of the data folder, or report this with a support bundle.'
  }),
  renumbered: (count, on) => renumbered(count, on, true)
}

const readBefore: Words = (count) => ({
  title: `${mails(count)} ${was(count)} read before this mailbox was first fetched from.`,
  remedy: 'Nothing is lost: mail that people had read before is left alone. It can be taken nevertheless.'
})

function renumbered(rows: number, { afterFetch }: WordsOn, isAccepted: boolean): { title: string; remedy: string } {
  const title = `The folder has new numbers (UIDVALIDITY), or is another one: ${mails(rows)} of the ledger ${is(rows)} known by older numbers.`
  if (isAccepted || afterFetch === 'mark-seen') return { title, remedy: 'They are told by Message-ID and content, so none is taken twice.' }
  return { title, remedy: 'Fetching waits for a person, since mail is moved or deleted here. Look whether it is the right mailbox, then start the server.' }
}
