import { wordsOf } from '#contract/problem-words.ts'
import type { Problem } from '#contract/problem.ts'
import type { EventListener } from '../console.ts'
import type { CommitNeeds, CommittedMessage } from '../requests/message-fate.ts'
import type { NewNotice } from './bell.ts'
import type { Notify } from './notify.ts'

export type TellOutcomesNeeds = {
  announce: EventListener
  bell: Notify
  /** There is mail to be sent. */
  wakeOutbox: () => void
  /** Logs a bug in full and returns the problem that stands for it. */
  reportUnexpected: (thrown: unknown, during: string) => Problem
}

/** Tells the window and the bell what became of messages that were committed. Nothing waits for it, and nothing fails because of it. */
export function createTellOutcomes({ announce, bell, wakeOutbox, reportUnexpected }: TellOutcomesNeeds): CommitNeeds['told'] {
  return (origin, committed) => {
    const decided = committed.map((one) => one.decided)
    const touched = committed.flatMap(({ outcome, request }) => (request !== null && outcome !== 'dropped' && outcome !== 'error' ? [request] : []))
    if (touched.length > 0) announce('requests-changed', { newest: Math.max(...touched) })
    if (decided.some(({ people, bounce }) => people.length > 0 || bounce !== null)) announce('people-changed', {})
    if (decided.some(({ spamRule }) => spamRule !== null)) announce('spam-hits-changed', {})
    if (decided.some(({ answers }) => answers.length > 0)) {
      announce('outbox-changed', {})
      wakeOutbox()
    }
    const server = origin.server?.name ?? ''
    const ring = async (): Promise<void> => {
      for (const notice of countedOnce(committed.flatMap((one) => noticesOf(one)))) await bell.ring({ ...notice, server })
    }
    ring().catch((thrown: unknown) => reportUnexpected(thrown, 'ringing the bell'))
  }
}

/** One of each kind, with the words of the last, so that a flood of mail does not ring a thousand times. */
const countedOnce = (all: readonly Told[]): (Told & { times: number; mail: { cases: string[] } })[] =>
  [...Map.groupBy(all, ({ kind }) => kind)].flatMap(([, same]) => same.slice(-1).map((last) => ({ ...last, times: same.length, mail: { cases: same.map(({ text }) => text) } })))

type Told = Pick<NewNotice, 'kind' | 'text' | 'problem'>

function noticesOf({ decided: { loop, bounce, stripped, arrived } }: CommittedMessage): Told[] {
  const problems: [NewNotice['kind'], Problem][] = []
  if (loop !== null) problems.push(['mail-loop', { code: 'mail-loop', ...loop }])
  for (const { address, action, diagnostic } of bounce?.recipients ?? [])
    if (action === 'failed') problems.push(['mail-returned', { code: 'mail-returned', address, serverSaid: diagnostic.slice(0, 500) }])
  const content = arrived.taken?.parsed.content
  if (stripped.length > 0 && content !== undefined)
    problems.push(['attachments-stripped', { code: 'attachments-stripped', names: stripped.map(({ index }) => content.attachments[index]?.name ?? '').slice(0, 20), from: content.from?.address ?? '' }])
  return problems.map(([kind, problem]) => ({ kind, text: wordsOf(problem).title, problem }))
}
