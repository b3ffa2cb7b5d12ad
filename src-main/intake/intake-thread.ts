import { Worker } from 'node:worker_threads'
import { ProblemError } from '#contract/problem.ts'
import type { StoredContent } from '../content/content-store.ts'
import type { ParsedMessage } from '../processing/parsing/parsed-message.ts'
import type { IntakeOrder, TakenMessage } from './intake.ts'
import type { IntakeAnswer, IntakeAsk, IntakeWorkerData } from './intake-messages.ts'
import { errorOf } from './thread-failure.ts'
import { unreadable } from './unreadable-message.ts'

/** A message that needs more than this ends the thread that reads it, not the program. */
export const resourceLimits = { maxOldGenerationSizeMb: 768, maxYoungGenerationSizeMb: 6 }

export type ThreadNeeds = { folder: string; dataKey: Buffer; workerUrl: URL; parserUrl: URL | null; dnsServers: readonly string[] | null; parseLimitMs: number; now: () => number }

/** The intake thread seen from outside; a new one takes over where one died. */
export interface IntakeThread {
  take(raws: Buffer[], authenticate: IntakeOrder['authenticate']): Promise<TakenMessage[]>
  retire(packs: readonly number[]): Promise<void>
  close(): Promise<void>
}
/**
 * A batch waits with its `raws`, is parsed (one at a time), then goes to the disk. `killers` are the messages whose parsing ended a
 * thread, with the reason; `starts` counts the threads that had the batch.
 */
type Batch = {
  raws: Buffer[]
  authenticate: IntakeOrder['authenticate']
  stored: StoredContent[] | null
  state: 'waiting' | 'parsing' | 'flushing'
  parsed: (ParsedMessage | null)[]
  killers: Map<number, string>
  starts: number
  resolve(taken: TakenMessage[]): void
  reject(error: unknown): void
}
/** Packs that the thread is asked to let go of; asked again of the next one where it died. */
type Retiring = { packs: number[]; asked: boolean; resolve(): void; reject(error: unknown): void }
type Running = { worker: Worker; marker: Int32Array; seen: { batch: number; index: number; since: number }; closed: () => void }

/** Watches what is being parsed: what takes longer than `parseLimitMs` costs the thread its life and the message its place. */
export function startIntakeThread(needs: ThreadNeeds): IntakeThread {
  const batches = new Map<number, Batch>()
  const retiring = new Map<number, Retiring>()
  let last = 0
  let retirements = 0
  let running: Running | null = null

  const start = (): Running => {
    const marker = new Int32Array(new SharedArrayBuffer(8))
    const workerData: IntakeWorkerData = { folder: needs.folder, dataKey: needs.dataKey, marker: marker.buffer, parserUrl: needs.parserUrl?.href ?? null, dnsServers: needs.dnsServers }
    const worker = new Worker(needs.workerUrl, { workerData, resourceLimits })
    const made: Running = { worker, marker, seen: { batch: 0, index: 0, since: 0 }, closed: () => undefined }
    let reason = 'the thread ended'
    worker.on('message', (message: IntakeAnswer) => {
      if (message.what === 'retired') retired(retiring, message)
      else receive(batches, made, message)
      next()
    })
    worker.on('error', (error) => (reason = error instanceof Error ? error.message : String(error)))
    worker.on('exit', () => ended(made, reason))
    return made
  }
  const ended = (gone: Running, reason: string) => {
    gone.closed()
    if (running !== gone) return
    running = null
    const [batch = 0, index = 0] = gone.marker
    batches.get(batch)?.killers.set(index, `reading it failed: ${reason}`)
    takeBack(batches, reason)
    for (const one of retiring.values()) one.asked = false
    next()
  }
  const next = () => {
    for (const [id, one] of retiring) {
      if (one.asked) continue
      running ??= start()
      one.asked = true
      post(running.worker, { do: 'retire', id, packs: one.packs }, [])
    }
    const [number, batch] = nextBatch(batches)
    if (batch === null) return
    running ??= start()
    batch.state = 'parsing'
    batch.starts += 1
    if (batch.stored !== null) {
      post(running.worker, { batch: number, do: 'parse', stored: batch.stored, skip: [...batch.killers.keys()], authenticate: batch.authenticate }, [])
      return
    }
    const views = batch.raws.map(ownMemory)
    batch.raws = []
    post(running.worker, { batch: number, do: 'take', raws: views, authenticate: batch.authenticate }, views.map(({ buffer }) => buffer))
  }
  const watch = setInterval(() => {
    if (running === null) return
    const [batch = 0, index = 0] = running.marker
    const { seen } = running
    if (batch !== seen.batch || index !== seen.index) running.seen = { batch, index, since: needs.now() }
    else if (batch !== 0 && needs.now() - seen.since > needs.parseLimitMs) overdue(running, batch, index)
  }, Math.min(1000, needs.parseLimitMs / 4))
  watch.unref()
  const overdue = (slow: Running, number: number, index: number) => {
    running = null
    void slow.worker.terminate()
    batches.get(number)?.killers.set(index, `reading it took longer than ${needs.parseLimitMs / 1000} seconds`)
    takeBack(batches, 'a message took too long')
    for (const one of retiring.values()) one.asked = false
    next()
  }
  return {
    take: (raws, authenticate) =>
      new Promise((resolve, reject) => {
        last = last >= 2 ** 31 - 1 ? 1 : last + 1
        batches.set(last, { raws, authenticate, stored: null, state: 'waiting', parsed: [], killers: new Map(), starts: 0, resolve, reject })
        next()
      }),
    retire: (packs) =>
      new Promise((resolve, reject) => {
        retirements += 1
        retiring.set(retirements, { packs: [...packs], asked: false, resolve, reject })
        next()
      }),
    async close() {
      clearInterval(watch)
      const closing = running
      if (closing === null) return
      const closed = new Promise<void>((resolve) => (closing.closed = resolve))
      post(closing.worker, { do: 'close' }, [])
      await closed
      running = null
      await closing.worker.terminate()
      for (const { reject } of [...batches.values(), ...retiring.values()]) reject(new ProblemError({ code: 'cancelled' }))
      batches.clear()
      retiring.clear()
    }
  }
}

/** The batch whose turn it is; none while one is being parsed. */
function nextBatch(batches: Map<number, Batch>): [number, Batch | null] {
  let found: [number, Batch | null] = [0, null]
  for (const [number, batch] of batches) {
    if (batch.state === 'parsing') return [0, null]
    if (batch.state === 'waiting' && found[1] === null) found = [number, batch]
  }
  return found
}

/** What a thread had that is no more: stored batches wait for the next one. */
function takeBack(batches: Map<number, Batch>, reason: string): void {
  for (const [number, batch] of batches) {
    if (batch.state === 'waiting') continue
    batch.state = 'waiting'
    // A thread that dies more often than it has messages to blame would die for ever.
    if (batch.stored !== null && batch.starts <= batch.stored.length + 3) continue
    batches.delete(number)
    batch.reject(new ProblemError({ code: 'unexpected', reference: 'intake' }, { cause: new Error(`the intake thread ended: ${reason}`) }))
  }
}

function retired(retiring: Map<number, Retiring>, { id, failure }: Extract<IntakeAnswer, { what: 'retired' }>): void {
  const asked = retiring.get(id)
  retiring.delete(id)
  if (failure === null) asked?.resolve()
  else asked?.reject(errorOf(failure))
}

function receive(batches: Map<number, Batch>, from: Running, message: Exclude<IntakeAnswer, { what: 'retired' }>): void {
  if (message.what === 'closed') return from.closed()
  const batch = batches.get(message.batch)
  if (batch === undefined) return
  if (message.what === 'stored') batch.stored = message.stored
  if (message.what === 'parsed') {
    batch.parsed = message.parsed
    batch.state = 'flushing'
  }
  if (message.what === 'failed') {
    batches.delete(message.batch)
    batch.reject(errorOf(message))
  }
  if (message.what === 'done') {
    batches.delete(message.batch)
    batch.resolve((batch.stored ?? []).map((stored, index) => {
      const parsed = batch.parsed[index] ?? unreadable(stored, batch.killers.get(index) ?? 'reading it failed')
      const authentication = message.authentication[index] ?? null
      return { stored, parsed: authentication === null ? parsed : { ...parsed, authentication } }
    }))
  }
}

const post = (worker: Worker, ask: IntakeAsk, transfer: ArrayBuffer[]): void => worker.postMessage(ask, transfer)

// Small buffers share Node's pool, which cannot be given away; only a buffer with memory of its own is transferred uncopied.
function ownMemory(raw: Buffer): Uint8Array<ArrayBuffer> {
  const { buffer } = raw
  return buffer instanceof ArrayBuffer && raw.byteLength === buffer.byteLength ? new Uint8Array(buffer) : new Uint8Array(raw)
}
