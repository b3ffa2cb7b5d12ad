import type { EventName, Events } from '#contract/events.ts'
import type { EventListener, MailroomConsole } from '../console.ts'
import type { Log } from '../log/create-log.ts'
import { newReference, reportProblem } from '../log/report-problem.ts'

/** Tells everybody who listens what happened. Never throws. */
export type Announce = <Name extends EventName>(name: Name, detail: Events[Name]) => void

/** The only way out: what happened goes to every host that subscribed; one that fails does not keep it from the others. */
export function createAnnouncer(log: Log): { announce: Announce; subscribe: MailroomConsole['subscribe'] } {
  const listeners = new Set<EventListener>()
  return {
    announce(name, detail) {
      for (const listener of [...listeners]) {
        try {
          listener(name, detail)
        } catch (error) {
          reportProblem(log, newReference(), `announcing ${name}`, error)
        }
      }
    },
    subscribe(listener) {
      // A function of its own for each subscription, so that the same listener twice is two subscriptions.
      const own: EventListener = (name, detail) => listener(name, detail)
      listeners.add(own)
      return () => void listeners.delete(own)
    }
  }
}
