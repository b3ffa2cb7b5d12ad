import type { LedgerOutcome, LedgerRow, Reconciliation } from '#contract/ledger.ts'
import type { Tone } from '../../components/status-mark.tsx'

/** What became of a mail, as icon and word. */
export const outcomeLooks: Record<LedgerOutcome, { tone: Tone; word: string; counted: [one: string, many: string] }> = {
  request: { tone: 'good', word: 'Request', counted: ['request', 'requests'] },
  reply: { tone: 'good', word: 'Reply', counted: ['reply', 'replies'] },
  command: { tone: 'good', word: 'E-mail command', counted: ['e-mail command', 'e-mail commands'] },
  dropped: { tone: 'neutral', word: 'Dropped', counted: ['dropped', 'dropped'] },
  error: { tone: 'bad', word: 'Error', counted: ['error', 'errors'] },
  released: { tone: 'pending', word: 'Waits again', counted: ['waits again', 'wait again'] }
}

/** The large words of a reconciliation. */
export const verdictLooks: Record<Reconciliation['verdict'], { tone: Tone; word: string }> = {
  'nothing-lost': { tone: 'good', word: 'Nothing lost' },
  differs: { tone: 'warning', word: 'Server and ledger differ' },
  'not-reachable': { tone: 'bad', word: 'Could not be compared' }
}

/** What a row says besides its outcome, where there is no link to follow. */
export const becameWords = ({ outcome, reason }: Pick<LedgerRow, 'outcome' | 'reason'>): string => (outcome === 'released' ? 'given back for processing' : (reason ?? ''))
