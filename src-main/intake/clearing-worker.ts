import { parentPort, workerData } from 'node:worker_threads'
import { ProblemError } from '#contract/problem.ts'
import { openContentStore } from '../content/open-content-store.ts'
import { packNumbers } from '../content/pack-file.ts'
import type { ClearingAnswer, ClearingAsk, ClearingWorkerData, Slimmed } from './clearing-messages.ts'
import { slimMessage } from './slim-message.ts'
import { failureOf } from './thread-failure.ts'

// The clearing thread: writes messages anew without what has to go, and copies those that stay, into packs of its own.
const port = parentPort
if (port === null) throw new Error('clearing-worker runs as a worker thread only')
const { folder, dataKey } = workerData as ClearingWorkerData
const contents = openContentStore({ folder, dataKey: Buffer.from(dataKey), numbers: packNumbers.clearing })

port.on('message', (ask: ClearingAsk) => {
  carryOut(ask).then((answer) => port.postMessage(answer), (error: unknown) => port.postMessage({ id: ask.id, ...failureOf(error) } satisfies ClearingAnswer))
})

async function carryOut(ask: ClearingAsk): Promise<ClearingAnswer> {
  const { id } = ask
  if (ask.do === 'close') {
    await contents.close()
    return { id, closed: true }
  }
  if (ask.do === 'copy') {
    const places = []
    for (const place of ask.places) places.push(await contents.copy(place))
    await contents.flush()
    return { id, places }
  }
  const slimmed: Slimmed[] = []
  for (const { address, place } of ask.contents) slimmed.push(await slim(address, place))
  await contents.flush()
  return { id, slimmed }
}

async function slim(...[address, place]: Parameters<typeof contents.read>): Promise<Slimmed> {
  const raw = await contents.read(address, place).catch(unlessDamaged)
  if (raw === null) return null
  const { slim: bytes, remains } = slimMessage(raw)
  return { stored: await contents.append(bytes), remains }
}

const unlessDamaged = (error: unknown): null => {
  if (error instanceof ProblemError && error.problem.code === 'data-folder-damaged') return null
  throw error
}
