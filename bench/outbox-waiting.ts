import { monitorEventLoopDelay } from 'node:perf_hooks'
import { freePorts } from '../testbed/free-ports.ts'
import { startDiscardingSink } from '../testbed/discarding-sink.ts'
import { answersToSend, openDurableOutbox } from '../testbed/durable-outbox.ts'
import { smtpSinkMissing } from '../testbed/smtp-sink.ts'

// What so many waiting mails cost while their server is away: memory, the calls behind the page, the event loop; and how long they take once it is back.
// Usage: node bench/outbox-waiting.ts [mails] [bytes]
const [mails = '10000', bytes = '10240'] = process.argv.slice(2)
const count = Number(mails)
const missing = smtpSinkMissing()
if (missing !== null) {
  process.stderr.write(`${missing}\n`)
  process.exitCode = 2
} else await wait()

async function wait(): Promise<void> {
  const [port = 0] = await freePorts(1)
  const outbox = await openDurableOutbox({ port, connections: 5, within: process.cwd() })
  const megabytes = (): number => Math.round(process.memoryUsage().rss / 1_000_000)
  const before = megabytes()
  await outbox.put(answersToSend(count, Number(bytes)))
  const waiting = megabytes()
  const loop = monitorEventLoopDelay({ resolution: 1 })
  loop.enable()
  const asked = { limit: 100, before: null, state: null, server: null, request: null, query: '' }
  const calls = {
    firstPage: await median(() => outbox.outbox.list(asked)),
    pageInTheMiddle: await median(() => outbox.outbox.list({ ...asked, before: Math.floor(count / 2) })),
    ofServer: await median(() => outbox.outbox.list({ ...asked, server: 'main' })),
    search: await median(() => outbox.outbox.list({ ...asked, query: `question ${count - 1}` })),
    searchForNothing: await median(() => outbox.outbox.list({ ...asked, query: 'nobody wrote this' }))
  }
  loop.disable()
  const sink = await startDiscardingSink([], port)
  const began = performance.now()
  await outbox.outbox.flush()
  await outbox.sent(count)
  const seconds = (performance.now() - began) / 1000
  console.log(JSON.stringify({ what: 'outbox waiting', mails: count, bytes: Number(bytes), megabytes: { before, waiting, drained: megabytes() }, callMs: calls, eventLoopDelayMs: { p99: Math.round(loop.percentile(99) / 10_000) / 100, most: Math.round(loop.max / 10_000) / 100 }, drainedInSeconds: Math.round(seconds * 10) / 10, perSecond: Math.round(count / seconds) }))
  await outbox.close()
  await sink.stop()
}

async function median(call: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let turn = 0; turn < 21; turn++) {
    const began = performance.now()
    await call()
    times.push(performance.now() - began)
  }
  return Math.round((times.sort((one, other) => one - other)[10] ?? 0) * 10) / 10
}
