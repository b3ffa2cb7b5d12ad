import type { LookedUp } from './decide-messages.ts'

/** What is known where there is no data: no mail came before, and nobody has a name. */
export const nothingKnown: LookedUp = {
  conversations: { requestsOf: () => [], request: () => null, sent: () => null },
  people: { byAddress: () => null, byName: () => null },
  recent: { mailsFrom: () => 0, answersTo: () => 0 },
  takenBefore: null
}
