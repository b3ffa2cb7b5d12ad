import type { AddressInfo } from 'node:net'
import { isMainThread, parentPort, Worker } from 'node:worker_threads'
import { SMTPServer } from 'smtp-server'

/** A mail that was taken: to whom, its subject (unfolded, as sent), and when its last byte had come, in milliseconds since 1970 with fractions. */
export type SunkMail = { to: string; subject: string; at: number }
export type CountingSink = { port: number; mails: readonly SunkMail[]; stop(): Promise<void> }

/** The same clock in every thread, finer than Date. */
export const fineNow = (): number => performance.timeOrigin + performance.now()

/** A mail server that takes everything and writes down when it came, in a thread of its own, so that whoever sends does not hold it up. */
export async function startCountingSink(): Promise<CountingSink> {
  const worker = new Worker(new URL(import.meta.url))
  const mails: SunkMail[] = []
  const port = await new Promise<number>((resolve, reject) => {
    worker.on('error', reject)
    worker.on('message', (told: { port: number } | SunkMail) => ('port' in told ? resolve(told.port) : void mails.push(told)))
  })
  return { port, mails, stop: async () => void (await worker.terminate()) }
}

function serve(tell: (told: { port: number } | SunkMail) => void): void {
  const server = new SMTPServer({
    logger: false, disableReverseLookup: true, authOptional: true, disabledCommands: ['STARTTLS'], hideSTARTTLS: true,
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => void (chunks.length < 4 && chunks.push(chunk)))
      stream.on('end', () => {
        const at = fineNow()
        const subject = /^Subject: (.*(?:\r\n[ \t].*)*)/im.exec(Buffer.concat(chunks).toString('latin1'))?.[1]?.replace(/\r\n(?=[ \t])/g, '') ?? ''
        // The answer ends the envelope.
        const { rcptTo } = session.envelope
        done(null, 'taken')
        for (const { address } of rcptTo) tell({ to: address, subject, at })
      })
    }
  })
  server.on('error', () => undefined)
  server.listen(0, '127.0.0.1', () => tell({ port: (server.server.address() as AddressInfo).port }))
}

if (!isMainThread && parentPort !== null) {
  const port = parentPort
  serve((told) => port.postMessage(told))
}
