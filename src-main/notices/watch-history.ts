import type { HistoryProof } from '#contract/history.ts'
import { wordsOf } from '#contract/problem-words.ts'
import type { Bell } from './bell.ts'

export type WatchHistoryNeeds = {
  verify: () => Promise<HistoryProof>
  /** What the bell holds, and who else is told. */
  bell: Pick<Bell, 'list'>
  notify: Pick<Bell, 'ring'>
  clock: { after(ms: number, work: () => void): () => void }
  logWarning: (text: string) => void
}

const dayMs = 86_400_000

/** Goes over the history at the start and once a day; a fault is told once, whatever restarts lie between. */
export function createWatchHistory({ verify, bell, notify, clock, logWarning }: WatchHistoryNeeds) {
  let callOff = (): void => undefined
  let looking: Promise<void> = Promise.resolve()
  let closed = false

  const look = async (): Promise<void> => {
    const { broken } = await verify()
    if (broken === null) return
    const problem = { code: 'history-broken' as const, entry: broken.id, reason: broken.reason }
    const text = wordsOf(problem).title
    const { notices } = await bell.list()
    if (!notices.some((notice) => notice.kind === 'history-broken' && notice.text === text)) await notify.ring({ kind: 'history-broken', server: '', text, problem })
  }
  const lookAfter = (ms: number): void => {
    callOff = clock.after(ms, () => {
      looking = look().catch((thrown: unknown) => logWarning(`The history was not checked: ${thrown instanceof Error ? thrown.message : String(thrown)}`)).then(() => {
        if (!closed) lookAfter(dayMs)
      })
    })
  }
  return {
    begin: () => lookAfter(0),
    look,
    async close() {
      closed = true
      callOff()
      await looking
    }
  }
}
