import { Worker } from 'node:worker_threads'
import type { ContentAddress, ContentPlace } from '../content/content-store.ts'
import type { ClearingAnswer, ClearingAsk, ClearingWorkerData, Slimmed } from './clearing-messages.ts'
import { resourceLimits } from './intake-thread.ts'
import { errorOf } from './thread-failure.ts'

/**
 * Rewrites stored messages in a thread of its own, which begins with the first question and ends with `close`. What it wrote is on disk when
 * it answers. Throws ProblemError `disk-full`, `data-folder-unwritable`.
 */
export interface Clearing {
  /** Stores each message once more with header and text alone, in the order given. */
  slim(contents: readonly { address: ContentAddress; place: ContentPlace }[]): Promise<Slimmed[]>
  /** Copies sealed records as they are; null where the file ends before the record does. */
  copy(places: readonly ContentPlace[]): Promise<(ContentPlace | null)[]>
  /** Another question may come afterwards. */
  close(): Promise<void>
}
export type ClearingNeeds = { contentFolder: string; dataKey: Buffer; workerUrl?: URL; limitMs?: number }
type Question = ClearingAsk extends infer Ask ? (Ask extends ClearingAsk ? Omit<Ask, 'id'> : never) : never
/** Those who wait for an answer; null: the thread ended before. */
type Running = { worker: Worker; waiting: Map<number, (answer: ClearingAnswer | null) => void> }

const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js'

/** See the port; a message that ends the thread, or keeps it busy longer than `limitMs` (60 s), counts as unreadable. */
export function createClearing({ contentFolder, dataKey, workerUrl = new URL(`./clearing-worker.${ending}`, import.meta.url), limitMs = 60_000 }: ClearingNeeds): Clearing {
  let running: Running | null = null
  let last = 0

  const start = (): Running => {
    const workerData: ClearingWorkerData = { folder: contentFolder, dataKey }
    const made: Running = { worker: new Worker(workerUrl, { workerData, resourceLimits }), waiting: new Map() }
    made.worker.on('message', (answer: ClearingAnswer) => {
      made.waiting.get(answer.id)?.(answer)
      made.waiting.delete(answer.id)
    })
    made.worker.on('error', () => end(made))
    made.worker.on('exit', () => end(made))
    return made
  }
  const end = (gone: Running): void => {
    if (running === gone) running = null
    for (const answer of gone.waiting.values()) answer(null)
    gone.waiting.clear()
  }
  const ask = async (question: Question): Promise<ClearingAnswer | null> => {
    const asked = (running ??= start())
    const id = ++last
    const overdue = setTimeout(() => {
      end(asked)
      void asked.worker.terminate()
    }, limitMs)
    const answer = await new Promise<ClearingAnswer | null>((resolve) => {
      asked.waiting.set(id, resolve)
      asked.worker.postMessage({ ...question, id })
    })
    clearTimeout(overdue)
    if (answer !== null && 'message' in answer) throw errorOf(answer)
    return answer
  }
  const slim: Clearing['slim'] = async (contents) => {
    if (contents.length === 0) return []
    const answer = await ask({ do: 'slim', contents: [...contents] })
    if (answer !== null) return 'slimmed' in answer ? answer.slimmed : []
    if (contents.length === 1) return [null]
    const slimmed: Slimmed[] = []
    for (const one of contents) slimmed.push(...(await slim([one])))
    return slimmed
  }
  return {
    slim,
    async copy(places) {
      if (places.length === 0) return []
      const answer = await ask({ do: 'copy', places: [...places] })
      if (answer === null || !('places' in answer)) throw new Error('the clearing thread ended while it copied')
      return answer.places
    },
    async close() {
      if (running === null) return
      const closing = running
      await ask({ do: 'close' })
      running = null
      await closing.worker.terminate()
    }
  }
}
