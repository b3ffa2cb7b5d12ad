import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { calls, type CallName, type ConsoleState } from '#contract/calls.ts'
import { ProblemError } from '#contract/problem.ts'
import { composeCore, type Core } from './compose/core.ts'
import type { ConsoleNeeds, OpenConsole } from './console.ts'
import { dataKeyOf } from './credentials/data-key.ts'
import { openCredentialStore, type OpenedCredentials } from './credentials/open-credential-store.ts'
import { openDataFolder, type DataFolder } from './data-folder/open-data-folder.ts'
import { createHealthInTime } from './dashboard/health-in-time.ts'
import type { DemoMail } from './demo/start-demo-mail.ts'
import { systemClock } from './fetching/clock.ts'
import { findPackageFolder } from './find-package-folder.ts'
import { createAnnouncer } from './ipc/announce.ts'
import { createDoor } from './ipc/door.ts'
import type { EntranceHandlers } from './ipc/handlers.ts'
import type { Handlers } from './ipc/handlers-type.ts'
import type { Log } from './log/create-log.ts'
import { createReportUnexpected, newReference } from './log/report-problem.ts'

export { openOffline } from './compose/offline.ts'

/** The console over a data folder: its door is open at once, its rooms as soon as the credential store is. */
export const openConsole: OpenConsole = async (needs) => {
  const folder = await openDataFolder(needs.dataFolder)
  try {
    return await inFolder(needs, folder)
  } catch (error) {
    await folder.close()
    throw error
  }
}

async function inFolder(needs: ConsoleNeeds, folder: DataFolder): ReturnType<OpenConsole> {
  const { log } = needs
  log.keepIn(folder.logFolder)
  const { announce, subscribe } = createAnnouncer(log)
  const reportUnexpected = createReportUnexpected(log)
  const credentials = await openCredentialStore({ folder, passphrase: needs.passphrase, preferKeychain: !needs.demo, env: needs.env })
  const demo = needs.demo ? await startDemo(log) : null
  const life: { core: Core | null; started: boolean; door: ReturnType<typeof createDoor> } = { core: null, started: false, door: createDoor({ handlers: {}, log, newReference }) }

  const openDoor = (handlers: Partial<Handlers>): void => void (life.door = createDoor({ handlers: { ...handlers, ...entrance }, log, newReference }))
  const openRooms = async (): Promise<void> => {
    const dataKey = await dataKeyOf(credentials, folder)
    const core = await composeCore({ host: needs.host, sendingClock: needs.sendingClock ?? systemClock, folder, credentials, dataKey, env: { ...needs.env, ...demo?.env }, log, announce, subscribe, versions, reportUnexpected, state: async () => stateOf(needs, folder, credentials, { role: 'support', pin: 'none' }) })
    if (demo !== null) await fillDemo(core, demo)
    life.core = core
    openDoor(core.handlers)
    if (life.started) await core.begin()
  }
  const afterUnlocking = async (): Promise<void> => {
    if (life.core !== null) return
    await openRooms()
    announce('vault-opened', {})
  }
  const entrance: EntranceHandlers = {
    'console.state': async (_input, { role }) => stateOf(needs, folder, credentials, { role, pin: life.core?.access.pinState() ?? 'none' }),
    'vault.unlock': async ({ passphrase }) => credentials.unlock(passphrase).then(afterUnlocking),
    'vault.create': async ({ passphrase }) => credentials.create(passphrase).then(afterUnlocking)
  }

  if (isOpen(credentials)) await openRooms()
  else openDoor(locked)
  return {
    answer: (name, input, context) => life.door(name, input, context),
    subscribe,
    health: createHealthInTime({ look: () => life.core?.health() ?? null, clock: systemClock, report: (thrown) => reportUnexpected(thrown, 'looking at the health') }),
    receive: (id, announcement) => life.core?.receive(id, announcement) ?? false,
    namedToken: (sha256) => life.core?.access.namedToken(sha256) ?? null,
    secondFactor: { step: async (sha256, again) => (await life.core?.access.secondFactor.step(sha256, again)) ?? null, look: async (sha256) => (await life.core?.access.secondFactor.look(sha256)) ?? null, check: async (...given) => (life.core === null ? refuse() : life.core.access.secondFactor.check(...given)) },
    guessed: (from, what) => life.core?.access.guessed(from, what),
    // Until the credential store is open nothing can be changed, whoever asks.
    windowRole: () => life.core?.access.windowRole() ?? 'administrator',
    windowUsed: () => life.core?.access.windowUsed(),
    async start() {
      life.started = true
      await life.core?.begin()
    },
    close: () => closeAll(life.core, demo, folder, log)
  }
}

/** Loaded only where it is shown: its mail servers take memory that no other console needs. */
async function startDemo(log: Log): Promise<DemoMail> {
  const { startDemoMail } = await import('./demo/start-demo-mail.ts')
  return startDemoMail({ now: () => new Date(), log })
}

async function fillDemo({ handlers }: Core, { configurationYaml, peopleCsv }: DemoMail): Promise<void> {
  const context = { role: 'administrator', who: 'demo' } as const
  await handlers['configuration.import']({ yaml: configurationYaml, kind: null, replace: true, reason: null, fileName: 'demo', secrets: [] }, context)
  await handlers['people.import']({ csv: peopleCsv, tryOnly: false, workId: 'demo-people' }, context)
}

const isOpen = (credentials: OpenedCredentials): boolean => credentials.state() === 'keychain' || credentials.state() === 'vault'

const refuse = async (): Promise<never> => {
  throw new ProblemError({ code: 'vault-locked' })
}
/** Until the vault is open every call but those of the entrance is refused. */
const locked: Partial<Handlers> = Object.fromEntries((Object.keys(calls) as CallName[]).map((name) => [name, refuse]))

const stateOf = (needs: ConsoleNeeds, folder: DataFolder, credentials: OpenedCredentials, seen: Pick<ConsoleState, 'role' | 'pin'>): ConsoleState => ({
  version: productVersion(), host: needs.host, ...seen, dataFolder: folder.path, credentials: credentials.state(), demo: needs.demo, platform: process.platform
})

const productVersion = (): string => (JSON.parse(readFileSync(join(findPackageFolder(), 'package.json'), 'utf8')) as { version: string }).version
const versions = (): string => [`Mailroom ${productVersion()}`, `Node.js ${process.version}`, `${process.platform} ${process.arch}`, ''].join('\n')

async function closeAll(core: Core | null, demo: DemoMail | null, folder: DataFolder, log: Log): Promise<void> {
  try {
    await core?.close()
    await demo?.stop()
  } finally {
    log.keepIn(null)
    await folder.close()
  }
}
