import { Worker } from 'node:worker_threads'
import { ProblemError } from '#contract/problem.ts'
import type { DatabaseAnswer, DatabaseAsk, DatabaseWorkerData } from './worker-messages.ts'

// Buffers of the journal are collected with the young objects: a small space for those keeps the thread small.
const maxYoungGenerationSizeMb = 4

type Question = DatabaseAsk extends infer Ask ? (Ask extends DatabaseAsk ? Omit<Ask, 'id'> : never) : never
type Waiting = { resolve(value: unknown): void; reject(error: unknown): void }

/** The database thread seen from outside: questions and answers. */
export interface DatabaseThread {
  /** Answered in order, those outside a running transaction after its end. Rejects, never hangs, when the thread is gone. */
  ask<Value>(question: Question): Promise<Value>
  close(): Promise<void>
}

/** Starts the thread; resolves when the database is open. */
export async function startDatabaseThread(url: URL, workerData: DatabaseWorkerData, log: { warning(text: string): void }): Promise<DatabaseThread> {
  const worker = new Worker(url, { workerData, resourceLimits: { maxYoungGenerationSizeMb } })
  const waiting = new Map<number, Waiting>()
  let gone: Error | null = null
  let questions = 0
  const end = (error: Error) => {
    gone ??= error
    for (const { reject } of waiting.values()) reject(gone)
    waiting.clear()
  }
  worker.on('error', (error) => end(error instanceof Error ? error : new Error(String(error))))
  worker.on('exit', () => end(new Error('the database is closed')))
  const take = (answer: DatabaseAnswer): void => {
    if (answer.id === null) {
      log.warning(answer.warning)
      return
    }
    const asked = waiting.get(answer.id)
    waiting.delete(answer.id)
    if (answer.ok) asked?.resolve(answer.value)
    else asked?.reject(answer.problem === null ? new Error(answer.message) : new ProblemError(answer.problem, { cause: new Error(answer.message) }))
  }
  worker.on('message', (answers: DatabaseAnswer[]) => answers.forEach(take))
  // What is asked in one go crosses in one message: the crossing costs more than most questions.
  let asks: DatabaseAsk[] = []
  const post = (): void => {
    worker.postMessage(asks)
    asks = []
  }
  const answered = <Value>(id: number) => new Promise<Value>((resolve, reject) => waiting.set(id, { resolve: (value) => resolve(value as Value), reject }))
  try {
    await answered(0)
  } catch (error) {
    await worker.terminate()
    throw error
  }
  let closing: Promise<void> | null = null
  const ask = <Value>(question: Question): Promise<Value> => {
    // A running transaction may still end while closing waits for it.
    if (gone === null && closing !== null && (question.transaction === null || question.do === 'begin')) return Promise.reject(new Error('the database is closed'))
    if (gone !== null) return Promise.reject(gone)
    questions += 1
    const answer = answered<Value>(questions)
    if (asks.push({ ...question, id: questions }) === 1) queueMicrotask(post)
    return answer
  }
  const close = async () => {
    if (gone !== null) return
    try {
      await ask({ do: 'close', transaction: null })
    } finally {
      await worker.terminate()
    }
  }
  return { ask, close: () => (closing ??= close()) }
}
