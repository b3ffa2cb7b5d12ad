/** What Gmail keeps of one user: labels, messages with their labels, and what happened to them, by historyId. */
export type KeptMessage = { id: string; threadId: string; labelIds: Set<string>; raw: Buffer; internalDate: number; historyId: number }
export type KeptLabel = { id: string; name: string; type: 'system' | 'user' }
type Event = 'messagesAdded' | 'messagesDeleted' | 'labelsAdded' | 'labelsRemoved'
export type HistoryEvent = { id: number; event: Event; message: { id: string; threadId: string; labelIds: string[] }; labelIds: string[] }

export type GmailBox = {
  labels: KeptLabel[]
  messages: Map<string, KeptMessage>
  history: HistoryEvent[]
  /** Records before this one are forgotten; a startHistoryId from before is answered with 404. */
  forgottenBefore: number
  historyId(): number
  insert(raw: Buffer, labelIds: readonly string[]): KeptMessage
  relabel(message: KeptMessage, add: readonly string[], remove: readonly string[]): void
  erase(message: KeptMessage): void
}

/** https://developers.google.com/workspace/gmail/api/guides/labels: names of system labels are reserved, SENT and DRAFT cannot be applied. */
export const systemLabels = ['INBOX', 'SPAM', 'TRASH', 'UNREAD', 'STARRED', 'IMPORTANT', 'SENT', 'DRAFT', 'CATEGORY_PERSONAL', 'CATEGORY_SOCIAL', 'CATEGORY_PROMOTIONS', 'CATEGORY_UPDATES', 'CATEGORY_FORUMS']

let serial = 0x190000000000000

export function createGmailBox(now: () => number): GmailBox {
  // Ids increase with random-looking gaps in between (users.history/list).
  let lastHistory = 1_000
  const happened = (event: Event, { id, threadId, labelIds }: KeptMessage, changed: readonly string[]): number => {
    lastHistory += 7
    box.history.push({ id: lastHistory, event, message: { id, threadId, labelIds: [...labelIds] }, labelIds: [...changed] })
    return lastHistory
  }
  const box: GmailBox = {
    labels: systemLabels.map((name) => ({ id: name, name, type: 'system' })),
    messages: new Map(), history: [], forgottenBefore: 0,
    historyId: () => lastHistory,
    insert(raw, labelIds) {
      const id = (serial += 0x1001).toString(16)
      const message: KeptMessage = { id, threadId: id, labelIds: new Set(labelIds), raw, internalDate: now(), historyId: 0 }
      box.messages.set(id, message)
      message.historyId = happened('messagesAdded', message, [])
      return message
    },
    relabel(message, add, remove) {
      const [added, removed] = [add.filter((one) => !message.labelIds.has(one)), remove.filter((one) => message.labelIds.has(one))]
      for (const one of added) message.labelIds.add(one)
      for (const one of removed) message.labelIds.delete(one)
      if (added.length > 0) message.historyId = happened('labelsAdded', message, added)
      if (removed.length > 0) message.historyId = happened('labelsRemoved', message, removed)
    },
    erase(message) {
      box.messages.delete(message.id)
      happened('messagesDeleted', message, [])
    }
  }
  return box
}
