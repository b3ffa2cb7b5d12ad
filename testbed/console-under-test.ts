import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Answer } from '#contract/bridge.ts'
import type { SaveAnswer } from '#contract/calls.ts'
import type { TestVerdict } from '#contract/connection-test.ts'
import type { IncomingServerView, RoundResult } from '#contract/incoming-server.ts'
import type { SignInStep } from '#contract/oauth.ts'
import { ProblemError, type Problem } from '#contract/problem.ts'
import { openConsole } from '../src-main/compose.ts'
import type { Clock } from '../src-main/fetching/clock.ts'
import { silentLog } from '../src-main/log/create-log.ts'

export type ConsoleUnderTest = {
  folder: string
  ask(name: string, input: object): Promise<Answer<unknown>>
  /** As `ask`, where nothing may go wrong. */
  must<Value>(name: string, input: object): Promise<Value>
  /** The problem that a use case on a server ends with; null where it is well. */
  problemOf(use: Use, name: string): Promise<Problem | null>
  /** Plays the browser of the next sign-ins. */
  browser(play: (step: SignInStep) => unknown): void
  /** Everything that an import, a save or a sign-in could have left behind. */
  everything(): Promise<string>
  /** All files of the data folder that hold one of the texts in clear, base64 or hexadecimal. */
  filesWith(secrets: readonly string[]): string[]
  /** Begins what goes on in the background: fetching, receiving, sending. */
  begin(): Promise<void>
  stop(): Promise<void>
}
export type Use = 'test' | 'fetch' | 'sign-in' | 'outgoing-test' | 'send' | 'save' | 'sample'

export const passphraseUnderTest = 'a passphrase for this test'

/** A whole core in a folder of its own, or in `keptFolder`, which stays. */
export async function openConsoleUnderTest(env: Record<string, string> = {}, { sendingClock, keptFolder }: { sendingClock?: Clock; keptFolder?: string } = {}): Promise<ConsoleUnderTest> {
  const folder = keptFolder ?? mkdtempSync(join(tmpdir(), 'mailroom-under-test-'))
  const core = await openConsole({ sendingClock, dataFolder: folder, host: 'browser', demo: false, passphrase: passphraseUnderTest, log: silentLog, env: { ...env, DBUS_SESSION_BUS_ADDRESS: '' } })
  const ask = (name: string, input: object): Promise<Answer<unknown>> => core.answer(name, input, { role: 'administrator', who: 'test' })
  const must = async <Value>(name: string, input: object): Promise<Value> => {
    const answer = await ask(name, input)
    if (!answer.ok) throw new ProblemError(answer.problem)
    return answer.value as Value
  }
  let play: (step: SignInStep) => unknown = () => undefined
  core.subscribe((name, detail) => {
    if (name === 'sign-in-step-happened' && 'step' in detail && 'kind' in detail.step) play(detail.step)
  })
  const serverNamed = async (kind: 'incoming' | 'outgoing', name: string) => (await must<{ server: { name: string } }[]>(`${kind}.list`, {})).find(({ server }) => server.name === name)?.server
  return {
    folder, ask, must,
    browser: (next) => void (play = next),
    async problemOf(use, name) {
      const workId = randomUUID()
      const answer = await (use === 'test' ? ask('incoming.test', { name, workId })
        : use === 'outgoing-test' ? ask('outgoing.test', { name, workId })
        : use === 'fetch' ? ask('incoming.fetch', { name, workId })
        : use === 'sample' ? ask('incoming.sample', { name, workId })
        : use === 'send' ? ask('outgoing.send', { name, mail: { to: ['somebody@example.org'] }, workId })
        : use === 'sign-in' ? ask('sign-in.start', { kind: 'incoming', name, workId })
        : ask('incoming.save', { was: name, server: await serverNamed('incoming', name), draft: false, workId }))
      if (!answer.ok) return answer.problem
      if (use === 'save') return (answer.value as SaveAnswer).verdict?.problem ?? null
      return use === 'sign-in' || use === 'send' || use === 'sample' ? null : (answer.value as TestVerdict | RoundResult).problem
    },
    async everything() {
      const { yaml } = await must<{ yaml: string }>('configuration.export', {})
      // Applications fetch tokens for themselves; what a person has given must stay as it was.
      const signIns = (await must<IncomingServerView[]>('incoming.list', {})).filter(({ server }) => server.auth.flow === 'interactive').map(({ server, signIn }) => [server.name, signIn])
      return JSON.stringify([yaml, await must('secret.list', {}), signIns], null, 1)
    },
    filesWith(secrets) {
      const forms = secrets.flatMap((secret) => [secret, Buffer.from(secret).toString('base64').replace(/=+$/, ''), Buffer.from(secret).toString('hex')])
      return readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name))).filter((file) => statSync(file).isFile()).filter((file) => {
        const text = readFileSync(file, 'latin1')
        return forms.some((form) => text.includes(form))
      })
    },
    begin: () => core.start(),
    async stop() {
      await core.close()
      if (keptFolder === undefined) rmSync(folder, { recursive: true, force: true })
    }
  }
}

/** Says which of the secrets is in a text, whatever it is encoded in. */
export function assertHoldsNone(text: string, secrets: readonly string[], where: string): void {
  for (const secret of secrets) {
    const bytes = Buffer.from(secret)
    for (const form of [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), bytes.toString('base64').replace(/=+$/, ''), bytes.toString('base64url'), bytes.toString('hex')]) assert.ok(!text.includes(form), `${where} holds a secret: ${text}`)
  }
}
