import type { DecisionInput } from './decide.ts'

/** What is known where there is no data: no mail came before, and nobody has a name. */
export const nothingKnown: Omit<DecisionInput, 'parsed' | 'server' | 'partition' | 'settings'> = {
  conversations: { requestsOf: () => [], request: () => null, sent: () => null },
  people: { byAddress: () => null, byName: () => null },
  recent: { mailsFrom: () => 0, answersTo: () => 0 },
  outgoing: { ours: new Set(), senderName: '', domain: 'mailroom.invalid' },
  place: '',
  next: { number: 1, at: '1970-01-01T00:00:00.000Z' },
  takenBefore: null
}
