import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { findPackageFolder } from '../find-package-folder.ts'
import { createLog } from '../log/create-log.ts'
import { newReference, reportProblem } from '../log/report-problem.ts'
import { defaultDataFolder } from '../data-folder/default-data-folder.ts'
import type { Tools } from './command.ts'
import { coreOf, forNewVault, newPassphraseFrom, passphraseOf, withConsole } from './open-core.ts'
import { problemText, runCommandLine } from './run-command-line.ts'
import { createTerminal } from './terminal.ts'

const { env } = process
const terminal = createTerminal(process)
/** What is to be done at the first SIGINT or SIGTERM; without any, and at the second, the process just ends. */
const whenStopped = new Set<() => void>()
let stoppedAt: number | null = null
const log = createLog({ write: (line) => terminal.say(line.trimEnd()), now: () => new Date() })

// Started by bin/mailroom.js through another Node: when that one is gone, however it went, so is this one.
if (process.channel !== undefined) {
  process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'))
  process.channel?.unref()
}
for (const [signal, status] of [['SIGINT', 130], ['SIGTERM', 143]] as const)
  process.on(signal, () => {
    // At a terminal Ctrl-C comes twice at once: from the terminal, and passed on by bin/mailroom.js.
    if (stoppedAt !== null && Date.now() - stoppedAt < 500) return
    if (stoppedAt !== null || whenStopped.size === 0) process.exit(status)
    stoppedAt = Date.now()
    for (const listener of whenStopped) listener()
  })
// What no promise or listener caught: one line and the log file, as for any other bug, instead of Node's stack trace.
process.once('uncaughtException', (error) => {
  const reference = newReference()
  reportProblem(log, reference, 'running', error, [], { told: true })
  terminal.say(problemText({ code: 'unexpected', reference }))
  process.exit(1)
})
// The reader of a pipe may leave early (`mailroom requests list | head`): that is its right and no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))

function toolsFor(asked: string | null): Tools {
  const dataFolder = resolve(asked ?? defaultDataFolder(env, process.platform))
  const tools: Tools = {
    terminal, log, env, dataFolder,
    onStop(listener) {
      whenStopped.add(listener)
      return () => void whenStopped.delete(listener)
    },
    withConsole: (work) => withConsole(tools, work),
    async withOffline(folder, work) {
      const { openOffline } = await import('../compose.ts')
      const opened = await openOffline({ dataFolder: folder, passphrase: passphraseOf(env), log, env })
      try {
        return await work(coreOf(opened))
      } finally {
        await opened.close()
      }
    },
    async openBackups() {
      const { createBackupFiles } = await import('../compose/backup.ts')
      return createBackupFiles({ log, env, vaultPassphrase: async () => passphraseOf(env) ?? newPassphraseFrom(terminal, forNewVault) })
    },
    async openHost(needs) {
      const { openConsole } = await import('../compose.ts')
      return openConsole({ ...needs, host: 'browser', log, env })
    }
  }
  return tools
}

const version = (): string => String((JSON.parse(readFileSync(join(findPackageFolder(), 'package.json'), 'utf8')) as { version: unknown }).version)

process.exitCode = await runCommandLine(process.argv.slice(2), { toolsFor, version })
// A connection that will not end must not keep a finished command alive.
setTimeout(() => process.exit(), 1_000).unref()
