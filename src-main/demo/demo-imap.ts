import type { AddressInfo, Socket } from 'node:net'
import fetchHandlers from 'hoodiecrow-imap/lib/commands/handlers/fetch.js'
import hoodiecrow, { type FetchHandler, type HoodiecrowServer } from 'hoodiecrow-imap'
import type { WrittenMail } from './write-demo-mail.ts'

export type DemoImap = { port: number; deliver(mail: WrittenMail): void; stop(): Promise<void> }

/** An IMAP server on loopback with one user and these messages unread in the INBOX. hoodiecrow keeps one storage for all users, so each mailbox has a server. */
export const startDemoImap = async ({ user, password, mails, now }: { user: string; password: string; mails: readonly WrittenMail[]; now: Date }): Promise<DemoImap> => {
  const server = hoodiecrow({
    plugins: ['ID', 'SASL-IR', 'AUTH-PLAIN', 'NAMESPACE', 'IDLE', 'UNSELECT', 'UIDPLUS', 'MOVE', 'LITERALPLUS', wholeMessages],
    users: { [user]: { password } },
    storage: {
      INBOX: { uidvalidity: Math.floor(now.getTime() / 1000), messages: mails.map(({ raw, receivedAt }) => ({ raw: raw.toString('latin1'), internaldate: receivedAt })) },
      '': { separator: '/', folders: {} }
    }
  })
  const sockets = new Set<Socket>()
  server.server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    // hoodiecrow writes an answer in pieces; each would wait 40 ms for an acknowledgement.
    socket.setNoDelay(true)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.server.address() as AddressInfo).port,
    deliver: ({ raw, receivedAt }) => server.appendMessage('INBOX', [], receivedAt, raw.toString('latin1')),
    stop() {
      const closed = new Promise<void>((resolve) => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      return closed
    }
  }
}

/** Answers BODY[] as it lies there: hoodiecrow would parse the message first, which takes seconds for strange ones. */
function wholeMessages(server: HoodiecrowServer): void {
  const whole: FetchHandler = (connection, message, query) => {
    if (query.section === undefined || query.section.length > 0) return fetchHandlers.BODY(connection, message, query)
    const [start, length] = query.partial ?? [0, message.raw.length]
    return { type: 'LITERAL', value: message.raw.slice(start, (start ?? 0) + (length ?? 0)) }
  }
  server.fetchHandlers['BODY.PEEK'] = whole
  server.fetchHandlers.BODY = whole
}
