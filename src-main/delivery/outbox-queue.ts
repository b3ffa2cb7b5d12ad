import type { StoredMail } from '../database/outbox-table.ts'

/** Mail of a lane that is in memory: what is to be sent, and what is in the hands of somebody. To one recipient no two mails go at the same time, so that they keep their order. */
export type OutboxQueue = {
  /** Adds what is not in memory yet; what has priority goes before all else. */
  put(mails: readonly StoredMail[]): void
  /** Takes the next mail into one's hands: the first whose recipient gets no other just now. Where nobody knows whether the server is there, one that was tried least, and that overtakes none to the same recipient. */
  next(isUp: boolean): StoredMail | null
  hasNext(): boolean
  /** The mail is off the wire: the next for its recipient may go. */
  passed(mail: StoredMail): void
  /** What became of the mail is on disk, or nothing did. */
  letGo(mail: StoredMail): void
  /** Forgets what nobody has in his hands. */
  clear(): void
  has(id: number): boolean
  length(): number
  /** How many mails the table still shows as due that are not. */
  inHand(): number
  isEmpty(): boolean
}

export function createOutboxQueue(): OutboxQueue {
  let queue: StoredMail[] = []
  const known = new Set<number>()
  const busy = new Map<string, number>()
  const isFree = ({ to }: StoredMail): boolean => !busy.has(to.toLowerCase())

  function best(isUp: boolean): number {
    if (isUp) return queue.findIndex(isFree)
    let found = -1
    const earlier = new Set<string>()
    for (const [index, mail] of queue.entries()) {
      const isFirst = !earlier.has(mail.to.toLowerCase())
      earlier.add(mail.to.toLowerCase())
      if (isFirst && isFree(mail) && (found < 0 || mail.tries < (queue[found]?.tries ?? 0))) found = index
    }
    return found
  }
  return {
    put(mails) {
      const added = mails.filter(({ id }) => !known.has(id))
      for (const { id } of added) known.add(id)
      queue.push(...added)
      if (added.some(({ priority }) => priority)) queue = queue.toSorted((one, other) => Number(other.priority) - Number(one.priority))
    },
    next(isUp) {
      const index = best(isUp)
      const [mail] = index < 0 ? [] : queue.splice(index, 1)
      if (mail === undefined) return null
      busy.set(mail.to.toLowerCase(), mail.id)
      return mail
    },
    hasNext: () => queue.some(isFree),
    passed(mail) {
      if (busy.get(mail.to.toLowerCase()) === mail.id) busy.delete(mail.to.toLowerCase())
    },
    letGo(mail) {
      if (busy.get(mail.to.toLowerCase()) === mail.id) busy.delete(mail.to.toLowerCase())
      known.delete(mail.id)
    },
    clear() {
      for (const { id } of queue.splice(0)) known.delete(id)
    },
    has: (id) => known.has(id),
    length: () => queue.length,
    inHand: () => known.size,
    isEmpty: () => queue.length === 0
  }
}
