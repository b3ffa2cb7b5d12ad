import { spawn } from 'node:child_process'
import { createTransport } from 'nodemailer'
import { smtpSinkMissing } from '../testbed/smtp-sink.ts'
import { startDiscardingSink } from '../testbed/discarding-sink.ts'
import { answersToSend, openDurableOutbox } from '../testbed/durable-outbox.ts'

// Mails a second to Postfix's smtp-sink: through the outbox (each on disk before it counts, marked on disk before it is sent, its end on disk), by nodemailer's bare pool and by
// Postfix's smtp-source, over as many connections each, in turns in the same run. Usage: node bench/outbox.ts [mails] [bytes] [rounds]
const [mails = '2000', bytes = '10240', rounds = '3'] = process.argv.slice(2)
const count = Number(mails)
const connections = 5
const missing = smtpSinkMissing()
if (missing !== null) {
  process.stderr.write(`${missing}\n`)
  process.exitCode = 2
} else await compare()

async function compare(): Promise<void> {
  const sink = await startDiscardingSink()
  const outbox = await openDurableOutbox({ port: sink.port, connections, within: process.cwd() })
  const seconds = { outbox: [] as number[], nodemailer: [] as number[], smtpSource: [] as number[] }
  let sent = 0
  const throughOutbox = (): Promise<number> => took(async () => {
    await outbox.put(answersToSend(count, Number(bytes)))
    await outbox.sent((sent += count))
  })
  try {
    // The first turn warms up.
    for (let turn = 0; turn <= Number(rounds); turn++) {
      const times = { outbox: await throughOutbox(), nodemailer: await byNodemailer(sink.port), smtpSource: await bySmtpSource(sink.port) }
      if (turn === 0) continue
      for (const name of ['outbox', 'nodemailer', 'smtpSource'] as const) seconds[name].push(times[name])
    }
    const rates = { outbox: rate(seconds.outbox), nodemailer: rate(seconds.nodemailer), smtpSource: rate(seconds.smtpSource) }
    console.log(JSON.stringify({ what: 'outbox', mails: count, bytes: Number(bytes), connections, perSecond: { outbox: Math.round(rates.outbox), nodemailer: Math.round(rates.nodemailer), smtpSource: Math.round(rates.smtpSource) }, ofNodemailer: Math.round((100 * rates.outbox) / rates.nodemailer) / 100, ofSmtpSource: Math.round((100 * rates.outbox) / rates.smtpSource) / 100 }))
  } finally {
    await outbox.close()
    await sink.stop()
  }
}

async function byNodemailer(port: number): Promise<number> {
  const pool = createTransport({ host: '127.0.0.1', port, pool: true, maxConnections: connections, maxMessages: Infinity, ignoreTLS: true })
  const time = await took(() => Promise.all(answersToSend(count, Number(bytes)).map(({ to, subject, content }) => pool.sendMail({ from: 'desk@example.com', to, subject, text: content }))))
  pool.close()
  return time
}

function bySmtpSource(port: number): Promise<number> {
  return took(() => new Promise<void>((resolve, reject) => {
    const child = spawn('smtp-source', ['-d', '-s', String(connections), '-m', mails, '-l', bytes, '-f', 'desk@example.com', '-t', 'person@example.org', `127.0.0.1:${port}`], { stdio: ['ignore', 'ignore', 'inherit'] })
    child.on('error', reject).on('close', (status) => (status === 0 ? resolve() : reject(new Error(`smtp-source ended with ${status}`))))
  }))
}

async function took(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return (performance.now() - began) / 1000
}

function rate(times: readonly number[]): number {
  return count / ([...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN)
}
