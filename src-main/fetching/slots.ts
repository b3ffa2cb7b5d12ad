import { untilAborted } from './until-aborted.ts'

/** Bounds how many pieces of work run at once; those that wait are let in by order of arrival. */
export type Slots = {
  /** Resolves with the function that gives the slot back. Rejects with the signal's reason when it aborts before. */
  enter(signal: AbortSignal): Promise<() => void>
}

export function createSlots(most: number): Slots {
  let taken = 0
  const queue: (() => void)[] = []
  const leave = (): void => {
    const next = queue.shift()
    if (next === undefined) taken--
    else next()
  }
  return {
    async enter(signal) {
      signal.throwIfAborted()
      if (taken < most) taken++
      else await waitInQueue(queue, signal)
      return leave
    }
  }
}

async function waitInQueue(queue: (() => void)[], signal: AbortSignal): Promise<void> {
  let letIn = (): void => undefined
  const turn = new Promise<void>((resolve) => (letIn = resolve))
  queue.push(letIn)
  try {
    await untilAborted(turn, signal)
  } catch (thrown) {
    const place = queue.indexOf(letIn)
    if (place >= 0) queue.splice(place, 1)
    throw thrown
  }
}
