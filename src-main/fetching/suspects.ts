import { ProblemError } from '#contract/problem.ts'

/** Which message breaks the connection each time it is downloaded, found out over the rounds of one server. */
export type Suspects = {
  /** Whether messages are downloaded one at a time, so that it shows which one it is. */
  areSought(): boolean
  /** The connection broke while exactly these were downloaded. */
  brokeAt(uids: readonly string[]): void
  /** How often the connection broke at this message, once that is too often to try again; null before. */
  givenUp(uid: string): number | null
  /** A round got to its end. */
  clear(): void
}

const oftenEnough = 3

/** Some servers close the connection over a message that they cannot read; without this the mail behind it would wait for ever. */
export function createSuspects(): Suspects {
  const breaks = new Map<string, number>()
  let sought = false
  return {
    areSought: () => sought,
    brokeAt(uids) {
      sought = true
      const [only] = uids
      if (uids.length === 1 && only !== undefined) breaks.set(only, (breaks.get(only) ?? 0) + 1)
    },
    givenUp(uid) {
      const times = breaks.get(uid) ?? 0
      return times >= oftenEnough ? times : null
    },
    clear() {
      sought = false
      breaks.clear()
    }
  }
}

/** Whether nothing more can be had over the connection. */
export const breaksConnection = (thrown: unknown): boolean => thrown instanceof ProblemError && (thrown.problem.code === 'connection-dropped' || thrown.problem.code === 'server-silent')
