import { useEffect, useEffectEvent } from 'react'
import type { EventName, Events } from '#contract/events.ts'
import { bridge } from './bridge.ts'

/** Calls `listener` for each announcement of that name while the component is shown. */
export const useMainEvent = <Name extends EventName>(name: Name, listener: (detail: Events[Name]) => void): void => {
  const happened = useEffectEvent(listener)
  useEffect(() => bridge.onEvent((heard, detail) => void (heard === name && happened(detail as Events[Name]))), [name])
}
