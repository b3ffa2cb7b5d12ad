import type { PushAnnouncements } from '../mail/push-announcements.ts'

/** `receive` hands an announcement to whoever waits at this id; false where nobody does. */
export type PushDesk = PushAnnouncements & { receive(id: string, announcement: unknown): boolean }

/** Where announcements arrive, below the public address. */
export const pushPath = '/announcements/'

/** Keeps who waits for which announcements. `newId` must not be guessable. */
export function createPushDesk({ publicUrl, newId }: { publicUrl: () => Promise<string | null>; newId: () => string }): PushDesk {
  const waiting = new Map<string, (announcement: unknown) => void>()
  return {
    async begin(heard) {
      const root = await publicUrl()
      if (root === null) return null
      const id = newId()
      waiting.set(id, heard)
      return { url: `${root.replace(/\/+$/, '')}${pushPath}${id}`, secret: newId(), end: () => void waiting.delete(id) }
    },
    receive(id, announcement) {
      const heard = waiting.get(id)
      heard?.(announcement)
      return heard !== undefined
    }
  }
}
