/** Whether the page reaches its host, as something that can be watched. The desktop is always connected. */
export type Connection = 'connected' | 'lost'

let present: Connection = 'connected'
const watchers = new Set<() => void>()

export const connection = {
  now: (): Connection => present,
  set: (next: Connection): void => {
    if (next === present) return
    present = next
    for (const watcher of watchers) watcher()
  },
  /** Returns the function that ends the watching. */
  watch: (watcher: () => void): (() => void) => {
    watchers.add(watcher)
    return () => void watchers.delete(watcher)
  }
}
