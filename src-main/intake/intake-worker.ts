import { parentPort, workerData } from 'node:worker_threads'
import type { MailAuthentication } from '#contract/authentication.ts'
import type { StoredContent } from '../content/content-store.ts'
import { openContentStore } from '../content/open-content-store.ts'
import { parseMessage } from '../processing/parsing/parse-message.ts'
import type { ParsedMessage } from '../processing/parsing/parsed-message.ts'
import { authenticateBatch } from './authenticate-batch.ts'
import type { IntakeAnswer, IntakeAsk, IntakeWorkerData } from './intake-messages.ts'
import { createDns, type Dns } from './look-up.ts'
import { failureOf } from './thread-failure.ts'
import { unreadable } from './unreadable-message.ts'

// The intake thread: stores, parses, and lets one write to the disk cover a batch.
const port = parentPort
if (port === null) throw new Error('intake-worker runs as a worker thread only')
const { folder, dataKey, marker, parserUrl, dnsServers } = workerData as IntakeWorkerData
const contents = openContentStore({ folder, dataKey: Buffer.from(dataKey) })
const parsing = new Int32Array(marker)
const answer = (message: IntakeAnswer) => port.postMessage(message)
const loading: Promise<(raw: Buffer) => ParsedMessage> = parserUrl === null ? Promise.resolve(parseMessage) : import(parserUrl).then((loaded: { parseMessage: typeof parseMessage }) => loaded.parseMessage)

type Taking = Extract<IntakeAsk, { do: 'take' | 'parse' }>
const authenticationLimits = { messageMs: 5_000, batchMs: 15_000 }
let dns: Dns | null = null

port.on('message', (ask: IntakeAsk) => {
  if (ask.do === 'close') {
    dns?.close()
    void contents.close().finally(() => answer({ what: 'closed' }))
  } else if (ask.do === 'retire') void retire(ask)
  else handle(ask).catch((error: unknown) => answer({ batch: ask.batch, what: 'failed', ...failureOf(error) }))
})

async function retire({ id, packs }: Extract<IntakeAsk, { do: 'retire' }>): Promise<void> {
  try {
    await contents.retire(packs)
    await contents.letGo(packs)
    answer({ what: 'retired', id, failure: null })
  } catch (error) {
    answer({ what: 'retired', id, failure: failureOf(error) })
  }
}

async function handle(ask: Taking): Promise<void> {
  const { batch } = ask
  const raws = ask.do === 'take' ? ask.raws.map(asBuffer) : await Promise.all(ask.stored.map(({ address, place }) => contents.read(address, place)))
  const stored = ask.do === 'take' ? await Promise.all(raws.map((raw) => contents.append(raw))) : ask.stored
  if (ask.do === 'take') answer({ batch, what: 'stored', stored })
  const parse = await loading
  const flushed = contents.flush()
  const skip = new Set(ask.do === 'parse' ? ask.skip : [])
  const parsed = stored.map((content, index) => {
    const raw = raws[index]
    return raw === undefined || skip.has(index) ? null : parseMarked(parse, [batch, index], raw, content)
  })
  answer({ batch, what: 'parsed', parsed })
  // The next batch is parsed while this one waits for DNS and the disk.
  const [authentication] = await Promise.all([authenticated(ask, raws, parsed), flushed])
  answer({ batch, what: 'done', authentication })
}

async function authenticated({ authenticate }: Taking, raws: readonly Buffer[], parsed: readonly (ParsedMessage | null)[]): Promise<(MailAuthentication | null)[]> {
  if (authenticate === null) return []
  dns ??= createDns({ servers: dnsServers, now: Date.now })
  return authenticateBatch(raws, parsed, authenticate, { dns, now: Date.now, limits: authenticationLimits })
}

function parseMarked(parse: (raw: Buffer) => ParsedMessage, [batch, index]: [number, number], raw: Buffer, content: StoredContent): ParsedMessage {
  Atomics.store(parsing, 1, index)
  Atomics.store(parsing, 0, batch)
  try {
    const parsed = parse(raw)
    return { ...parsed, content: { ...parsed.content, html: null } }
  } catch (error) {
    return unreadable(content, `reading it failed: ${error instanceof Error ? error.message : String(error)}`)
  } finally {
    Atomics.store(parsing, 0, 0)
  }
}

function asBuffer(raw: Uint8Array): Buffer {
  return Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength)
}
