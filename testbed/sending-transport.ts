import type { OutgoingTransport } from '../src-main/mail/outgoing-transport.ts'

/** A transport that sends by `send`, over sessions that stay usable until they are closed; whether a mail was sent it cannot tell. `own` is what it does otherwise. */
export function sendingTransport(send: OutgoingTransport['send'], own: Partial<OutgoingTransport> = {}): OutgoingTransport {
  return {
    async open(server, needs) {
      let isOpen = true
      return { send: (message) => send(server, message, needs), isUsable: () => isOpen, close: () => void (isOpen = false) }
    },
    mostSessions: ({ mostConnections }) => mostConnections,
    wasSent: async () => null,
    send,
    diagnose: async () => undefined,
    ...own
  }
}
