import { untilAborted } from './until-aborted.ts'

/** Lets work in while both its count and its bytes stay below a limit; one piece of work is always let in. */
export type RoomGate = {
  enter(bytes: number, signal: AbortSignal): Promise<void>
  leave(bytes: number): void
}

/** Bounds the memory of what is under way at once. One caller at a time waits in `enter`, which rejects when `signal` aborts. */
export function createRoomGate(mostPieces: number, mostBytes: number): RoomGate {
  let pieces = 0
  let held = 0
  let wake: (() => void) | null = null
  const fits = (bytes: number): boolean => pieces === 0 || (pieces < mostPieces && held + bytes <= mostBytes)
  return {
    async enter(bytes, signal) {
      while (!fits(bytes)) {
        const left = new Promise<void>((resolve) => (wake = resolve))
        await untilAborted(left, signal)
      }
      signal.throwIfAborted()
      pieces++
      held += bytes
    },
    leave(bytes) {
      pieces--
      held -= bytes
      wake?.()
    }
  }
}
