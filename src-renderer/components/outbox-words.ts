import { outboxStates, type OutboxKind, type OutboxRow, type OutboxState } from '#contract/outbox.ts'
import { wordsOf } from '#contract/problem-words.ts'
import { plural } from './sizes.ts'
import type { Tone } from './status-mark.tsx'

/** `hint` says what becomes of such mail. */
export const stateWords = {
  waiting: { words: 'Waiting', tone: 'paused', hint: 'It goes, or is tried again, by itself.' },
  sending: { words: 'Being sent', tone: 'busy', hint: 'It is on the wire just now.' },
  held: { words: 'Held', tone: 'warning', hint: 'A setting stands in its way; it goes once that is changed.' },
  uncertain: { words: 'Uncertain', tone: 'bad', hint: 'The connection ended while it was under way: nobody can say whether it arrived.' },
  refused: { words: 'Not sent', tone: 'bad', hint: 'It was refused for good, or no server took it in time.' },
  sent: { words: 'Sent', tone: 'good', hint: 'A server took it.' }
} as const satisfies Record<OutboxState, { words: string; tone: Tone; hint: string }>

export const kindWords = {
  acknowledgement: 'Acknowledgement', 'request-mail': 'Mail about a request', 'attachments-stripped': 'Notice of files left out', 'mail-returned': 'Notice of mail that came back', notice: 'Notification', code: 'Code'
} as const satisfies Record<OutboxKind, string>

/** States in which somebody has to look. */
export const stuckStates: readonly OutboxState[] = ['held', 'uncertain', 'refused']
export const unsentStates: readonly OutboxState[] = outboxStates.filter((state) => state !== 'sent')

/** The server whose mail it is, and whether its alternate stood in for it. */
export const throughWords = ({ server, through }: Pick<OutboxRow, 'server' | 'through'>): string => (server === null ? '' : through === 'alternate' ? `${server} (alternate)` : server)

/** What is to be known of a mail besides its state, in one line. */
export const asideOf = (row: OutboxRow): string => (row.state === 'sent' ? row.serverSaid : row.problem === null ? '' : wordsOf(row.problem).title)

/** How many tries a mail has behind it: those since somebody had it sent again, or all of which there is a record. */
export const triesWords = (tries: number, recorded: number): string => (recorded === 0 ? 'Tries' : plural(Math.max(tries, recorded), 'try', 'tries'))
