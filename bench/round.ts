import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { dovecotMissing, startDovecot } from '../testbed/dovecot.ts'
import { benchMessages } from '../testbed/message-generator.ts'
import type { BenchMailbox, Measured, RunResult } from './bench-mailbox.ts'
import { downloadByImapFlow, markUnread } from './imapflow-alone.ts'
import { mailPrograms } from './mail-programs.ts'
import { roundMissing, runRound } from './run-round.ts'

// The whole round of the product against programs that only download: the same Dovecot on a tmpfs, the same messages, each run in a
// process of its own, contenders in turn. Usage: node bench/round.ts [--messages 5000] [--runs 3] [--only NAME] [--json]
const { values: options } = parseArgs({ options: { messages: { type: 'string', default: '5000' }, runs: { type: 'string', default: '3' }, only: { type: 'string' }, json: { type: 'boolean', default: false } } })
const aims = { peakMegabytes: 300, loopDelayP99Ms: 50 }
const user = 'bench'

type Run = { messages: number; seconds: number; peakMegabytes: number; loopDelayP99Ms?: number }
type Contender = { name: string; missing: () => string | null; run: (mailbox: BenchMailbox, folder: string) => Promise<Run> }
const imapFlowAlone = async (mailbox: BenchMailbox, folder: string): Promise<Run> => {
  const [program, measure] = ['./imapflow-contender.ts', './measure-process.mjs'].map((name) => fileURLToPath(new URL(name, import.meta.url))) as [string, string]
  const file = join(folder, 'measured.json')
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', measure, program, JSON.stringify(mailbox)], { env: { ...process.env, BENCH_MEASURED: file } })
  return { ...(JSON.parse(stdout) as RunResult), ...(JSON.parse(readFileSync(file, 'utf8')) as Omit<Measured, keyof RunResult>) }
}
const known: Contender[] = [{ name: 'whole round', missing: roundMissing, run: runRound }, { name: 'ImapFlow alone', missing: () => null, run: imapFlowAlone }, ...mailPrograms]
const contenders: Contender[] = []
for (const program of known) {
  const missing = program.missing()
  if (missing === null) contenders.push(program)
  else console.error(`${program.name} is left out: ${missing}`)
}

const why = dovecotMissing()
if (why !== null) {
  console.error(`The bench of the round is left out: ${why}`)
  process.exit(0)
}
const dovecot = await startDovecot({ inMemory: true })
try {
  const count = Number(options.messages)
  const mailbox: BenchMailbox = { host: dovecot.host, port: dovecot.ports.imap, user, password: dovecot.password }
  let bytes = 0
  for (const { raw } of benchMessages(count)) {
    dovecot.deliver(user, raw)
    bytes += raw.length
  }
  console.error(`${count} messages, ${Math.round(bytes / 1e6)} MB; warming up`)
  await downloadByImapFlow(mailbox)
  report(await compete(mailbox, count), count, bytes)
} finally {
  await dovecot.stop()
}

async function compete(mailbox: BenchMailbox, count: number): Promise<Map<string, Run[]>> {
  const runs = new Map<string, Run[]>()
  for (let turn = 0; turn < Number(options.runs); turn++)
    for (const { name, run } of contenders.filter((one) => options.only === undefined || one.name.includes(options.only))) {
      await markUnread(mailbox)
      const folder = mkdtempSync(join(tmpdir(), 'mailroom-bench-'))
      try {
        const found = await run(mailbox, folder)
        if (found.messages !== count) throw new Error(`${name} took ${found.messages} of ${count} messages`)
        runs.set(name, [...(runs.get(name) ?? []), found])
        console.error(`${name}: ${found.seconds.toFixed(2)} s`)
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    }
  return runs
}

function report(runs: Map<string, Run[]>, count: number, bytes: number): void {
  const rows = [...runs].map(([name, all]) => {
    const seconds = median(all.map((run) => run.seconds))
    const delays = all.flatMap((run) => run.loopDelayP99Ms ?? [])
    return { name, seconds, messagesPerSecond: Math.round(count / seconds), megabytesPerSecond: Math.round(bytes / 1e6 / seconds), peakMegabytes: Math.max(...all.map((run) => run.peakMegabytes)), loopDelayP99Ms: delays.length === 0 ? null : Math.max(...delays) }
  })
  const secondsOf = (name: string): number | null => rows.find((row) => row.name === name)?.seconds ?? null
  const [round, mbsync] = [rows.find((row) => row.name === 'whole round'), secondsOf('mbsync, FSync')]
  const verdict = {
    timesMbsync: round === undefined || mbsync === null ? null : Math.round((round.seconds / mbsync) * 100) / 100,
    memory: round === undefined ? null : round.peakMegabytes < aims.peakMegabytes,
    loopDelay: round?.loopDelayP99Ms === null || round === undefined ? null : round.loopDelayP99Ms < aims.loopDelayP99Ms
  }
  if (options.json) return console.log(JSON.stringify({ messages: count, megabytes: Math.round(bytes / 1e6), rows, verdict }))
  console.log(`\n${'median of the runs'.padEnd(20)} seconds   messages/s   MB/s   peak MB   loop delay p99`)
  for (const row of rows)
    console.log(`${row.name.padEnd(20)} ${row.seconds.toFixed(2).padStart(7)} ${String(row.messagesPerSecond).padStart(12)} ${String(row.megabytesPerSecond).padStart(6)} ${String(row.peakMegabytes).padStart(9)} ${row.loopDelayP99Ms === null ? '' : `${row.loopDelayP99Ms} ms`.padStart(16)}`)
  if (verdict.timesMbsync !== null) console.log(`\nThe whole round takes ${verdict.timesMbsync} times as long as mbsync with FSync takes to download (aim: at most 1).`)
  if (round !== undefined) console.log(`Peak memory ${round.peakMegabytes} MB (aim: under ${aims.peakMegabytes}); event-loop delay p99 ${round.loopDelayP99Ms} ms (aim: under ${aims.loopDelayP99Ms}).`)
}

function median(values: number[]): number {
  const sorted = [...values].sort((one, other) => one - other)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}
