import { useCallback, useEffect, useEffectEvent, useRef, useState } from 'react'
import type { CallAnswer, CallInput, CallName } from '#contract/calls.ts'
import type { EventName } from '#contract/events.ts'
import type { Problem } from '#contract/problem.ts'
import { bridge } from './bridge.ts'
import { callMain, problemOf } from './call-main.ts'
import { connection } from './connection.ts'

/** `value` stays while the same question is asked again, so that nothing flickers; it is null until the first answer. `askedAt` is when it was asked for (performance.now): what happened later may not be in it. */
export type Loaded<Value> = { value: Value | null; problem: Problem | null; loading: boolean; askedAt: number; reload: () => void }

const never: readonly EventName[] = []

/** Asks once, again on each of the named events (those within `bunchMs` count as one), and after the connection came back. A null input asks nothing. */
export const useCall = <Name extends CallName>(name: Name, input: CallInput<Name> | null, options: { refreshOn?: readonly EventName[]; bunchMs?: number } = {}): Loaded<CallAnswer<Name>> => {
  const key = input === null ? null : JSON.stringify(input)
  const wanted = useRef<string | null>(null)
  const [asked, setAsked] = useState(0)
  const [answer, setAnswer] = useState<{ key: string | null; value: CallAnswer<Name> | null; problem: Problem | null; askedAt: number }>({ key: null, value: null, problem: null, askedAt: 0 })
  useEffect(() => {
    wanted.current = key
    if (key === null) return
    const askedAt = performance.now()
    // Answers may overtake each other: one to an earlier asking is older, whenever it arrives.
    const isOvertaken = (before: typeof answer): boolean => wanted.current !== key || (before.key === key && before.askedAt > askedAt)
    callMain(name, JSON.parse(key) as CallInput<Name>).then(
      (value) => setAnswer((before) => (isOvertaken(before) ? before : { key, value, problem: null, askedAt })),
      (error: unknown) => setAnswer((before) => (isOvertaken(before) ? before : { key, value: before.key === key ? before.value : null, problem: problemOf(error), askedAt }))
    )
  }, [name, key, asked])
  const reload = useCallback(() => setAsked((times) => times + 1), [])
  useReloadOn(options.refreshOn ?? never, reload, options.bunchMs)
  const current = answer.key === key
  return { value: current ? answer.value : null, problem: current ? answer.problem : null, loading: key !== null && !current, askedAt: answer.askedAt, reload }
}

/** Calls `reload` a moment after any of the events, once for a burst of them, and after the connection came back. */
export const useReloadOn = (events: readonly EventName[], reload: () => void, bunchMs = 250): void => {
  const names = events.join(' ')
  const again = useEffectEvent(reload)
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null
    const later = (): void => {
      timer ??= setTimeout(() => {
        timer = null
        again()
      }, bunchMs)
    }
    const list = names.split(' ')
    const stopEvents = bridge.onEvent((name) => void (list.includes(name) && later()))
    const stopWatch = connection.watch(() => void (connection.now() === 'connected' && later()))
    return () => {
      stopEvents()
      stopWatch()
      if (timer) clearTimeout(timer)
    }
  }, [names, bunchMs])
}
