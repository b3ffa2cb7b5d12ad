import { parentPort, workerData, Worker } from 'node:worker_threads'
import { ProblemError } from '#contract/problem.ts'
import { diskProblem } from '../data-folder/disk-problem.ts'
import { realDisk } from './database-files.ts'
import { openJournaledDatabase, type JournaledDatabase } from './journaled-database.ts'
import { migrate } from './migrate.ts'
import { migrations } from './migrations/migrations.ts'
import type { Changes, CheckpointWorkerData, DatabaseAnswer, DatabaseAsk, DatabaseWorkerData } from './worker-messages.ts'

// The database thread: one question at a time, and while a transaction runs only its own questions.
const port = parentPort
if (port === null) throw new Error('database-worker runs as a worker thread only')
const { folder, key, readOnly, checkpointWorkerUrl, smallestCheckpoint } = workerData as DatabaseWorkerData
let answers: DatabaseAnswer[] = []
let collects = false
const post = (): void => {
  if (answers.length > 0) port.postMessage(answers)
  answers = []
}
const answer = (message: DatabaseAnswer): void => {
  answers.push(message)
  if (!collects) post()
}

const opening = open()
opening.then(() => answer({ id: 0, ok: true, value: null }), (error: unknown) => fail(0, error))
let running: number | null = null
let waiting: DatabaseAsk[] = []
port.on('message', (asks: DatabaseAsk[]) => {
  opening.then((database) => takeAll(database, asks), (error: unknown) => asks.forEach(({ id }) => fail(id, error)))
})

async function open(): Promise<JournaledDatabase> {
  const database = await openJournaledDatabase({ folder, key: Buffer.from(key), disk: realDisk, readOnly, buildSnapshot, smallestCheckpoint, warn: (warning) => answer({ id: null, warning }) })
  migrate(database, folder, migrations, readOnly)
  return database
}

/** What is asked together is answered together; only a commit, which waits for the disk, keeps nobody waiting. */
function takeAll(database: JournaledDatabase, asks: readonly DatabaseAsk[]): void {
  collects = true
  for (const ask of asks) take(database, ask)
  collects = false
  post()
}

function take(database: JournaledDatabase, ask: DatabaseAsk): void {
  if (running !== null && ask.transaction !== running) {
    waiting.push(ask)
    return
  }
  handle(database, ask)
  while (running === null && waiting.length > 0) {
    const [next, ...rest] = waiting
    waiting = rest
    if (next) handle(database, next)
  }
}

function handle(database: JournaledDatabase, ask: DatabaseAsk): void {
  if (ask.do === 'close' || ask.do === 'checkpoint') {
    database[ask.do]().then(() => answer({ id: ask.id, ok: true, value: null }), (error: unknown) => fail(ask.id, error))
    return
  }
  if (ask.do === 'commit' || ask.do === 'together') post()
  try {
    answer({ id: ask.id, ok: true, value: carryOut(database, ask) })
  } catch (error) {
    fail(ask.id, error)
  }
}

function carryOut(database: JournaledDatabase, ask: DatabaseAsk): Extract<DatabaseAnswer, { ok: true }>['value'] {
  switch (ask.do) {
    case 'all':
      return database.all(ask.sql, ask.parameters)
    case 'run':
      if (ask.transaction === null || ask.transaction !== running) throw new Error(`the transaction is over; not run: ${ask.sql}`)
      return database.run(ask.sql, ask.parameters)
    case 'together':
      return together(database, ask.statements)
    case 'begin':
      database.begin()
      running = ask.transaction
      return null
    case 'commit':
      running = null
      database.commit()
      return null
    case 'rollback':
      running = null
      database.rollback()
      return null
    case 'hold-files':
      return database.holdFiles()
    case 'release-files':
      database.releaseFiles()
      return null
    case 'checkpoint':
    case 'close':
      return null
  }
}

function together(database: JournaledDatabase, statements: Extract<DatabaseAsk, { do: 'together' }>['statements']): Changes[] {
  database.begin()
  try {
    const changes = statements.map(({ sql, parameters }) => database.run(sql, parameters))
    database.commit()
    return changes
  } catch (error) {
    database.rollback()
    throw error
  }
}

function fail(id: number, error: unknown): void {
  const problem = error instanceof ProblemError ? error.problem : diskProblem(error, folder)
  answer({ id, ok: false, problem, message: error instanceof Error ? error.message : String(error) })
}

function buildSnapshot(upTo: number): Promise<void> {
  const data: CheckpointWorkerData = { folder, key, upTo }
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(checkpointWorkerUrl), { workerData: data, resourceLimits: { maxYoungGenerationSizeMb: 4 } })
    worker.once('message', (trouble: string | null) => (trouble === null ? resolve() : reject(new Error(trouble))))
    worker.once('error', reject)
    worker.once('exit', () => reject(new Error('the checkpoint thread ended')))
  })
}
