import type { LedgerOutcome, LedgerRow, Reconciliation } from '#contract/ledger.ts'
import type { Tone } from '../../components/status-mark.tsx'

/** What became of a mail, as icon and word. */
export const outcomeLooks: Record<LedgerOutcome, { tone: Tone; word: string }> = {
  request: { tone: 'good', word: 'Request' },
  reply: { tone: 'good', word: 'Reply' },
  command: { tone: 'good', word: 'E-mail command' },
  dropped: { tone: 'neutral', word: 'Dropped' },
  error: { tone: 'bad', word: 'Error' },
  released: { tone: 'pending', word: 'Waits again' }
}

/** The large words of a reconciliation. */
export const verdictLooks: Record<Reconciliation['verdict'], { tone: Tone; word: string }> = {
  'nothing-lost': { tone: 'good', word: 'Nothing lost' },
  differs: { tone: 'warning', word: 'Server and ledger differ' },
  'not-reachable': { tone: 'bad', word: 'The server cannot be reached' }
}

/** What a row says besides its outcome, where there is no link to follow. */
export const becameWords = ({ outcome, reason }: Pick<LedgerRow, 'outcome' | 'reason'>): string => (outcome === 'released' ? 'given back for processing' : (reason ?? ''))
