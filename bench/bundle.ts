import { execFileSync } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { mkdtempSync, openSync, readFileSync, rmSync, statSync, writeSync, closeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import type { Download, DownloadPiece } from '#contract/download.ts'
import { openConsole } from '../src-main/compose.ts'
import { silentLog } from '../src-main/log/create-log.ts'
import { parseMessage } from '../src-main/processing/parsing/parse-message.ts'
import { benchMessages } from '../testbed/message-generator.ts'
import { readZip } from '../testbed/read-zip.ts'

// The support bundle of many error mails: time, size and peak memory, with and without personal data; tested by unzip and read.
// Usage: node bench/bundle.ts [mails]
const resolutionMs = 5
const [mails = '1000', folder] = process.argv.slice(2)
const raws = (): Buffer[] => [...benchMessages(Number(mails), 7)].map(({ raw }) => withoutSender(raw))
const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

if (folder !== undefined) await measure(folder)
else {
  const made = mkdtempSync(join(tmpdir(), 'mailroom-bundle-'))
  try {
    await fill(made)
    // A process of its own: what filling left in memory is not the bundle's.
    execFileSync(process.execPath, [fileURLToPath(import.meta.url), mails, made], { stdio: ['ignore', 'inherit', 'inherit'] })
  } finally {
    rmSync(made, { recursive: true, force: true })
  }
}

/** A From field without an address: such mail goes to the error folder, with its people and its text. */
function withoutSender(raw: Buffer): Buffer {
  const end = raw.indexOf('\r\n\r\n')
  return Buffer.concat([Buffer.from(raw.subarray(0, end).toString('latin1').replace(/^From:.*(?:\r\n[ \t].*)*/im, 'From: Ann Example'), 'latin1'), raw.subarray(end)])
}

async function open(dataFolder: string) {
  const core = await openConsole({ dataFolder, host: 'browser', demo: false, passphrase: 'a passphrase for this bench', log: silentLog, env: { DBUS_SESSION_BUS_ADDRESS: '' } })
  const must = async <Value>(name: string, input: object): Promise<Value> => {
    const answer = await core.answer(name, input, { role: 'administrator', who: 'bench' })
    if (!answer.ok) throw new Error(JSON.stringify(answer.problem))
    return answer.value as Value
  }
  return { core, must }
}

async function fill(dataFolder: string): Promise<void> {
  const { core, must } = await open(dataFolder)
  const started = performance.now()
  let bytes = 0
  for (const raw of raws()) {
    bytes += raw.length
    await must('processing.take', { base64: raw.toString('base64'), server: null })
  }
  const { total } = await must<{ total: number }>('errors.list', { limit: 1 })
  await core.close()
  if (total !== Number(mails)) throw new Error(`${mails} mails were taken and ${total} are in error`)
  console.log(JSON.stringify({ what: 'error mails stored', mails: total, megabytes: Math.round(bytes / 1e6), seconds: seconds(started) }))
}

async function measure(dataFolder: string): Promise<void> {
  const { core, must } = await open(dataFolder)
  for (const redact of [false, true]) {
    const file = join(dataFolder, `bundle-${redact}.zip`)
    const before = process.memoryUsage()
    const peak = watchMemory()
    const delay = monitorEventLoopDelay({ resolution: resolutionMs })
    delay.enable()
    const started = performance.now()
    const bundle = await must<Download & { mails: number }>('errors.export', { server: null, redact, workId: randomUUID() })
    const pieces = await save(must, bundle.downloadId, file)
    const took = seconds(started)
    delay.disable()
    const most = peak.end()
    const megabytes = (value: number): number => Math.round(value / 1e6)
    console.log(JSON.stringify({
      what: redact ? 'bundle without personal data' : 'bundle', mails: bundle.mails, seconds: took, zipMegabytes: megabytes(statSync(file).size), pieces,
      rssBefore: megabytes(before.rss), rssPeak: megabytes(most.rss), heapPeak: megabytes(most.heapUsed), buffersPeak: megabytes(most.arrayBuffers), longestHoldMs: Math.round(Math.max(0, delay.max / 1e6 - resolutionMs)), holdP99Ms: Math.round(Math.max(0, delay.percentile(99) / 1e6 - resolutionMs))
    }))
  }
  await core.close()
  // Only now: reading takes memory of its own.
  for (const redact of [false, true]) console.log(JSON.stringify(opened(join(dataFolder, `bundle-${redact}.zip`), redact)))
}

async function save(must: <Value>(name: string, input: object) => Promise<Value>, downloadId: string, file: string): Promise<number> {
  const target = openSync(file, 'wx', 0o600)
  try {
    for (let pieces = 1; ; pieces++) {
      const { base64, done } = await must<DownloadPiece>('download.next', { downloadId })
      writeSync(target, Buffer.from(base64, 'base64'))
      if (done) return pieces
    }
  } finally {
    closeSync(target)
  }
}

/** Tested by unzip, and read: every message is there, byte for byte, or can still be parsed into as many parts. */
function opened(file: string, redact: boolean): object {
  const tested = execFileSync('unzip', ['-tqq', file], { encoding: 'utf8', maxBuffer: 1e8 }).trim() === ''
  const zip = readZip(readFileSync(file))
  const messages = [...zip].filter(([path]) => path.endsWith('.eml')).map(([, bytes]) => bytes)
  const records = [...zip.keys()].filter((path) => path.startsWith('mails/') && path.endsWith('.txt')).length
  const shape = (raw: Buffer): string => {
    const { text, html, attachments } = parseMessage(raw).content
    return JSON.stringify([text !== '', html !== null, attachments.map(({ contentType, disposition }) => [contentType, disposition])])
  }
  const same = (of: (raw: Buffer) => string): number => {
    const there = messages.map(of).sort()
    return raws().map(of).sort().filter((one, index) => one === there[index]).length
  }
  return { what: 'opened by unzip and read', intact: tested, entries: zip.size, records, messages: messages.length, ...(redact ? { sameStructure: same(shape) } : { byteForByte: same(hashOf) }) }
}

function watchMemory() {
  const most = process.memoryUsage()
  const look = (): void => {
    const now = process.memoryUsage()
    for (const name of ['rss', 'heapUsed', 'arrayBuffers'] as const) most[name] = Math.max(most[name], now[name])
  }
  const timer = setInterval(look, 20)
  return { end: () => (clearInterval(timer), look(), most) }
}

function seconds(started: number): number {
  return Math.round((performance.now() - started) / 10) / 100
}
