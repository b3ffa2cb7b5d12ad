import { ProblemError } from '#contract/problem.ts'
import type { HttpStream } from '../connection/http-client.ts'
import { fitting } from '../connection/json-answer.ts'
import { readTaken, uncertainOr } from '../uncertain-or.ts'
import { batchAnswer } from './graph-answers.ts'
import type { GraphClient } from './graph-client.ts'
import { readGraphError, type GraphError } from './graph-problem.ts'
import { gatewayDoubt, isGateway, submit } from './submit.ts'

/** Sends small mails of several sessions in one request (JSON batching), as many as wait when a request may begin; each has an end of its own, as that of `submit`. */
export type SendTogether = { send(client: GraphClient, mime: Buffer): Promise<void> }

/** A larger mail goes by itself. */
export const mostBytesTogether = 100_000
/** https://learn.microsoft.com/graph/json-batching: parts of a batch; a request has 4 MB at most. */
const mostInBatch = 20
const mostBatchBytes = 3_500_000
/** Mails that several sessions send at once come within this time. */
const gatherMs = 5

type Waiting = { client: GraphClient; mime: Buffer; sent: () => void; failed: (error: unknown) => void }

/** `atOnce` requests run side by side. A mail that Graph does not take in a batch is sent by itself, whose answer counts; once such a mail goes, batches are given up. */
export function createSendTogether(atOnce: number): SendTogether {
  let waiting: Waiting[] = []
  let running = 0
  let isGathering = false
  let inBatches = true

  const begin = (): void => {
    isGathering = false
    while (running < atOnce && waiting.length > 0) {
      const lot = nextLot(waiting, inBatches ? Math.ceil(waiting.length / (atOnce - running)) : 1)
      waiting = waiting.slice(lot.length)
      running++
      void run(lot).finally(() => {
        running--
        begin()
      })
    }
  }
  /** True: it went. */
  const alone = async ({ client, mime, sent, failed }: Waiting): Promise<boolean> => {
    try {
      await submit(client, 'sendMail', mime)
      sent()
      return true
    } catch (error) {
      failed(error)
      return false
    }
  }
  /** What Graph did not take in a batch. */
  const byItself = async (one: Waiting, error: GraphError): Promise<void> => {
    // Throttled, or trouble of Exchange's own: it is waited for, or told.
    if (error.status === 429 || error.status >= 500) await one.client.heed(error, { tried: 0, since: null, request: 'the mail', again: false })
    if ((await alone(one)) && error.status === 400) inBatches = false
  }
  const run = async (lot: readonly Waiting[]): Promise<void> => {
    const [first] = lot
    if (first === undefined) return
    if (lot.length === 1) return void (await alone(first))
    const answers = await post(first.client, lot).catch((error: unknown) => error)
    if (!(answers instanceof Map)) return lot.forEach((one) => one.failed(answers))
    const notReached = lot.filter((_one, index) => answers.get(index)?.status === 424)
    // Nothing went, and nothing says what they would wait for.
    if (notReached.length === lot.length) return lot.forEach((one) => one.failed(new ProblemError({ code: 'provider-refused', server: one.client.place.server.name, request: 'the mails', serverSaid: '424 for every part of a batch' })))
    waiting = [...notReached, ...waiting]
    for (const [index, one] of lot.entries()) {
      const answer = answers.get(index)
      if (answer?.status === 202) one.sent()
      else if (answer === undefined || answer.status < 400 || isGateway(answer)) one.failed(gatewayDoubt(one.client, answer ?? null))
      else if (answer.status !== 424) await byItself(one, answer).catch(one.failed)
    }
  }
  return {
    send: (client, mime) => new Promise((sent, failed) => {
      waiting.push({ client, mime, sent, failed })
      if (isGathering) return
      isGathering = true
      setTimeout(begin, gatherMs)
    })
  }
}

function nextLot(waiting: readonly Waiting[], most: number): Waiting[] {
  let bytes = 0
  const end = waiting.findIndex(({ mime }, index) => index >= Math.min(most, mostInBatch) || (index > 0 && (bytes += 2 * mime.length) > mostBatchBytes))
  return waiting.slice(0, end < 0 ? undefined : end)
}

/**
 * The answers by the mail's place; every one is 400 where Graph takes no such batch. Parts run one after the other: Exchange takes four requests of a mailbox at once, whether they
 * come in a batch or not, and what follows a refused one is answered 424.
 */
async function post(client: GraphClient, lot: readonly Waiting[]): Promise<Map<number, GraphError>> {
  const { root, user, server } = client.place
  // A body that is no JSON is given as base64url of its bytes, and those of a mail in MIME are base64 already.
  const requests = lot.map(({ mime }, index) => ({
    id: String(index), method: 'POST', url: `${user.slice(root.length)}/sendMail`, headers: { 'Content-Type': 'text/plain' }, body: Buffer.from(mime.toString('base64')).toString('base64url'),
    ...(index === 0 ? {} : { dependsOn: [String(index - 1)] })
  }))
  let refusal: GraphError | null = null
  const absent = (error: GraphError): boolean => {
    if (isGateway(error) || error.status === 400 || error.status === 413) refusal = error
    return refusal !== null
  }
  const read = async (taken: HttpStream) => fitting(await readTaken(taken, server.name), batchAnswer, { server: server.name, endpoint: root })
  const answer = await client.read({ method: 'POST', url: `${root}/$batch`, words: 'the mails', json: { requests }, counts: lot.length, absent }, read).catch((error: unknown) => uncertainOr(error, server.name))
  if (answer !== null) return new Map(answer.responses.map((one) => [Number(one.id), readGraphError(one.status, one.headers ?? {}, one.body)]))
  const said = refusal as GraphError | null
  if (said === null || isGateway(said)) throw gatewayDoubt(client, said)
  return new Map(lot.map((_one, index) => [index, { ...said, status: 400 }]))
}
