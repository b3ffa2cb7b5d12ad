import type { Readable } from 'node:stream'

type DataStream = Readable & { byteLength: number; sizeExceeded: boolean }

/** The message in pieces; or why there is none: it was too large, there was no room for it, or the client went away. `release` gives its room free. */
export type ReadData = { data: Buffer[] | 'too-large' | 'no-room' | 'gone'; release: () => void }

/**
 * Reads messages into memory, all of them together no more than `bytesHeld`: what comes on top is read to its end, as SMTP wants, and
 * thrown away. A client that sends on far beyond the announced size is told to `endIt`.
 */
export function createDataRoom({ bytesHeld, maxMessageSize }: { bytesHeld: number; maxMessageSize: number }) {
  let held = 0
  return {
    held: () => held,
    read: (stream: DataStream, endIt: () => void): Promise<ReadData> =>
      new Promise((resolve) => {
        let pieces: Buffer[] = []
        let own = 0
        let noRoom = false
        const drop = (): void => {
          held -= own
          own = 0
          pieces = []
        }
        const finish = (data: ReadData['data']): void => {
          if (typeof data === 'string') drop()
          resolve({ data, release: drop })
        }
        stream.on('data', (piece: Buffer) => {
          if (stream.byteLength > 2 * maxMessageSize + 1_000_000) return endIt()
          noRoom ||= held + piece.length > bytesHeld
          if (noRoom || stream.byteLength > maxMessageSize) return drop()
          pieces.push(piece)
          held += piece.length
          own += piece.length
        })
        stream.once('end', () => finish(stream.sizeExceeded ? 'too-large' : noRoom ? 'no-room' : pieces))
        stream.once('error', () => finish('gone'))
        stream.once('close', () => {
          if (!stream.readableEnded) finish('gone')
        })
      })
  }
}
