import { countedAs } from '../model/is-for-mailbox.ts'

/** Mail of each sender within the last hour. */
export type RecentTraffic = {
  /** Mails of this sender, whatever the case of the address and its detail after `+`, within the last hour. */
  mailsFrom(address: string): number
  note(address: string): void
}

/**
 * Counts mail by sender over a sliding hour, in memory: after a restart it counts anew. Remembers the most recent 20,000 senders, and of each
 * no more than the minutes that its mail came in.
 */
export function createRecentTraffic({ now }: { now: () => number }): RecentTraffic {
  const senders = new Map<string, Map<number, number>>()
  const ofLastHour = (address: string): Map<number, number> => {
    const minutes = senders.get(address) ?? new Map<number, number>()
    const first = minuteOf(now()) - minutesOfAnHour
    for (const minute of minutes.keys()) if (minute <= first) minutes.delete(minute)
    return minutes
  }
  return {
    mailsFrom: (address) => [...ofLastHour(countedAs(address)).values()].reduce((sum, count) => sum + count, 0),
    note(address) {
      const key = countedAs(address)
      const minutes = ofLastHour(key)
      const minute = minuteOf(now())
      minutes.set(minute, (minutes.get(minute) ?? 0) + 1)
      senders.delete(key)
      senders.set(key, minutes)
      if (senders.size > mostSenders) for (const oldest of senders.keys()) if (senders.delete(oldest)) break
    }
  }
}

const mostSenders = 20_000
const minutesOfAnHour = 60
const minuteOf = (time: number): number => Math.floor(time / 60_000)
