import type { CallAnswer, CallName, ParsedInput } from '../../src-contract/calls.ts'
import type { DifferingMessage, LedgerOutcome, LedgerRow, Reconciliation } from '../../src-contract/ledger.ts'

type Needs = { wished: (wish: string) => boolean; progress: (workId: string, total: number, what: string) => Promise<void> }
type LedgerCall = Extract<CallName, `ledger.${string}`>
type LedgerCalls = { [Name in LedgerCall]: (input: ParsedInput<Name>) => CallAnswer<Name> | Promise<CallAnswer<Name>> }

const newest = 12_400
const fates: readonly { outcome: LedgerOutcome; subject: string; from: string; reason: string | null }[] = [
  { outcome: 'request', subject: 'Printer on the 3rd floor shows error 59.F0', from: 'ann.meyer@example.com', reason: null },
  { outcome: 'reply', subject: 'Printer on the 3rd floor shows error 59.F0', from: 'ann.meyer@example.com', reason: null },
  { outcome: 'dropped', subject: 'Out of office: back on Monday', from: 'tomas.novak@example.com', reason: 'The message is automatic: Auto-Submitted says auto-replied.' },
  { outcome: 'request', subject: 'New laptop for a colleague who starts in December', from: 'joy.okafor@example.com', reason: null },
  { outcome: 'error', subject: 'Scan from the copier', from: '', reason: 'The message names no sender.' },
  { outcome: 'command', subject: 'Close ##RE-1188##', from: 'lucas.martin@example.com', reason: 'Request 1188 is closed.' },
  { outcome: 'dropped', subject: 'You have won a prize', from: 'prize@lottery.example', reason: 'The spam rule “Lotteries” fits.' },
  { outcome: 'released', subject: 'Scan from the copier', from: '', reason: 'The message names no sender.' }
]
const counts: { outcome: LedgerOutcome; count: number }[] = [{ outcome: 'request', count: 8_204 }, { outcome: 'reply', count: 3_011 }, { outcome: 'command', count: 96 }, { outcome: 'dropped', count: 1_080 }, { outcome: 'error', count: 6 }, { outcome: 'released', count: 3 }]

function rowOf(id: number): LedgerRow {
  const fate = fates[(newest - id) % fates.length] ?? fates[0]
  const server = ['it', 'hr', 'sales'][id % 3] ?? 'it'
  const { outcome = 'request', subject = '', from = '', reason = null } = fate ?? {}
  return { id, server, uid: String(40_000 + id), at: new Date(Date.now() - (newest - id) * 97_000).toISOString(), outcome, reason, request: ['request', 'reply', 'command'].includes(outcome) ? Math.max(1, Math.round(id / 10)) : null, error: outcome === 'error' ? 3 : null, subject, from, isFinished: id !== newest }
}

const differing = (id: string | null, subject: string, minutesAgo: number): DifferingMessage => ({ id, subject, from: 'Ann Meyer <ann.meyer@example.com>', messageId: `${id ?? 'gone'}@example.com`, receivedAt: new Date(Date.now() - minutesAgo * 60_000).toISOString(), size: 18_400 })

function found(server: string, taken: boolean): Reconciliation {
  const at = new Date().toISOString()
  const nothing: Reconciliation = { server, at, verdict: 'nothing-lost', problem: null, onServer: { inbox: 4_120, unread: 0, known: 4_120, errorFolder: 2 }, inLedger: counts, differences: [] }
  if (server === 'sales') return { ...nothing, verdict: 'not-reachable', problem: { code: 'credentials-refused', title: 'sales refused the user name or password of sales@example.com.' }, onServer: { inbox: 0, unread: 0, known: 0, errorFolder: null } }
  if (server !== 'hr' || taken) return nothing
  return {
    ...nothing, verdict: 'differs', onServer: { inbox: 314, unread: 1, known: 303, errorFolder: 2 },
    differences: [
      { kind: 'not-taken', isLoss: true, count: 2, title: '2 mails were read by another program before Mailroom came: no request was made.', remedy: 'Take them now: they are marked as unread and the next round fetches them. Keep other programs from opening this mailbox, or let fetching move mail instead of marking it.', messages: [differing('4711', 'Sick note', 95), differing('4712', 'Parental leave from March on', 41)] },
      { kind: 'not-in-error-folder', isLoss: true, count: 1, title: '1 mail in error is no longer in “Mailroom errors” on the server.', remedy: 'Somebody deleted or moved it there, or the folder was renamed. The stored copy is kept here and can be replayed from the error record.', messages: [differing(null, 'Contract.pdf', 60 * 26)] },
      { kind: 'not-recorded', isLoss: true, count: 1, title: '1 mail in “Mailroom errors” has no open error record.', remedy: 'Somebody put it there, or its record was deleted. Move everything in the folder back to the inbox to have it processed, or delete it there.', messages: [differing('9', 'Please look at this', 60 * 3)] },
      { kind: 'waiting', isLoss: false, count: 1, title: '1 mail is waiting for the next round.', remedy: 'Nothing needs to be done.', messages: [differing('4713', 'Training room on Friday', 1)] },
      { kind: 'not-taken', isLoss: false, count: 8, title: '8 mails were read before this mailbox was first fetched from.', remedy: 'Nothing is lost: mail that people had read before is left alone. It can be taken nevertheless.', messages: Array.from({ length: 8 }, (_none, index) => differing(String(100 + index), 'Old mail', 60 * 24 * 400)) }
    ]
  }
}

/** The ledger as the core plays it: hr differs until its mail is taken, sales cannot be reached. */
export const ledgerCalls = ({ wished, progress }: Needs): LedgerCalls => {
  let taken = false
  return {
    'ledger.list': ({ server, outcome, query, limit, before }) => {
      if (wished('empty')) return { rows: [], counts: [], total: 0, next: null }
      const rows: LedgerRow[] = []
      for (let id = (before ?? newest + 1) - 1; id > 0 && rows.length < limit; id--) {
        const row = rowOf(id)
        if ((server === null || row.server === server) && (outcome === null || row.outcome === outcome) && `${row.subject} ${row.from}`.toLowerCase().includes(query.toLowerCase())) rows.push(row)
      }
      const total = rows.length < limit ? rows.length : counts.filter((one) => outcome === null || one.outcome === outcome).reduce((sum, { count }) => sum + count, 0)
      return { rows, counts, total, next: rows.length === limit ? (rows.at(-1)?.id ?? null) : null }
    },
    'ledger.reconcile': async ({ name, workId }) => {
      await progress(workId, 12, 'messages')
      return found(name, taken)
    },
    'ledger.take-again': async ({ ids, workId }) => {
      await progress(workId, 4, 'messages')
      taken = true
      return { marked: ids.length }
    }
  }
}
