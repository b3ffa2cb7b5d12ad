import type { EventName, Events } from '#contract/events.ts'
import { ProblemError, type Problem } from '#contract/problem.ts'
import type { Tools } from '../src-main/cli/command.ts'
import { coreOf, withConsole } from '../src-main/cli/open-core.ts'
import { runCommandLine } from '../src-main/cli/run-command-line.ts'
import type { BackupFiles } from '../src-main/compose/backup.ts'
import type { MailroomConsole } from '../src-main/console.ts'
import { createDoor } from '../src-main/ipc/door.ts'
import type { Handlers } from '../src-main/ipc/handlers-type.ts'
import { silentLog, type Log } from '../src-main/log/create-log.ts'

let announce: <Name extends EventName>(name: Name, detail: Events[Name]) => void = () => undefined
/** Announces to the command line that runs. */
export const announced: typeof announce = (name, detail) => announce(name, detail)

export type Setting = { handlers?: Partial<Handlers>; stdin?: string; openFails?: Problem | Error; log?: Log; answers?: (string | null)[]; env?: Record<string, string>; backups?: BackupFiles }
export type Ended = { status: number; out: string; said: string; opened: number; offline: (string | null)[] }

/** Runs a command line against a core that answers as `handlers` say. */
export async function run(line: string | string[], { handlers = {}, stdin = '', openFails, log = silentLog, answers, env = {}, backups }: Setting = {}): Promise<Ended> {
  const ended: Ended = { status: -1, out: '', said: '', opened: 0, offline: [] }
  const listeners = new Set<(name: EventName, detail: Events[EventName]) => void>()
  const state = async () => ({ version: '1', host: 'browser' as const, role: 'administrator' as const, dataFolder: '/data', credentials: 'vault' as const, demo: false, platform: 'linux', pin: 'none' as const })
  const answer = createDoor({ handlers: { 'console.state': state, ...handlers }, log: silentLog, newReference: () => 'REF' })
  announce = (name, detail) => listeners.forEach((listener) => listener(name, detail))
  const opened: MailroomConsole = { answer, subscribe: (listener) => (listeners.add(listener as never), () => void listeners.delete(listener as never)), health: async () => ({ alive: true, working: true, at: '', reasons: [], servers: [] }), receive: () => false, namedToken: () => null, secondFactor: { step: async () => null, look: async () => null, check: async () => undefined }, guessed: () => undefined, windowRole: () => 'administrator', windowUsed: () => undefined, start: async () => undefined, close: async () => undefined }
  const tools = (dataFolder: string | null): Tools => {
    const own: Tools = {
      terminal: {
        write: async (text) => void (ended.out += text), say: (text) => void (ended.said += `${text}\n`), progress: () => undefined, asks: answers !== undefined, shows: false, width: 100,
        askSecretly: async () => answers?.shift() ?? null, readAll: async () => Buffer.from(stdin)
      },
      log, env, dataFolder: dataFolder ?? '/default', onStop: () => () => undefined,
      withConsole: (work) => withConsole(own, work),
      withOffline: async (place, work) => (ended.offline.push(place), work(coreOf(opened))),
      openBackups: async () => backups ?? Promise.reject(new Error('no backups in this test')),
      openHost: async () => {
        ended.opened++
        if (openFails !== undefined) throw openFails instanceof Error ? openFails : new ProblemError(openFails)
        return opened
      }
    }
    return own
  }
  ended.status = await runCommandLine(typeof line === 'string' ? line.split(' ').filter((word) => word !== '') : line, { toolsFor: tools, version: () => '1.2.3' })
  return ended
}
