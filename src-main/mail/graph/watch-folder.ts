import { setTimeout as sleep } from 'node:timers/promises'
import { ProblemError } from '#contract/problem.ts'
import type { PushAnnouncements } from '../push-announcements.ts'
import { messagePage } from './graph-answers.ts'
import type { GraphClient } from './graph-client.ts'
import type { WaitingList } from './list-waiting.ts'
import { createSubscription, type Subscription } from './subscription.ts'

/** How often the folder is looked at: without announcements, and behind them in case one is lost. */
const pollMs = { alone: 15_000, backstop: 120_000 }

export type FolderWatch = { wait(limitMs: number, signal: AbortSignal): Promise<boolean>; /** How often the folder is looked at by itself; null where Graph announces news. */ looksEveryMs(): number | null; end(): Promise<void> }

/** Hears of new mail by change notifications where the console has an address, and by looking at the folder at a modest pace otherwise. */
export function createFolderWatch(client: GraphClient, folderId: string, announcements: PushAnnouncements | null, waiting: WaitingList, paceMs = pollMs): FolderWatch {
  let subscription: Subscription | null = null
  let isTried = false
  let ring = Promise.withResolvers<void>()
  let newest: string | null = null

  /** The newest message stands for all news where nothing was listed by changes. */
  const look = async (): Promise<boolean> => {
    const known = await waiting.hasNews()
    if (known !== null) return known
    const { value } = await client.json({ path: `mailFolders/${encodeURIComponent(folderId)}/messages`, words: 'the newest message', query: { $select: 'id', $orderby: 'receivedDateTime desc', $top: '1' } }, messagePage)
    const [before, now] = [newest, value[0]?.id ?? '']
    newest = now
    return before !== null && before !== now
  }
  /** Whether everything since the last listing is announced, so that nothing has to be looked at. */
  const subscribe = async (): Promise<boolean> => {
    if (subscription !== null) {
      await subscription.keep()
      return true
    }
    if (isTried || announcements === null) return false
    isTried = true
    try {
      subscription = await createSubscription(client, folderId, announcements, () => ring.resolve())
    } catch (error) {
      if (!(error instanceof ProblemError) || error.problem.code === 'cancelled') throw error
      client.note(`No change notifications (${error.problem.code}): the folder is looked at instead`)
    }
    return false
  }
  return {
    async wait(limitMs, signal) {
      const until = Date.now() + limitMs
      try {
        if (!(await subscribe()) && (await look())) return true
        while (Date.now() < until && !signal.aborted) {
          const ms = Math.min(subscription === null ? paceMs.alone : paceMs.backstop, until - Date.now())
          const rest = new AbortController()
          const rang = await Promise.race([ring.promise.then(() => true), sleep(ms, false, { signal: AbortSignal.any([signal, rest.signal]) }).catch(() => false)]).finally(() => rest.abort())
          if (rang) {
            ring = Promise.withResolvers()
            return true
          }
          if (signal.aborted || Date.now() >= until) break
          await subscription?.keep()
          if (await look()) return true
        }
        return false
      } catch (error) {
        if (signal.aborted) return false
        throw error
      }
    },
    looksEveryMs: () => (subscription === null ? paceMs.alone : null),
    async end() {
      await subscription?.end()
      subscription = null
    }
  }
}
