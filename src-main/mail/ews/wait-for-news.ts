import { setTimeout as sleep } from 'node:timers/promises'
import { ProblemError } from '#contract/problem.ts'
import { getStreamingEvents, subscribe, unsubscribe } from './ews-requests.ts'
import type { EwsSession } from './ews-session.ts'
import { createEventReader } from './event-reader.ts'

/**
 * Waits for mail by streaming notifications. `list` gives the ids that wait now, `isKnown` says which of them were listed already.
 * https://learn.microsoft.com/exchange/client-developer/exchange-web-services/notification-subscriptions-mailbox-events-and-ews-in-exchange
 */
export type NewsNeeds = { session: EwsSession; folder: { id: string }; silenceMs: number; pollMs: number; list: () => Promise<readonly string[]>; isKnown: (id: string) => boolean }
export type NewsWatch = { wait(limitMs: number, signal: AbortSignal): Promise<boolean>; end(): Promise<void> }

/** Exchange ends a stream after so many minutes at the latest. https://learn.microsoft.com/exchange/client-developer/web-service-reference/connectiontimeout */
const mostMinutes = 30
const shortestStreamMs = 1_000

/** Where the server gives no stream (too many of them, an old proxy) it is asked in turn. */
export function createNewsWatch({ session, folder, silenceMs, pollMs, list, isKnown }: NewsNeeds): NewsWatch {
  let subscription: string | null = null
  let onlyAsks = false
  const anyNew = async (): Promise<boolean> => (await list()).some((id) => !isKnown(id))

  /** true: there is mail; false: not within the time; null: no stream can be had. */
  const stream = async (untilMs: number, signal: AbortSignal): Promise<boolean | null> => {
    while (!signal.aborted && Date.now() < untilMs) {
      if (subscription === null) {
        subscription = await begin()
        if (subscription === null) return null
      }
      const minutes = Math.min(mostMinutes, Math.max(1, Math.ceil((untilMs - Date.now()) / 60_000)))
      const begun = Date.now()
      const ended = await read(subscription, minutes, signal)
      if (ended === 'mail') return true
      if (ended === 'refused') return null
      if (ended === 'lost') subscription = null
      // A server that ends each stream at once is not to be asked without end.
      if (Date.now() - begun < shortestStreamMs) await pause(shortestStreamMs, signal)
    }
    return false
  }
  const begin = async (): Promise<string | null> => {
    const [response] = (await session.ask(subscribe(folder)).catch((error: unknown) => refusedOrThrow(error))).responses
    const id = response?.ok ? response.node.children.find(({ name }) => name === 'SubscriptionId')?.text : undefined
    return id ?? null
  }
  const read = async (id: string, minutes: number, signal: AbortSignal): Promise<'mail' | 'over' | 'lost' | 'refused'> => {
    let open: Awaited<ReturnType<EwsSession['listen']>>
    try {
      open = await session.listen(getStreamingEvents(id, minutes), silenceMs, signal)
    } catch (error) {
      if (signal.aborted) return 'over'
      refusedOrThrow(error)
      return 'refused'
    }
    const reader = createEventReader()
    let isFirst = true
    try {
      for await (const chunk of open.body) {
        // What came before the subscription is announced by nobody, and what was said into a stream that was being closed was not heard.
        if (isFirst && (await anyNew())) return 'mail'
        isFirst = false
        for (const event of reader.take(chunk)) {
          if (event.kind === 'arrived' && !isKnown(event.id)) return 'mail'
          if (event.kind === 'error') return lostCodes.has(event.code) ? 'lost' : 'refused'
          if (event.kind === 'closed') return 'over'
        }
      }
      return 'over'
    } catch (error) {
      if (signal.aborted) return 'over'
      throw error
    } finally {
      open.close()
    }
  }
  const poll = async (untilMs: number, signal: AbortSignal): Promise<boolean> => {
    while (!signal.aborted && Date.now() < untilMs) {
      if (await anyNew()) return true
      await pause(Math.min(pollMs, Math.max(0, untilMs - Date.now())), signal)
    }
    return false
  }
  return {
    async wait(limitMs, signal) {
      const untilMs = Date.now() + limitMs
      const limited = AbortSignal.any([signal, AbortSignal.timeout(limitMs)])
      const heard = onlyAsks ? null : await stream(untilMs, limited)
      onlyAsks ||= heard === null
      return heard ?? poll(untilMs, limited)
    },
    async end() {
      if (subscription === null) return
      const id = subscription
      subscription = null
      await session.ask(unsubscribe(id)).catch((error: unknown) => session.transcript?.note(`Unsubscribe: ${error instanceof ProblemError ? error.problem.code : String(error)}`))
    }
  }
}

/** The subscription is gone; another can be made. https://learn.microsoft.com/exchange/client-developer/exchange-web-services/handling-notification-related-errors-in-ews-in-exchange */
const lostCodes = new Set(['ErrorSubscriptionNotFound', 'ErrorInvalidSubscription', 'ErrorExpiredSubscription', 'ErrorSubscriptionUnsubsribed', 'ErrorReadEventsFailed', 'ErrorMissedNotificationEvents', 'ErrorInvalidWatermark', 'ErrorNewEventStreamConnectionOpened'])

/** A connection that failed is a failure; an answer that refuses the stream is none. */
function refusedOrThrow(error: unknown): { responses: [] } {
  if (error instanceof ProblemError && ['provider-refused', 'server-busy', 'delayed-by-provider', 'mailbox-access-denied'].includes(error.problem.code)) return { responses: [] }
  throw error
}

/** Ends early with the signal. */
const pause = (ms: number, signal: AbortSignal): Promise<unknown> => sleep(ms, null, { signal }).catch((error: unknown) => (signal.aborted ? null : Promise.reject(error as Error)))
