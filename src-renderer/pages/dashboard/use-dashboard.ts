import { useEffect, useRef, useState } from 'react'
import type { Dashboard } from '#contract/dashboard.ts'
import type { EventName } from '#contract/events.ts'
import type { Problem } from '#contract/problem.ts'
import { useMainEvent } from '../../main-process/use-main-event.ts'
import { useCall } from '../../main-process/use-call.ts'

export const periods = [24, 168, 720] as const
export type Period = (typeof periods)[number]

const atMostEveryMs = 4_000
const anywayEveryMs = 60_000

/** The dashboard of a period and a server, asked again when something happened, at most every few seconds; what was there stays until the next answer is. */
export const useDashboard = (hours: Period, server: string | null): { dashboard: Dashboard | null; problem: Problem | null; reload: () => void } => {
  const { value, problem, reload } = useCall('dashboard.get', { hours, server, offsetMinutes: -new Date().getTimezoneOffset() })
  const [shown, setShown] = useState<Dashboard | null>(null)
  if (value !== null && value !== shown) setShown(value)
  useNowAndThen(reload)
  return { dashboard: value ?? shown, problem, reload }
}

const useNowAndThen = (reload: () => void): void => {
  const waiting = useRef<ReturnType<typeof setTimeout> | null>(null)
  const soon = (): void => {
    waiting.current ??= setTimeout(() => {
      waiting.current = null
      reload()
    }, atMostEveryMs)
  }
  useHappened('round-finished', soon)
  useHappened('requests-changed', soon)
  useHappened('errors-changed', soon)
  useHappened('outbox-changed', soon)
  useHappened('hand-over-changed', soon)
  useEffect(() => {
    const timer = setInterval(reload, anywayEveryMs)
    return () => {
      clearInterval(timer)
      if (waiting.current !== null) clearTimeout(waiting.current)
      waiting.current = null
    }
  }, [reload])
}

const useHappened = (name: EventName, listener: () => void): void => useMainEvent(name, listener)
