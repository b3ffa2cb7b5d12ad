import type { HistoryProof } from '#contract/history.ts'
import { wordsOf } from '#contract/problem-words.ts'
import type { Bell } from './bell.ts'
import { createWatch } from './watch.ts'

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
  const look = async (): Promise<void> => {
    const { broken } = await verify()
    if (broken === null) return
    const problem = { code: 'history-broken' as const, entry: broken.id, reason: broken.reason }
    const text = wordsOf(problem).title
    const { notices } = await bell.list()
    if (!notices.some((notice) => notice.kind === 'history-broken' && notice.text === text)) await notify.ring({ kind: 'history-broken', server: '', text, problem })
  }
  return { ...createWatch({ clock, firstAfterMs: 0, everyMs: dayMs, logWarning, looks: [{ what: 'checking the history', look }] }), look }
}
