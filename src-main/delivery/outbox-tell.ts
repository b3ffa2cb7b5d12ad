import type { OutboxKind } from '#contract/outbox.ts'
import type { Problem } from '#contract/problem.ts'
import { counted, quoted, wordsOf } from '#contract/problem-words.ts'
import type { EventListener } from '../console.ts'
import type { Bell, NewNotice } from '../notices/bell.ts'
import type { Notify } from '../notices/notify.ts'
import type { FailOverClock } from './fail-over.ts'

export type OutboxTellNeeds = { notify: Notify; bell: Pick<Bell, 'ring'>; clock: FailOverClock; announce: EventListener; reportUnexpected: (thrown: unknown, during: string) => unknown }

/** What the outbox says to the outside: at a rate that one can bear, and never with the words of a mail. */
export type OutboxTell = {
  changed(): void
  /** A person has to look at this mail. What comes together is told together. */
  trouble(kind: 'mail-uncertain' | 'mail-not-sent', mail: { kind: OutboxKind; to: string }, server: string | null, problem: Problem): void
  /** So many mails wait because nothing goes out through this server. The bell alone: mail would have to go the same way. */
  standstill(server: string, count: number, problem: Problem): void
  /** Mail goes out through it again. */
  goesOut(server: string): void
  close(): Promise<void>
}

const changedEveryMs = 500
const togetherMs = 2_000
/** What concerns no server stands under this name. */
const console = 'Mailroom'

type Trouble = { kind: 'mail-uncertain' | 'mail-not-sent'; server: string; problem: Problem; recipients: string[]; count: number; byMail: boolean }

export function createOutboxTell({ notify, bell, clock, announce, reportUnexpected }: OutboxTellNeeds): OutboxTell {
  let quiet: (() => void) | null = null
  let isOwed = false
  let troubles = new Map<string, Trouble>()
  let callOff: (() => void) | null = null
  let ringing: Promise<unknown> = Promise.resolve()

  const announceOwed = (): void => {
    quiet = null
    if (!isOwed) return
    isOwed = false
    announce('outbox-changed', {})
    quiet = clock.after(changedEveryMs, announceOwed)
  }
  const afterThat = (work: () => Promise<unknown>): void => { ringing = ringing.then(work).catch((thrown: unknown) => reportUnexpected(thrown, 'telling of mail in the outbox')) }
  const ring = (): void => {
    callOff = null
    const all = [...troubles.values()]
    troubles = new Map()
    for (const trouble of all) afterThat(() => (trouble.byMail ? notify.ring({ ...noticeOf(trouble), mail: { cases: trouble.recipients } }) : bell.ring(noticeOf(trouble))))
  }
  return {
    changed() {
      isOwed = true
      if (quiet === null) announceOwed()
    },
    trouble(kind, mail, server, problem) {
      // A notification that could not be sent is no reason for another.
      const byMail = mail.kind !== 'notice' && mail.kind !== 'code'
      const key = `${kind} ${byMail} ${server ?? ''}`
      const before = troubles.get(key) ?? { kind, server: server ?? console, problem, recipients: [], count: 0, byMail }
      troubles.set(key, { ...before, problem, recipients: [...before.recipients, mail.to].slice(-20), count: before.count + 1 })
      callOff ??= clock.after(togetherMs, ring)
    },
    standstill: (server, count, problem) => afterThat(() => bell.ring({ kind: 'mail-waits', server, text: `Nothing goes out through ${quoted(server)} (${counted(count, 'mail')} waiting): ${wordsOf(problem).title}`, problem })),
    goesOut: (server) => afterThat(() => bell.ring({ kind: 'connectivity-back', server, text: `Mail goes out through ${quoted(server)} again.`, problem: null })),
    async close() {
      quiet?.()
      callOff?.()
      ring()
      await ringing
    }
  }
}

function noticeOf({ kind, server, problem, count }: Trouble): NewNotice {
  const words = kind === 'mail-uncertain' ? `Nobody can say whether ${counted(count, 'mail')} through ${quoted(server)} arrived.` : `${counted(count, 'mail')} through ${quoted(server)} could not be sent: ${wordsOf(problem).title}`
  return { kind, server, text: words, problem, times: count }
}
