import { useState } from 'react'
import type { Events } from '#contract/events.ts'
import type { IncomingServerView } from '#contract/incoming-server.ts'
import { useCall, useReloadOn, type Loaded } from '../../main-process/use-call.ts'
import { useMainEvent } from '../../main-process/use-main-event.ts'
import type { OutgoingServerView } from '#contract/outgoing-server.ts'

type Change = Events['incoming-state-changed'] & { heardAt: number }

/** The incoming servers; states announced since the last answer was asked for are laid over it at once. */
export const useIncoming = (): Loaded<IncomingServerView[]> => {
  const list = useCall('incoming.list', {}, { refreshOn: ['servers-changed', 'round-finished', 'errors-changed', 'settings-changed'] })
  const [changes, setChanges] = useState<Record<string, Change>>({})
  useMainEvent('incoming-state-changed', (change) => setChanges((before) => ({ ...before, [change.server]: { ...change, heardAt: performance.now() } })))
  const value = list.value?.map((view) => {
    const change = changes[view.server.name]
    return change && change.heardAt >= list.askedAt ? { ...view, state: change.state, errorCount: change.errorCount } : view
  })
  return { ...list, value: value ?? null }
}

/** The outgoing servers; while much mail goes out, what waits for them is asked for once a second. */
export const useOutgoing = (): Loaded<OutgoingServerView[]> => {
  const list = useCall('outgoing.list', {}, { refreshOn: ['servers-changed', 'settings-changed', 'senders-changed'] })
  useReloadOn(['outbox-changed'], list.reload, 1_000)
  return list
}
