import type { SMTPServer, SMTPServerSession } from 'smtp-server'
import type { ReceiverLimits } from './receiver.ts'
import { tooManyConnections } from './refusals.ts'

type Connections = SMTPServer['connections']
type Connection = Connections extends Set<infer One> ? One : never
type Client = { connection: Connection; address: string; refusals: number; timer: NodeJS.Timeout }

/** Keeps who is connected: how many from one address, how often each was refused, and whether anything gets through. */
export function createClientDesk({ limits, refused }: { limits: ReceiverLimits; refused: () => void }) {
  const clients = new Map<string, Client>()

  const late = (id: string): NodeJS.Timeout => setTimeout(() => clients.get(id)?.connection.send(421, '4.4.2 No message got through for too long'), limits.progressMs).unref()

  /** Answers that begin with an enhanced status code keep it; too many refusals end the connection. */
  const answerCarefully = (client: Client): void => {
    const { connection } = client
    const send = connection.send.bind(connection)
    connection.send = (code, text, context) => {
      if (code >= 500) client.refusals++
      if (code >= 550 && code < 560) refused()
      if (code >= 500 && client.refusals >= limits.refusals) return send(421, '4.7.0 Too many errors', false)
      send(code, text, typeof text === 'string' && /^[245]\.\d{1,3}\.\d{1,3} /.test(text) ? false : context)
    }
  }

  return {
    /** null: the client may come in. */
    welcome(connections: Connections, { id, remoteAddress }: SMTPServerSession): Error | null {
      const connection = [...connections].find((one) => one.id === id)
      if (connection === undefined) return null
      const client: Client = { connection, address: remoteAddress, refusals: 0, timer: late(id) }
      clients.set(id, client)
      answerCarefully(client)
      const same = [...clients.values()].filter(({ address }) => address === remoteAddress).length
      return same > limits.connectionsPerClient ? tooManyConnections() : null
    },
    goodbye({ id }: SMTPServerSession): void {
      clearTimeout(clients.get(id)?.timer)
      clients.delete(id)
    },
    gotThrough({ id }: SMTPServerSession): void {
      const client = clients.get(id)
      if (client === undefined) return
      clearTimeout(client.timer)
      client.timer = late(id)
    },
    sendAwayTooLarge({ id }: SMTPServerSession): void {
      const connection = clients.get(id)?.connection
      connection?.send(552, '5.3.4 The message is far too large')
      connection?.close()
    },
    /** Sends away whoever is not in the middle of a message. */
    close(connections: Connections): void {
      for (const connection of connections) if (connection.session.envelope?.mailFrom === undefined || connection.session.envelope.mailFrom === false) leave(connection)
    },
    sendAwayAll(connections: Connections): void {
      for (const connection of connections) leave(connection)
    }
  }
}

const leave = (connection: Connection): void => connection.send(421, '4.3.2 The service is shutting down, try again later', false)
