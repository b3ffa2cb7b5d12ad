import { randomUUID } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { nativeMailSettings, type NativeMailState } from '#contract/native-mail.ts'
import { openConsoleUnderTest, type ConsoleUnderTest } from '../testbed/console-under-test.ts'
import { fineNow, startCountingSink, type CountingSink } from '../testbed/counting-sink.ts'
import { dovecotMissing, startDovecot } from '../testbed/dovecot.ts'
import { freePorts } from '../testbed/free-ports.ts'
import { plotDelays } from './plot-delays.ts'

// Mail in, request, three notifications out: how long after a mail came in each of its notifications was taken by the next mail server.
// Usage: node bench/notifications.ts [--per-minute 200] [--seconds 90] [--source imap|native|both] [--out FOLDER]
const { values: options } = parseArgs({
  options: { 'per-minute': { type: 'string', default: '200' }, seconds: { type: 'string', default: '50' }, source: { type: 'string', default: 'both' }, out: { type: 'string', default: fileURLToPath(new URL('../out/bench', import.meta.url)) } }
})
const perMinute = Number(options['per-minute'])
const wanted = Math.round((perMinute * Number(options.seconds)) / 60)
/** What was not taken by then is lost. */
const patienceMs = 20_000
const group = 'field-service@desk.example'
const fixed = 'archive@desk.example'
const password = 'bench-password'

type Source = 'imap' | 'native'
/** A way in: puts one mail there and answers when it lay there, or was taken. */
type WayIn = { deliver(raw: string, from: string): Promise<number>; stop(): Promise<void> }
type Delay = { mail: number; recipient: string; kind: string; deliveredAt: number; delayMs: number | null }

async function run(source: Source): Promise<void> {
  const sink = await startCountingSink()
  const desk = await openConsoleUnderTest({ BENCH: password })
  try {
    await desk.begin()
    const way = source === 'imap' ? await byImap(desk, sink) : await byNativeMail(desk, sink)
    try {
      await settled(desk, way, sink)
      const started = fineNow()
      const delivered = await deliverAll(way)
      await until(() => sink.mails.length >= 3 * (wanted + 1), patienceMs)
      report(source, started, delivered, sink)
    } finally {
      await way.stop()
    }
  } finally {
    await desk.stop()
    await sink.stop()
  }
}

/** The first mail opens connections and compiles; it is not counted. */
async function settled(desk: ConsoleUnderTest, way: WayIn, sink: CountingSink): Promise<void> {
  await way.deliver(mailOf('first'), senderOf('first'))
  if (await until(() => sink.mails.length >= 3, patienceMs)) return
  const stands = JSON.stringify([await desk.ask('incoming.list', {}), await desk.ask('requests.list', { limit: 1 }), await desk.ask('outbox.list', {})])
  throw new Error(`The first mail brought ${sink.mails.length} notifications, not 3: ${stands}`)
}

async function deliverAll(way: WayIn): Promise<number[]> {
  const started = fineNow()
  const delivered: number[] = []
  for (let index = 0; index < wanted; index++) {
    const wait = started + (index * 60_000) / perMinute - fineNow()
    if (wait > 0) await sleep(wait)
    delivered.push(await way.deliver(mailOf(String(index)), senderOf(String(index))))
  }
  return delivered
}

const senderOf = (id: string): string => `person-${id}@customer.example`
const mailOf = (id: string): string =>
  [`Message-ID: <${randomUUID()}@customer.example>`, `From: Person ${id} <${senderOf(id)}>`, 'To: it@desk.example', `Subject: Bench ${id} end`, `Date: ${new Date().toUTCString()}`, '', `The printer of person ${id} does not print.`, 'It blinks red, and nothing comes out of it.', ''].join('\r\n')

const template = { subject: '{{number}}: {{subject}}', text: 'Hello {{requester}},\n\nwe work on it:\n\n{{message}}\n\n{{senderName}}', html: '<p>Hello {{requester}},</p><p>we work on it:</p><blockquote>{{message}}</blockquote><p>{{senderName}}</p>' }

const configuration = (sink: CountingSink): Record<string, unknown> => ({
  version: 1, partitions: [{ name: 'Desk', outgoing: 'out', default: true }],
  outgoing: [{ name: 'out', protocol: 'smtp', host: '127.0.0.1', port: sink.port, security: 'none', auth: { method: 'none' }, replyTo: 'it@desk.example', senderName: 'IT Support' }],
  processing: { answers: { acknowledge: true, mostPerHour: 1000, template } },
  requestMails: [{ name: 'Group', event: 'request-created', to: [group], template }, { name: 'Archive', event: 'request-created', to: [fixed], template }]
})

async function byImap(desk: ConsoleUnderTest, sink: CountingSink): Promise<WayIn> {
  const dovecot = await startDovecot({ password, inMemory: true })
  const incoming = [{ name: 'in', partition: 'Desk', protocol: 'imap', host: dovecot.host, port: dovecot.ports.imap, security: 'none', auth: { method: 'password', user: 'it@desk.example', secret: 'env:BENCH' }, addresses: ['it@desk.example'], push: true, fetchEvery: '10s' }]
  await desk.must('configuration.import', { yaml: JSON.stringify({ ...configuration(sink), incoming }), replace: true })
  await desk.must('incoming.start', { name: 'in' })
  return { deliver: async (raw) => (dovecot.deliver('it@desk.example', raw), fineNow()), stop: dovecot.stop }
}

async function byNativeMail(desk: ConsoleUnderTest, sink: CountingSink): Promise<WayIn> {
  const [port = 0] = await freePorts(1)
  await desk.must('configuration.import', { yaml: JSON.stringify(configuration(sink)), replace: true })
  const settings = nativeMailSettings.parse({ host: 'localhost', listen: '127.0.0.1', port, authentication: 'ignore', addresses: ['it@desk.example'] })
  await desk.must<NativeMailState>('native-mail.activate', { settings, reason: null })
  return {
    async deliver(raw, from) {
      await submit(port, from, raw)
      return fineNow()
    },
    stop: async () => undefined
  }
}

/** One mail over one connection; resolves once it was taken. */
async function submit(port: number, from: string, raw: string): Promise<void> {
  const socket = connect(port, '127.0.0.1')
  try {
    await replied(socket, null)
    for (const line of ['EHLO bench.example', `MAIL FROM:<${from}>`, 'RCPT TO:<it@desk.example>', 'DATA']) await replied(socket, `${line}\r\n`)
    await replied(socket, `${raw}\r\n.\r\n`)
  } finally {
    socket.end('QUIT\r\n')
  }
}

/** The next reply, of one line or several (RFC 5321 4.2.1). Throws where it refuses. */
function replied(socket: Socket, words: string | null): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = ''
    const hear = (chunk: Buffer): void => {
      text += chunk.toString('latin1')
      const last = /^(\d)\d\d .*\r\n$/m.exec(text)
      if (last === null) return
      socket.off('data', hear)
      if (last[1] === '2' || last[1] === '3') resolve()
      else reject(new Error(`native mail said: ${text.trim()}`))
    }
    socket.on('data', hear).once('error', reject)
    if (words !== null) socket.write(words)
  })
}

function report(source: Source, started: number, delivered: readonly number[], { mails }: CountingSink): void {
  const taken = new Map<string, number[]>()
  for (const { to, subject, at } of mails) {
    const key = `${/Bench (\w+) end/.exec(subject)?.[1] ?? '?'} ${to}`
    taken.set(key, [...(taken.get(key) ?? []), at])
  }
  const rows = delivered.flatMap((deliveredAt, mail) => [['requester', senderOf(String(mail))], ['group', group], ['fixed address', fixed]].map(([kind = '', recipient = '']): Delay => {
    const at = taken.get(`${mail} ${recipient}`)?.[0]
    return { mail, recipient, kind, deliveredAt, delayMs: at === undefined ? null : at - deliveredAt }
  }))
  const delays = rows.flatMap(({ delayMs }) => delayMs ?? []).sort((one, other) => one - other)
  const lost = rows.length - delays.length
  const doubled = mails.length - 3 - delays.length
  const at = (part: number): number => Math.round((delays[Math.min(delays.length - 1, Math.ceil(part * delays.length) - 1)] ?? NaN) * 10) / 10
  const seconds = Math.round((Math.max(...delivered) - started) / 100) / 10
  const summary = { what: 'notifications', source, mails: delivered.length, perMinute, seconds, notifications: delays.length, lost, doubled, p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99), maxMs: at(1) }
  console.log(JSON.stringify(summary))
  const names = written(source, started, rows, summary)
  console.log(names.join('\n'))
  if (lost + doubled !== 0) process.exitCode = 1
}

function written(source: Source, started: number, rows: readonly Delay[], { p50Ms, p95Ms, p99Ms, mails }: { p50Ms: number; p95Ms: number; p99Ms: number; mails: number }): string[] {
  mkdirSync(options.out, { recursive: true })
  const [csv, svg] = [join(options.out, `notifications-${source}.csv`), join(options.out, `notifications-${source}.svg`)]
  writeFileSync(csv, `mail,kind,recipient,came_in_s,delay_ms\r\n${rows.map(({ mail, kind, recipient, deliveredAt, delayMs }) => [mail, kind, recipient, ((deliveredAt - started) / 1000).toFixed(3), delayMs === null ? '' : delayMs.toFixed(1)].join(',')).join('\r\n')}\r\n`)
  const points = rows.flatMap(({ kind, deliveredAt, delayMs }) => (delayMs === null ? [] : [{ at: (deliveredAt - started) / 1000, delay: delayMs / 1000, series: kind }]))
  writeFileSync(svg, plotDelays(`${mails} mails in by ${source}, ${perMinute} a minute, three notifications out of each`, points, { p50: p50Ms / 1000, p95: p95Ms / 1000, p99: p99Ms / 1000 }))
  return [csv, svg]
}

/** False where it did not come true in time. */
async function until(isSo: () => boolean, mostMs: number): Promise<boolean> {
  for (const end = fineNow() + mostMs; fineNow() < end; await sleep(20)) if (isSo()) return true
  return isSo()
}

for (const source of (options.source === 'both' ? ['imap', 'native'] : [options.source]) as Source[]) {
  const missing = source === 'imap' ? dovecotMissing() : null
  if (missing === null) await run(source)
  else console.error(`Notifications of mail by ${source} are left out: ${missing}`)
}
