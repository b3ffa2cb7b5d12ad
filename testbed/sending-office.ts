import { createTransport } from 'nodemailer'
import type { OutboxDetail, OutboxPage, OutboxRow } from '#contract/outbox.ts'
import { nativeMailSettings, type NativeMailState } from '#contract/native-mail.ts'
import type { Notice } from '#contract/notice.ts'
import type { Clock } from '../src-main/fetching/clock.ts'
import { openConsoleUnderTest, type ConsoleUnderTest } from './console-under-test.ts'
import { freePorts } from './free-ports.ts'

/** A clock that runs `rate` times as fast as the computer's. */
export function createFastClock(rate: number): Clock {
  const begun = Date.now()
  return {
    now: () => begun + (Date.now() - begun) * rate,
    elapsed: () => performance.now() * rate,
    after(ms, work) {
      const timer = setTimeout(work, ms / rate)
      return () => clearTimeout(timer)
    }
  }
}

/** An outgoing server as a configuration file names it, without what the rig fills in. */
export type OfficeServer = { name: string; port: number } & Readonly<Record<string, unknown>>

/**
 * A console that acknowledges whatever its SMTP receiver takes: the mail that it sends goes to who wrote. Its outbox lives by a clock of its own; `minute` is the
 * time by it, since the office was opened.
 */
export type SendingOffice = {
  console: ConsoleUnderTest
  minute(): number
  /** Of a time by the office's clock (ISO 8601). */
  minuteOf(time: string): number
  waitMinutes(minutes: number): Promise<void>
  /** Mails from so many people, `name-1@example.org` and on; resolves when the receiver has taken all. Returns the addresses. */
  write(name: string, count: number, minutes?: number): Promise<string[]>
  rows(): Promise<OutboxRow[]>
  detail(id: number): Promise<OutboxDetail>
  /** Waits until no mail waits, or so many minutes have passed. */
  untilQuiet(minutes: number): Promise<void>
  /** Kinds of all notices, once all of `wanted` are among them or ten seconds have passed. */
  told(wanted: readonly string[]): Promise<string[]>
  stop(): Promise<void>
}

export async function openSendingOffice({ servers, rate = 1, keptFolder, env = {} }: { servers: readonly OfficeServer[]; rate?: number; keptFolder?: string; env?: Record<string, string> }): Promise<SendingOffice> {
  const clock = createFastClock(rate)
  const begun = clock.now()
  const console = await openConsoleUnderTest(env, { sendingClock: clock, keptFolder })
  const plain = { protocol: 'smtp', host: '127.0.0.1', security: 'none', auth: { method: 'none', user: '' }, replyTo: 'desk@example.com', senderName: 'Service desk', timeout: '5s' }
  const yaml = JSON.stringify({
    version: 1, partitions: [{ name: 'Desk', outgoing: servers[0]?.name, default: true }], outgoing: servers.map((server) => ({ ...plain, ...server })),
    processing: { answers: { acknowledge: true, mostPerHour: 100 } }
  })
  await console.must('configuration.import', { yaml, replace: false, reason: null })
  const [receiver = 0] = await freePorts(1)
  const native = await console.must<NativeMailState>('native-mail.activate', { settings: nativeMailSettings.parse({ host: 'localhost', listen: '127.0.0.1', port: receiver, authentication: 'ignore' }), reason: null })
  const post = createTransport({ host: '127.0.0.1', port: receiver, pool: true, maxConnections: 4, maxMessages: Infinity, ignoreTLS: true })
  const minute = (): number => (clock.now() - begun) / 60_000
  const waitMinutes = (minutes: number): Promise<void> => new Promise((done) => void clock.after(minutes * 60_000, done))
  const rows = async (): Promise<OutboxRow[]> => {
    const found: OutboxRow[] = []
    for (const state of ['waiting', 'sending', 'held', 'uncertain', 'refused', 'sent'] as const)
      for (let before: number | null = null; ; ) {
        const page: OutboxPage = await console.must<OutboxPage>('outbox.list', { state, limit: 500, before })
        found.push(...page.rows)
        before = page.next
        if (before === null) break
      }
    return found
  }
  return {
    console, minute, waitMinutes, rows,
    minuteOf: (time) => (Date.parse(time) - begun) / 60_000,
    detail: (id) => console.must('outbox.show', { id }),
    async write(name, count, minutes = 0) {
      const addresses = Array.from({ length: count }, (_, index) => `${name}-${index + 1}@example.org`)
      for (const address of addresses) {
        await post.sendMail({ from: address, to: native.supportAddress ?? '', subject: `Question of ${address}`, text: `I am ${address}.` })
        if (minutes > 0) await waitMinutes(minutes / count)
      }
      return addresses
    },
    async untilQuiet(minutes) {
      const until = minute() + minutes
      for (;;) {
        const { counts } = await console.must<OutboxPage>('outbox.list', { limit: 1 })
        if (counts.waiting + counts.sending === 0 || minute() > until) return
        await new Promise((done) => setTimeout(done, 100))
      }
    },
    async told(wanted) {
      for (let tries = 0; ; tries++) {
        const kinds = (await console.must<{ notices: Notice[] }>('notices.list', {})).notices.map(({ kind }) => kind)
        if (tries > 100 || wanted.every((kind) => kinds.includes(kind as Notice['kind']))) return kinds
        await new Promise((done) => setTimeout(done, 100))
      }
    },
    async stop() {
      post.close()
      await console.stop()
    }
  }
}

/** How often each address stands in the To of what arrived. */
export function arrivedFor(messages: readonly Buffer[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const raw of messages) {
    const to = /^To:.*?([\w.+-]+@[\w.-]+)/im.exec(raw.toString('latin1'))?.[1] ?? 'nobody'
    counts.set(to, (counts.get(to) ?? 0) + 1)
  }
  return counts
}
