import { parentPort, workerData } from 'node:worker_threads'
import { realDisk } from './database-files.ts'
import { withoutEmptyPages } from './load-sql.ts'
import { restoreDatabase } from './restore-database.ts'
import { writeSnapshot } from './snapshot.ts'
import type { CheckpointWorkerData } from './worker-messages.ts'

// Makes a snapshot out of the files alone, so that the live database goes on meanwhile.
const { folder, key, upTo } = workerData as CheckpointWorkerData

async function makeSnapshot(): Promise<void> {
  const place = { folder, key: Buffer.from(key), disk: realDisk }
  const { sql, sequence } = await restoreDatabase(place.key, folder, upTo)
  if (sequence !== upTo) throw new Error(`the journal ends at record ${sequence}, not ${upTo}`)
  withoutEmptyPages(sql)
  writeSnapshot(place, upTo, sql.export())
}

makeSnapshot().then(
  () => parentPort?.postMessage(null),
  (error: unknown) => parentPort?.postMessage(error instanceof Error ? error.message : String(error))
)
