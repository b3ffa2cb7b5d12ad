import type { IncomingServer } from '../src-contract/incoming-server.ts'
import { systemClock, type Clock } from '../src-main/fetching/clock.ts'
import type { FolderMessage, IncomingTransport, ListedMessage, OpenMailbox } from '../src-main/mail/incoming-transport.ts'

export type FakeMessage = { uid: string; raw: Buffer; seen: boolean; receivedAt?: string | null }
/** A mailbox that keeps the promises of the port. `before` is asked ahead of each step on the server and may throw or wait. */
export type FakeMailServer = {
  transport: IncomingTransport
  identity: string
  inbox: FakeMessage[]
  errorFolder: FakeMessage[]
  /** Every message whose outcome was acknowledged, in order; more than once where it was done again. */
  acknowledged: string[]
  opened: number
  open: number
  before: (step: string) => Promise<void> | void
  /** Lets listening rounds know of new mail. */
  news: () => void
  deliver: (...raws: (string | Buffer)[]) => void
}

/** An IMAP server (or POP3, without folders, flags and push) in memory. */
export function createFakeMailServer({ push = false, clock = systemClock }: { push?: boolean; clock?: Clock } = {}): FakeMailServer {
  let nextUid = 1
  let wake: (() => void) | null = null
  const fake: FakeMailServer = {
    identity: 'INBOX 1', inbox: [], errorFolder: [], acknowledged: [], opened: 0, open: 0,
    before: () => undefined,
    news: () => wake?.(),
    deliver: (...raws) => {
      for (const raw of raws) fake.inbox.push({ uid: String(nextUid++), raw: Buffer.from(raw), seen: false })
    },
    transport: {
      async open(server) {
        await fake.before('open')
        fake.opened++
        fake.open++
        return mailboxOf(fake, server, push ? waitForNews : null)
      },
      diagnose: async () => ({ sample: null })
    }
  }
  const waitForNews = (limitMs: number, signal: AbortSignal): Promise<boolean> =>
    new Promise((resolve, reject) => {
      const callOff = clock.after(limitMs, () => resolve(false))
      signal.addEventListener('abort', () => (callOff(), resolve(false)))
      wake = () => (callOff(), new Promise<void>((step) => step(fake.before('news') ?? undefined)).then(() => resolve(true), reject))
    })
  return fake
}

function mailboxOf(fake: FakeMailServer, server: IncomingServer, waitForNews: OpenMailbox['waitForNews']): OpenMailbox {
  const isPop = server.protocol === 'pop3'
  const markSeen = server.afterFetch === 'mark-seen'
  const deletedAtClose = new Set<string>()
  const removeFrom = (folder: FakeMessage[], isIt: (message: FakeMessage) => boolean): FakeMessage[] => {
    const gone = folder.filter(isIt)
    for (const message of gone) folder.splice(folder.indexOf(message), 1)
    return gone
  }
  return {
    identity: fake.identity,
    async listWaiting(): Promise<ListedMessage[]> {
      await fake.before('list')
      return fake.inbox.filter(({ seen }) => isPop || !markSeen || !seen).map(({ uid, raw }) => ({ id: uid, size: raw.length }))
    },
    async *download(messages) {
      for (const { id, size } of messages) {
        await fake.before('download')
        const found = fake.inbox.find(({ uid }) => uid === id)
        if (found !== undefined) yield { id, size, raw: Buffer.from(found.raw) }
      }
    },
    async acknowledge(ids) {
      await fake.before('acknowledge')
      fake.acknowledged.push(...ids)
      if (markSeen) for (const message of fake.inbox) message.seen ||= !isPop && ids.includes(message.uid)
      else if (isPop) for (const id of ids) deletedAtClose.add(id)
      else removeFrom(fake.inbox, ({ uid }) => ids.includes(uid))
      await fake.before('acknowledged')
    },
    async moveToErrorFolder(ids) {
      await fake.before('move')
      if (!isPop) fake.errorFolder.push(...removeFrom(fake.inbox, ({ uid }) => ids.includes(uid)))
      await fake.before('moved')
    },
    async moveBackToInbox(messageIds, ids = []) {
      await fake.before('move-back')
      const isIt = ({ uid, raw }: FakeMessage): boolean => messageIds === null || ids.includes(uid) || messageIds.some((id) => raw.includes(id))
      const back = removeFrom(fake.errorFolder, isIt)
      fake.deliver(...back.map(({ raw }) => raw))
      return { moved: back.length, missing: messageIds === null ? 0 : Math.max(0, messageIds.length + ids.length - back.length) }
    },
    waitForNews,
    async inventory(which) {
      await fake.before('inventory')
      if (isPop && which === 'error-folder') return null
      return (which === 'inbox' ? fake.inbox : fake.errorFolder).map((message) => listed(message, isPop))
    },
    async markUnread(ids) {
      await fake.before('mark-unread')
      for (const message of fake.inbox) if (ids.includes(message.uid)) message.seen = false
    },
    async find(messageId) {
      await fake.before('find')
      const found = fake.inbox.find(({ raw }) => raw.includes(`Message-ID: ${messageId}`))
      return found === undefined ? null : { id: found.uid, size: found.raw.length, raw: Buffer.from(found.raw) }
    },
    sample: async () => null,
    async close() {
      fake.open--
      await fake.before('close')
      removeFrom(fake.inbox, ({ uid }) => deletedAtClose.has(uid))
    }
  }
}

function listed({ uid, raw, seen, receivedAt = null }: FakeMessage, isPop: boolean): FolderMessage {
  const field = (name: string): string => new RegExp(`^${name}:[ \\t]*(.*?)\\r?$`, 'im').exec(raw.toString('latin1'))?.[1] ?? ''
  return { id: uid, size: raw.length, isRead: seen && !isPop, messageId: field('message-id').replace(/^<|>$/g, '') || null, subject: field('subject'), from: field('from'), receivedAt }
}
