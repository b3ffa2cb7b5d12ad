import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import type { IncomingServerView } from '../src-contract/incoming-server.ts'
import { dovecotMissing } from '../testbed/dovecot.ts'
import { startMailWorld, type MailWorld, type WorldKind } from '../testbed/mail-world.ts'
import { roundMissing } from './run-round.ts'

// What the headless host takes while it watches many idle servers of all kinds, and how many connections it keeps for listening.
// Usage: node bench/idle.ts [--servers 0,50,100,200] [--settle 60] [--only KIND] [--json]
const { values: options } = parseArgs({ options: { servers: { type: 'string', default: '0,50,100,200' }, settle: { type: 'string', default: '60' }, only: { type: 'string' }, json: { type: 'boolean', default: false } } })
const kinds: WorldKind[] = options.only === undefined ? ['imap', 'pop3', 'ews', 'graph', 'gmail'] : [options.only as WorldKind]
const program = join(fileURLToPath(new URL('..', import.meta.url)), 'bin', 'mailroom.js')

type Row = { servers: number; residentMegabytes: number; listening: number; sockets: number; processorPercent: number; failing: number }

const missing = roundMissing() ?? dovecotMissing()
if (missing !== null) {
  console.error(`The bench of idle servers is left out: ${missing}`)
  process.exit(0)
}
const world = await startMailWorld()
try {
  const rows: Row[] = []
  for (const count of options.servers.split(',').map(Number)) rows.push(await measure(count, world))
  report(rows)
} finally {
  await world.stop()
}

async function measure(count: number, world: MailWorld): Promise<Row> {
  const folder = mkdtempSync(join(tmpdir(), 'mailroom-idle-'))
  const env = { ...process.env, ...world.env, MAILROOM_PASSPHRASE: 'a passphrase for the bench', DBUS_SESSION_BUS_ADDRESS: '' }
  const file = join(folder, 'idle.yaml')
  const servers = Array.from({ length: count }, (_none, index) => world.server(kinds[index % kinds.length] ?? 'imap', `idle-${index}`, { push: true }).replace(/ \}\n$/, ', enabled: true }\n'))
  writeFileSync(file, `version: 1\n${count === 0 ? '' : `incoming:\n${servers.join('')}`}`)
  await promisify(execFile)(process.execPath, [program, 'config', 'import', file, '--data', join(folder, 'data')], { env })
  const host = spawn(process.execPath, [program, 'serve', '--data', join(folder, 'data')], { env, stdio: ['ignore', 'pipe', 'ignore'] })
  try {
    const { url } = JSON.parse(await firstLine(host)) as { url: string }
    const ask = await askerOf(url)
    // Every server has had its first round, then all is left alone.
    for (let waited = 0; waited < 120 && (await ask()).some(({ state }) => state.lastRound === null); waited++) await sleep(1_000)
    const before = processorSeconds(host)
    await sleep(Number(options.settle) * 1_000)
    const processorPercent = Math.round(((processorSeconds(host) - before) / Number(options.settle)) * 1_000) / 10
    const { residentMegabytes, sockets } = { residentMegabytes: resident(host), sockets: socketsOf(host) }
    const states = await ask()
    return { servers: count, residentMegabytes, sockets, processorPercent, listening: states.filter(({ state }) => state.fetching === 'listening').length, failing: states.filter(({ state }) => state.problem !== null).length }
  } finally {
    const ended = new Promise((done) => host.once('exit', done))
    host.kill('SIGTERM')
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
}

async function firstLine(host: ChildProcess): Promise<string> {
  let text = ''
  for await (const chunk of host.stdout as AsyncIterable<Buffer>) {
    text += chunk.toString('utf8')
    if (text.includes('\n')) return text.slice(0, text.indexOf('\n'))
  }
  throw new Error('The host ended before it said where it is.')
}

/** Opens the console as its link does and asks for the list of incoming servers. */
async function askerOf(link: string): Promise<() => Promise<IncomingServerView[]>> {
  const url = new URL(link)
  const opened = await fetch(link, { redirect: 'manual' })
  const cookie = (opened.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  return async () => {
    const answer = await fetch(new URL('/call', url), { method: 'POST', headers: { cookie, origin: url.origin, 'content-type': 'application/json' }, body: JSON.stringify({ name: 'incoming.list', input: {} }) })
    return ((await answer.json()) as { value: IncomingServerView[] }).value
  }
}

function proc(host: ChildProcess, file: string): string {
  return join('/proc', String(host.pid), file)
}
function resident(host: ChildProcess): number {
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(proc(host, 'status'), 'utf8'))?.[1] ?? 0) / 1024)
}
/** utime and stime, in ticks of 10 ms (proc(5)). */
function processorSeconds(host: ChildProcess): number {
  const fields = readFileSync(proc(host, 'stat'), 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / 100
}
function socketsOf(host: ChildProcess): number {
  return readdirSync(proc(host, 'fd')).filter((name) => {
    try {
      return readlinkSync(proc(host, `fd/${name}`)).startsWith('socket:')
    } catch {
      return false
    }
  }).length
}

function report(rows: readonly Row[]): void {
  if (options.json) return console.log(JSON.stringify({ kinds, rows }))
  console.log(`\nidle servers of ${kinds.join(', ')}\nservers   resident MB   KB a server   listening   sockets   processor %   failing`)
  const [first] = rows
  for (const row of rows) {
    const each = first === undefined || row.servers === first.servers ? '' : String(Math.round(((row.residentMegabytes - first.residentMegabytes) * 1024) / (row.servers - first.servers)))
    console.log(`${String(row.servers).padStart(7)} ${String(row.residentMegabytes).padStart(13)} ${each.padStart(13)} ${String(row.listening).padStart(11)} ${String(row.sockets).padStart(9)} ${String(row.processorPercent).padStart(13)} ${String(row.failing).padStart(9)}`)
  }
}
