import type { CallAnswer, ParsedInput } from '#contract/calls.ts'
import type { NativeMailSettings, NativeMailState } from '#contract/native-mail.ts'
import { ProblemError, type InputIssue, type Problem } from '#contract/problem.ts'
import { wordsOf } from '#contract/problem-words.ts'
import type { EventListener } from '../console.ts'
import type { Database } from '../database/database.ts'
import type { MailTables } from '../database/mail-tables.ts'
import type { NativeMailTable } from '../database/native-mail-table.ts'
import type { Clock } from '../fetching/clock.ts'
import { createTurns } from '../fetching/turns.ts'
import { instanceName } from '../model/instance-name.ts'
import { supportAddressOf } from '../model/native-recipient.ts'
import type { Bell } from '../notices/bell.ts'
import type { TellPeople } from '../notices/tell-people.ts'
import type { Caller } from '../servers/configuration-needs.ts'
import type { ServerSources } from '../servers/server-sources.ts'
import { checkNativeSettings } from './check-native-settings.ts'
import { createFailures } from './failures.ts'
import { createListening, type ListeningNeeds } from './listening.ts'
import { nativeMailName } from './native-origin.ts'
import { createProbes } from './probes.ts'
import { sendAndAwait, type SendProbeNeeds } from './send-and-await.ts'
import { createTakeReceived, type TakeReceivedNeeds } from './take-received.ts'

export type NativeMailNeeds = Omit<ListeningNeeds, 'accept' | 'changed'> & Omit<SendProbeNeeds, 'probes'> & Omit<TakeReceivedNeeds, 'settings' | 'partitions' | 'failed'> & {
  database: Database
  table: NativeMailTable
  tables: Pick<MailTables, 'errors'>
  bell: Pick<Bell, 'ring'>
  tell: Pick<TellPeople, 'messagesFailed'>
  sources: Pick<ServerSources, 'settings' | 'partitions' | 'incoming' | 'incomingNamed'>
  /** Saves settings with their history, as `settings.save` does. */
  saveSettings: (input: ParsedInput<'settings.save'>, caller: Caller) => Promise<void>
  stopFetching: (input: ParsedInput<'incoming.stop'>, caller: Caller) => Promise<void>
  clock: Clock
  /** Numbers from 0 up to 1 that nobody can guess. */
  chance: () => number
  announce: EventListener
  subscribe: (listener: EventListener) => () => void
}

export type NativeMail = {
  state(): Promise<NativeMailState>
  activate(input: ParsedInput<'native-mail.activate'>, caller: Caller): Promise<NativeMailState>
  deactivate(input: ParsedInput<'native-mail.deactivate'>, caller: Caller): Promise<NativeMailState>
  test(input: ParsedInput<'native-mail.test'>): Promise<CallAnswer<'native-mail.test'>>
  finish(input: ParsedInput<'native-mail.finish'>, caller: Caller): Promise<NativeMailState>
  /** Listens from now on where the settings say so; what stands in the way is in the state and is tried again. */
  begin(): Promise<void>
  /** What was on its way is on disk and acknowledged when it resolves. */
  close(): Promise<void>
}

/**
 * The console as a mail server: started and ended by the settings, moved to in steps (configured, tested, finished). Throws ProblemError
 * `invalid-input`, `not-found`, `native-mail-cannot-listen`, `native-mail-certificate-unusable`, `native-mail-not-received`, whatever sending finds.
 */
export function createNativeMail(needs: NativeMailNeeds): NativeMail {
  const { sources, database, table, announce } = needs
  const inTurn = createTurns()
  const probes = createProbes()
  const report = (during: string) => (thrown: unknown): void => needs.reportUnexpected(thrown, during)
  const failures = createFailures(needs)
  const taking = createTakeReceived({ ...needs, settings: sources.settings, partitions: sources.partitions, failed: failures.add })
  const tellLater = atMostEvery(needs.clock, 1_000, () => announce('native-mail-changed', {}))
  const listening = createListening({ ...needs, accept: async (mail) => (probes.take(mail.raw) ? undefined : taking.take(mail)), changed: tellLater.tell })
  let begun = false
  let closed = false
  let callOff = (): void => undefined

  const current = async (): Promise<NativeMailSettings> => (await sources.settings()).nativeMail

  async function state(): Promise<NativeMailState> {
    const settings = await current()
    const supportAddress = supportAddressOf(settings)
    const { testedAddress, finished } = await table.get(database)
    const tested = supportAddress !== null && testedAddress === supportAddress
    return {
      settings, supportAddress, ...listening.state(),
      mailServer: supportAddress === null || settings.host === null ? null : `${settings.host.includes(':') ? `[${settings.host}]` : settings.host}:${settings.port}`,
      encrypted: settings.certFile !== null && settings.keyFile !== null,
      stage: !settings.enabled ? 'custom' : !tested ? 'configured' : finished ? 'native' : 'tested',
      fetching: (await sources.incoming()).filter(({ server }) => server.enabled).map(({ server }) => server.name)
    }
  }

  /** Saves only what differs from now, so that other settings that were changed meanwhile stay. */
  async function save(change: Partial<NativeMailSettings>, reason: string | null, caller: Caller): Promise<void> {
    const settings = await sources.settings()
    await needs.saveSettings({ settings: { ...settings, nativeMail: { ...settings.nativeMail, ...change } }, reason }, caller)
  }

  /** Follows the settings, whoever changed them; tries again later where it cannot. */
  const follow = (): Promise<void> =>
    inTurn(async () => {
      callOff()
      if (closed || !begun) return
      const settings = await current()
      const before = listening.state().problem
      if (!settings.enabled || settings.host === null) await listening.end(settings.enabled ? { code: 'invalid-input', issues: [missingHost] } : null)
      else if (settings.instance === null) await save({ instance: instanceName(needs.chance) }, 'Native mail needs an address.', { who: 'Mailroom', role: 'administrator' })
      else if (!(await listening.follow(settings))) callOff = needs.clock.after(30_000, () => void follow().catch(report('starting native mail')))
      await tellOf(before, listening.state())
    })

  /** Nobody looks at a receiver that is silent: the bell says that it is, and that it is well again. */
  async function tellOf(before: Problem | null, { problem, listening: isListening }: Pick<NativeMailState, 'problem' | 'listening'>): Promise<void> {
    if (JSON.stringify(problem) === JSON.stringify(before)) return
    if (problem !== null) await needs.bell.ring({ kind: 'connectivity-lost', server: nativeMailName, text: wordsOf(problem).title, problem })
    else if (isListening) await needs.bell.ring({ kind: 'connectivity-back', server: nativeMailName, text: 'Native mail is received again.', problem: null })
  }
  const unsubscribe = needs.subscribe((name) => {
    if (name === 'settings-changed') follow().catch(report('starting native mail'))
  })

  return {
    state,
    activate: ({ settings: asked, reason }, caller) =>
      inTurn(async () => {
        const before = await current()
        const wanted = { ...asked, enabled: true, instance: asked.instance ?? before.instance ?? instanceName(needs.chance) }
        checkNativeSettings(wanted, { partitions: await sources.partitions(), settings: await sources.settings() })
        const undo = await listening.begin(wanted)
        await save(wanted, reason, caller).catch(async (thrown: unknown) => {
          await undo()
          throw thrown
        })
        announce('native-mail-changed', {})
        return state()
      }),
    deactivate: ({ reason }, caller) =>
      inTurn(async () => {
        await save({ enabled: false }, reason, caller)
        await listening.end(null)
        await database.transaction((transaction) => table.put(transaction, { testedAddress: null, finished: false }))
        announce('native-mail-changed', {})
        return state()
      }),
    async test(input) {
      const settings = await active(await current())
      const undo = await inTurn(() => listening.borrow(settings))
      try {
        const found = await sendAndAwait({ ...needs, probes }, { ...input, ...listening.place(settings) })
        const { finished } = await table.get(database)
        await database.transaction((transaction) => table.put(transaction, { testedAddress: supportAddressOf(settings), finished }))
        announce('native-mail-changed', {})
        return found
      } finally {
        if (!begun) await inTurn(undo)
      }
    },
    async finish({ stop }, caller) {
      await active(await current())
      if ((await state()).stage === 'configured') throw invalid({ path: '', message: 'Send a test mail first: the move is finished when it has arrived.' })
      const names = await Promise.all(stop.map(async (name) => (await sources.incomingNamed(name)).server.name))
      for (const name of names) await needs.stopFetching({ name }, caller)
      await database.transaction(async (transaction) => table.put(transaction, { ...(await table.get(transaction)), finished: true }))
      announce('native-mail-changed', {})
      return state()
    },
    async begin() {
      begun = true
      await follow()
    },
    async close() {
      closed = true
      unsubscribe()
      callOff()
      tellLater.close()
      await inTurn(() => listening.end(null))
      await taking.close()
      await failures.close()
    }
  }
}

const missingHost: InputIssue = { path: 'settings.host', message: 'Enter the name under which mail servers reach this computer.' }
const invalid = (issue: InputIssue): ProblemError => new ProblemError({ code: 'invalid-input', issues: [issue] })

async function active(settings: NativeMailSettings): Promise<NativeMailSettings> {
  if (!settings.enabled || supportAddressOf(settings) === null) throw invalid({ path: '', message: 'Native mail is not active. Activate it first.' })
  return settings
}

/** Calls `work` soon, and no more often than this. */
function atMostEvery(clock: Clock, ms: number, work: () => void): { tell(): void; close(): void } {
  let callOff: (() => void) | null = null
  return {
    tell() {
      callOff ??= clock.after(ms, () => {
        callOff = null
        work()
      })
    },
    close: () => callOff?.()
  }
}
