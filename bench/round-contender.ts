import { readFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { downloadByImapFlow } from './imapflow-alone.ts'
import { runRound } from './run-round.ts'
import type { BenchMailbox } from './bench-mailbox.ts'

// One measured run in a process of its own; prints one line of JSON. Usage: node bench/round-contender.ts round|imapflow MAILBOX-JSON FOLDER
const [contender, mailboxText = '', folder = ''] = process.argv.slice(2)
const mailbox = JSON.parse(mailboxText) as BenchMailbox
const resolutionMs = 5
const delay = monitorEventLoopDelay({ resolution: resolutionMs })
delay.enable()
const { messages, seconds, ...more } = contender === 'round' ? await runRound(mailbox, folder) : await downloadByImapFlow(mailbox)
delay.disable()
// The histogram holds the time between two ticks, which is the resolution where nothing holds them up.
const p99 = Math.max(0, delay.percentile(99) / 1e6 - resolutionMs)
console.log(JSON.stringify({ messages, seconds, peakMegabytes: peakMegabytes(), loopDelayP99Ms: Math.round(p99 * 10) / 10, ...more }))
process.exit(0)

/** VmHWM is the largest resident set that this process ever had. */
function peakMegabytes(): number {
  const kilobytes = Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? 0)
  return Math.round(kilobytes / 1000)
}
