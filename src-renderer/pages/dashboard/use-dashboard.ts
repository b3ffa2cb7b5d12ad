import { useEffect, useState } from 'react'
import type { Dashboard } from '#contract/dashboard.ts'
import { useCall, type Loaded } from '../../main-process/use-call.ts'

export const periods = [24, 168, 720] as const
export type Period = (typeof periods)[number]

// What happens often is asked for at most every few seconds; what nothing announces is seen within the minute.
const nowAndThen = { refreshOn: ['round-finished', 'requests-changed', 'errors-changed', 'outbox-changed', 'hand-over-changed'], bunchMs: 4_000 } as const
const anywayEveryMs = 60_000

/** The dashboard of a period and a server, and the servers of all; what was there stays until the next answer is. */
export const useDashboard = (hours: Period, server: string | null): Pick<Loaded<Dashboard>, 'problem' | 'reload'> & { dashboard: Dashboard | null; servers: Dashboard['servers'] } => {
  const { value, problem, reload } = useCall('dashboard.get', { hours, server, offsetMinutes: -new Date().getTimezoneOffset() }, nowAndThen)
  const all = useCall('dashboard.get', server === null ? null : { hours: 24 }, nowAndThen).value
  const [shown, setShown] = useState<Dashboard | null>(null)
  if (value !== null && value !== shown) setShown(value)
  useEffect(() => {
    const timer = setInterval(reload, anywayEveryMs)
    return () => clearInterval(timer)
  }, [reload])
  const dashboard = value ?? shown
  return { dashboard, servers: (all ?? dashboard)?.servers ?? [], problem, reload }
}
