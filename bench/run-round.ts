import { execFile } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import type { BenchMailbox, Measured } from './bench-mailbox.ts'

const home = fileURLToPath(new URL('..', import.meta.url))
const program = join(home, 'bin', 'mailroom.js')
const run = promisify(execFile)

/** Why the product cannot be measured; null where it can. */
export const roundMissing = (): string | null => (existsSync(join(home, 'out', 'main', 'cli.js')) ? null : 'it is not built: npm run setup')

/**
 * One round of the built product into an empty data folder, as `mailroom incoming fetch` does it: download, parse, decide, encrypt, store,
 * commit, mark as seen. `seconds` is the round alone; memory and event-loop delay are those of the whole process, start-up included.
 */
export const runRound = async (mailbox: BenchMailbox, folder: string): Promise<Measured> => {
  const env = { ...process.env, MAILROOM_PASSPHRASE: 'a passphrase for the bench', BENCH_PASSWORD: mailbox.password, BENCH_MEASURED: join(folder, 'measured.json'), DBUS_SESSION_BUS_ADDRESS: '' }
  const data = ['--data', join(folder, 'data')]
  const file = join(folder, 'bench.yaml')
  writeFileSync(file, `version: 1\nincoming:\n  - { name: bench, protocol: imap, host: ${mailbox.host}, port: ${mailbox.port}, security: none, push: false, errorFolder: { stopAfter: null }, auth: { method: password, user: ${mailbox.user}, secret: "env:BENCH_PASSWORD" } }\n`)
  await run(process.execPath, [program, 'config', 'import', file, ...data], { env })
  const { stdout } = await run(process.execPath, [program, 'incoming', 'fetch', 'bench', '--json', ...data], { env: { ...env, NODE_OPTIONS: `--import=${pathToFileURL(join(home, 'bench', 'measure-process.mjs')).href}` }, maxBuffer: 1 << 20 })
  const { fetched, seconds } = JSON.parse(stdout) as { fetched: number; seconds: number }
  return { messages: fetched, seconds, ...(JSON.parse(readFileSync(env.BENCH_MEASURED, 'utf8')) as { peakMegabytes: number; loopDelayP99Ms: number }) }
}
