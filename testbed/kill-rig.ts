import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openContentStore } from '../src-main/content/open-content-store.ts'
import { createVault } from '../src-main/credentials/vault.ts'
import type { Database } from '../src-main/database/database.ts'
import { mailTables } from '../src-main/database/mail-tables.ts'
import { openDatabase } from '../src-main/database/open-database.ts'
import { parseMessage } from '../src-main/processing/parsing/parse-message.ts'
import { createChance, type Chance } from './chance.ts'
import type { Dovecot } from './dovecot.ts'
import { mixedMessages } from './message-generator.ts'
import { messageHash } from './message-hash.ts'
import { readZip } from './read-zip.ts'

export const killedWork = ['fetch', 'move', 'export', 'import'] as const
export type KilledWork = (typeof killedWork)[number]
/** `late`: the work had ended before it was to be killed. */
export type Kill = { work: KilledWork; afterMs: number; late: boolean; faults: string[] }
export type Reckoning = { delivered: number; lost: number; doubled: number; verdicts: string[]; leftovers: string[] }
export type KillRig = { kill(work: KilledWork): Promise<Kill>; reckon(): Promise<Reckoning>; stop(): void }

const passphrase = 'a passphrase for this test'
const servers = ['seen', 'moved', 'deleted'] as const
const batch = 24

/** A console in a folder of its own with three mailboxes of Dovecot, driven by the command line in a child process that is killed at moments drawn by chance. */
export async function openKillRig(dovecot: Dovecot, seed: number): Promise<KillRig> {
  const folder = mkdtempSync(join(tmpdir(), 'mailroom-kill-'))
  const [data, out] = [join(folder, 'data'), join(folder, 'out')]
  mkdirSync(out)
  const bundle = join(out, 'bundle.zip')
  const files = { a: join(folder, 'a.yaml'), b: join(folder, 'b.yaml') }
  for (const [name, file] of Object.entries(files)) writeFileSync(file, yamlOf(dovecot, name))
  const chance = createChance(seed)
  const command = (...words: string[]) => runCommand([...words, '--data', data], dovecot.password)
  const must = async (...words: string[]): Promise<string> => {
    const { status, said, out: answer } = await command(...words).ended
    if (status !== 0 && status !== 1) throw new Error(`mailroom ${words.join(' ')} ended with ${status}: ${said}`)
    return answer
  }
  const delivered: Buffer[] = []
  const turns: Record<KilledWork, number> = { fetch: 0, move: 0, export: 0, import: 0 }
  let batches = 0
  const deliver = (server: string): void => {
    for (const { raw } of mixedMessages(batch, { seed: seed * 1_000 + batches++ })) {
      dovecot.deliver(server, raw)
      delivered.push(raw)
    }
  }
  const wordsFor = (work: KilledWork, turn: number): string[] => {
    const server = servers[turn % servers.length] ?? 'seen'
    if (work === 'fetch') return ['incoming', 'fetch', server]
    if (work === 'move') return ['errors', 'requeue', server]
    return work === 'export' ? ['errors', 'export', '--out', bundle] : ['config', 'import', turn % 2 === 0 ? files.b : files.a, '--replace']
  }

  const configurations: string[] = []
  for (const file of [files.b, files.a]) {
    await must('config', 'import', file, '--replace')
    configurations.push(await opened(data, configurationIn))
  }
  for (const server of servers) {
    deliver(server)
    deliver(server)
  }
  // How long each takes where nobody kills it.
  const usual: Record<KilledWork, number> = { fetch: 0, move: 0, export: 0, import: 0 }
  for (const work of killedWork) {
    const begun = performance.now()
    await must(...wordsFor(work, 0))
    usual[work] = performance.now() - begun
    if (work === 'fetch') for (const server of servers) await must('incoming', 'fetch', server)
    if (work === 'import') await must('config', 'import', files.a, '--replace')
    rmSync(bundle, { force: true })
  }

  return {
    async kill(work) {
      const turn = turns[work]++
      if (work === 'fetch') deliver(servers[turn % servers.length] ?? 'seen')
      const afterMs = Math.round(usual[work] * momentOf(chance))
      const running = command(...wordsFor(work, turn))
      const timer = setTimeout(() => running.kill(), afterMs)
      const { killed } = await running.ended
      clearTimeout(timer)
      // The machine's pace changes: the moments follow it, so that they lie inside the work.
      usual[work] *= killed ? 1.02 : 0.88
      const faults = await opened(data, (database, dataKey) => faultsIn(database, dataKey, data))
      if (work === 'import' && !configurations.includes(await opened(data, configurationIn))) faults.push('the configuration is neither as before nor as after')
      if (existsSync(bundle)) faults.push(...wholeZip(bundle))
      rmSync(bundle, { force: true })
      return { work, afterMs, late: !killed, faults }
    },
    async reckon() {
      const verdicts: string[] = []
      for (const server of servers) {
        await must('incoming', 'fetch', server)
        await must('incoming', 'fetch', server)
        const { verdict, differences } = JSON.parse(await must('ledger', 'reconcile', server, '--json')) as { verdict: string; differences: { kind: string; count: number }[] }
        verdicts.push(`${server}: ${verdict}${differences.map(({ kind, count }) => `, ${count} ${kind}`).join('')}`)
      }
      await must('errors', 'export', '--out', bundle)
      const leftovers = [...readdirSync(out).filter((name) => name !== 'bundle.zip'), ...readdirSync(data, { recursive: true }).map(String).filter((name) => /\.(tmp|part)$/.test(name))]
      return { delivered: delivered.length, ...(await opened(data, (database, dataKey) => accounts(database, dataKey, data, delivered))), verdicts, leftovers }
    },
    stop: () => rmSync(folder, { recursive: true, force: true })
  }
}

/** Most moments lie where the folder is open; the first third of a short command is its own start. */
const momentOf = (chance: Chance): number => (chance.draw() < 0.15 ? chance.draw() : 0.45 + chance.draw() * 0.6)

function runCommand(words: string[], secret: string) {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../src-main/cli/cli.ts'), ...words], { env: { ...process.env, MAILROOM_PASSPHRASE: passphrase, IT_PASSWORD: secret, DBUS_SESSION_BUS_ADDRESS: '' }, stdio: ['ignore', 'pipe', 'pipe'] })
  const said = { out: '', err: '' }
  child.stdout.on('data', (chunk: Buffer) => void (said.out += chunk))
  child.stderr.on('data', (chunk: Buffer) => void (said.err += chunk))
  const ended = (once(child, 'close') as Promise<[number | null, string | null]>).then(([status, signal]) => ({ status, killed: signal === 'SIGKILL', out: said.out, said: said.err }))
  return { ended, kill: () => child.kill('SIGKILL') }
}

async function opened<Result>(data: string, work: (database: Database, dataKey: Buffer) => Promise<Result>): Promise<Result> {
  const vault = createVault(join(data, 'vault.json'))
  await vault.unlock(passphrase)
  const dataKey = Buffer.from((await vault.get('data-key')) ?? '', 'base64')
  const database = await openDatabase({ folder: join(data, 'database'), dataKey, log: { warning: () => undefined }, readOnly: true })
  try {
    return await work(database, dataKey)
  } finally {
    await database.close()
  }
}

const configurationIn = async (database: Database): Promise<string> => {
  const rows = await Promise.all(['incoming_servers', 'outgoing_servers', 'partitions', 'settings'].map((table) => database.all(`SELECT * FROM ${table}`)))
  return JSON.stringify(rows.map((some) => some.map((row) => String(row['document'])).sort()))
}

/** Every content that something names, by its address. */
async function rawsIn(database: Database, dataKey: Buffer, data: string, addresses: readonly string[]): Promise<Map<string, Buffer>> {
  const content = openContentStore({ folder: join(data, 'content'), dataKey })
  const found = new Map<string, Buffer>()
  try {
    for (const address of addresses) {
      const place = await mailTables.contents.placeOf(database, address)
      if (place === null) throw new Error(`content ${address} is not in the table`)
      found.set(address, await content.read(address, place))
    }
  } finally {
    await content.close()
  }
  return found
}
const named = async (database: Database): Promise<{ entries: string[]; errors: string[] }> => ({
  entries: (await database.all<{ content: string }>('SELECT content FROM entries')).map(({ content }) => content),
  errors: (await database.all<{ content: string | null }>('SELECT content FROM errors')).flatMap(({ content }) => content ?? [])
})

async function faultsIn(database: Database, dataKey: Buffer, data: string): Promise<string[]> {
  const faults: string[] = []
  const { entries, errors } = await named(database)
  await rawsIn(database, dataKey, data, [...entries, ...errors]).catch((error: unknown) => faults.push(`a message cannot be read: ${String(error)}`))
  if (new Set(entries).size < entries.length) faults.push('a message is in two requests')
  const [twice] = await database.all<{ count: number }>(`SELECT COUNT(*) AS count FROM (SELECT uid FROM ledger WHERE outcome <> 'released' GROUP BY server, identity, uid HAVING COUNT(*) > 1)`)
  if (twice?.count !== 0) faults.push(`${twice?.count} messages are in the ledger twice`)
  const records = new Set(existsSync(join(data, 'errors')) ? readdirSync(join(data, 'errors')) : [])
  const wanted = await database.all<{ record: string }>('SELECT record FROM errors')
  if (wanted.some(({ record }) => ![...records].some((file) => file.includes(record)))) faults.push('the file of an error record is missing')
  return faults
}

async function accounts(database: Database, dataKey: Buffer, data: string, delivered: readonly Buffer[]): Promise<{ lost: number; doubled: number }> {
  const { entries, errors } = await named(database)
  const raws = await rawsIn(database, dataKey, data, [...entries, ...errors])
  const times = new Map<string, number>()
  for (const address of [...entries, ...errors]) {
    const key = messageHash(raws.get(address) ?? Buffer.alloc(0))
    times.set(key, (times.get(key) ?? 0) + 1)
  }
  const dropped = new Set((await database.all<{ fingerprint: string | null }>(`SELECT fingerprint FROM ledger WHERE outcome IN ('dropped', 'command')`)).map(({ fingerprint }) => fingerprint))
  let [lost, doubled] = [0, 0]
  for (const raw of delivered) {
    const count = times.get(messageHash(raw)) ?? 0
    if (count > 1) doubled++
    if (count === 0 && !dropped.has(parseMessage(raw).fingerprint.slice(0, 32))) lost++
  }
  return { lost, doubled }
}

function wholeZip(file: string): string[] {
  try {
    return readZip(readFileSync(file)).size > 0 ? [] : ['the export is empty']
  } catch (error) {
    return [`half an export lies beside: ${String(error)}`]
  }
}

const yamlOf = ({ ports }: Dovecot, variant: string): string => `version: 1
partitions:
  - { name: ${variant === 'a' ? 'IT' : 'Information'}, default: true }
incoming:
${servers.map((name) => `  - name: ${name}
    partition: ${variant === 'a' ? 'IT' : 'Information'}
    protocol: imap
    host: 127.0.0.1
    port: ${ports.imap}
    security: none
    push: false
    fetchEvery: ${variant === 'a' ? 60 : 90}s
    auth: { method: password, user: ${name}, secret: env:IT_PASSWORD }
    afterFetch: ${name === 'seen' ? 'mark-seen' : name === 'moved' ? 'move' : 'delete'}
${name === 'moved' ? '    moveTo: Done\n' : ''}    errorFolder: { enabled: true, name: Errors, notify: false }
`).join('')}`
