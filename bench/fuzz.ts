import { parseArgs } from 'node:util'
import { newIncomingServer, type IncomingServer } from '../src-contract/incoming-server.ts'
import { settings as settingsSchema } from '../src-contract/settings.ts'
import { attachmentBytes } from '../src-main/processing/parsing/attachment-bytes.ts'
import { parseMessage } from '../src-main/processing/parsing/parse-message.ts'
import { decide } from '../src-main/processing/pipeline.ts'
import { nothingKnown } from '../src-main/requests/nothing-known.ts'
import { fuzzSeeds, mutated } from '../testbed/fuzz-messages.ts'

// Mutated messages through the parser and every step of the pipeline: crashes, the slowest, memory over time. The same seed makes the
// same messages. Usage: node bench/fuzz.ts [--messages 10000] [--seed 1] [--json]
const { values: options } = parseArgs({ options: { messages: { type: 'string', default: '10000' }, seed: { type: 'string', default: '1' }, json: { type: 'boolean', default: false } } })
const count = Number(options.messages)
const seed = Number(options.seed)
const limitMs = 2_000
/** How much more memory the last tenth may take than the second: the first one warms up. */
const growthAllowed = 60

const settings = settingsSchema.parse({})
const server: IncomingServer = { ...(newIncomingServer('imap', 'IT') as IncomingServer), name: 'it', addresses: ['it@example.com'] }
const seeds = fuzzSeeds()
const crashes: string[] = []
const outcomes: Record<string, number> = {}
const megabytes: number[] = []
const slowest = { index: 0, ms: 0 }
let total = 0
for (let index = 0; index < count; index++) {
  const raw = mutated(seeds, seed, index)
  const before = performance.now()
  try {
    const parsed = parseMessage(raw)
    for (const place of parsed.places.slice(0, 5)) attachmentBytes(raw, place)
    for (const one of [null, server]) {
      const { outcome } = decide({ ...nothingKnown, parsed, server: one, partition: null, settings, takenBefore: null })
      if (one !== null) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
    }
  } catch (thrown) {
    crashes.push(`message ${index}: ${thrown instanceof Error ? thrown.stack : String(thrown)}`)
  }
  const ms = performance.now() - before
  total += ms
  if (ms > slowest.ms) Object.assign(slowest, { index, ms })
  if ((index + 1) % Math.max(1, Math.floor(count / 10)) === 0) megabytes.push(Math.round(process.memoryUsage().rss / 1e6))
}

const grown = (megabytes.at(-1) ?? 0) - (megabytes[1] ?? 0)
const found = { messages: count, seed, crashes, slowestMs: Math.round(slowest.ms * 10) / 10, slowestMessage: slowest.index, averageMs: Math.round((total / count) * 1000) / 1000, outcomes, megabytes, grown }
if (options.json) console.log(JSON.stringify(found, null, 2))
else {
  console.log(`${count} mutated messages of seed ${seed}: ${crashes.length} crashes, ${found.averageMs} ms on average, slowest ${found.slowestMs} ms (message ${slowest.index})`)
  console.log(`outcomes: ${Object.entries(outcomes).map(([name, times]) => `${name} ${times}`).join(', ')}`)
  console.log(`memory in MB after each tenth: ${megabytes.join(' ')}`)
  for (const crash of crashes.slice(0, 20)) console.log(crash)
}
if (crashes.length > 0 || slowest.ms > limitMs || grown > growthAllowed) process.exitCode = 1
