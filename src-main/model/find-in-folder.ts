import { bareMessageId } from './bare-message-id.ts'

/** What is known of a message that is looked for; `isDownloaded` false: nothing but its size. `from` is an address. */
export type SoughtMessage = { messageId: string | null; subject: string; from: string; size: number; isDownloaded: boolean }
/** A message as its folder lists it; `from` as people read it. */
export type PresentMessage = { id: string; messageId: string | null; subject: string; from: string; size: number }

/**
 * Which message of a folder each of the sought ones is, null where it is not there; none is taken twice. One with a Message-ID is known by
 * that, one without by subject and sender, one that was never downloaded by its size; where several fit, the one that is most like it.
 */
export function findInFolder(sought: readonly SoughtMessage[], present: readonly PresentMessage[]): (string | null)[] {
  const left = new Map(present.map((one) => [one.id, one]))
  const found = new Map<SoughtMessage, string>()
  // What is known best chooses first.
  for (const one of sought.toSorted((a, b) => certainty(b) - certainty(a))) {
    const fitting = [...left.values()].filter((other) => fits(one, other))
    const [first, ...others] = fitting
    if (first === undefined) continue
    const chosen = others.reduce((best, other) => (likeness(one, other) > likeness(one, best) ? other : best), first)
    left.delete(chosen.id)
    found.set(one, chosen.id)
  }
  return sought.map((one) => found.get(one) ?? null)
}

const likeness = (sought: SoughtMessage, present: PresentMessage): number => (sought.size === present.size ? 2 : 0) + (plain(sought.subject) === plain(present.subject) ? 1 : 0)

const certainty = ({ messageId, isDownloaded }: SoughtMessage): number => (messageId !== null ? 2 : isDownloaded ? 1 : 0)

function fits(sought: SoughtMessage, present: PresentMessage): boolean {
  if (sought.messageId !== null) return present.messageId !== null && bareMessageId(sought.messageId) === bareMessageId(present.messageId)
  if (!sought.isDownloaded) return sought.size === present.size
  return present.messageId === null && plain(sought.subject) === plain(present.subject) && plain(present.from).includes(plain(sought.from))
}

const plain = (text: string): string => text.replace(/\s+/g, ' ').trim().toLowerCase()
