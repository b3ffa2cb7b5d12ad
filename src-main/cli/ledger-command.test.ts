import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LedgerRow, Reconciliation } from '#contract/ledger.ts'
import { ProblemError } from '#contract/problem.ts'
import { run } from '../../testbed/command-line.ts'
import type { Handlers } from '../ipc/handlers-type.ts'

const row = (id: number, change: Partial<LedgerRow> = {}): LedgerRow => ({ id, server: 'it', uid: String(id), at: '2026-11-20T08:00:00.000Z', outcome: 'request', reason: null, request: id, error: null, subject: `Mail ${id}`, from: 'ann@example.com', isFinished: true, ...change })
const found = (server: string, change: Partial<Reconciliation> = {}): Reconciliation => ({
  server, at: '2026-11-20T08:00:00.000Z', verdict: 'nothing-lost', problem: null, onServer: { inbox: 3, unread: 1, known: 2, errorFolder: 0 }, inLedger: [{ outcome: 'request', count: 2 }],
  differences: [{ kind: 'waiting', isLoss: false, count: 1, title: '1 mail is waiting for the next round.', remedy: 'Nothing needs to be done.', messages: [{ id: '3', subject: 'Hello\u001b[2J', from: '', messageId: null, receivedAt: null, size: 1 }] }], ...change
})

test('ledger list asks page by page and prints what became of each mail', async () => {
  const asked: unknown[] = []
  const all = Array.from({ length: 1_200 }, (_none, index) => row(1_200 - index, index === 0 ? { outcome: 'dropped', request: null, reason: 'spam\u0007', isFinished: false } : index === 1 ? { outcome: 'error', request: null, error: 7 } : {}))
  const handlers: Partial<Handlers> = {
    'ledger.list': async ({ limit, before, ...filter }) => {
      asked.push({ limit, before, ...filter })
      const rows = all.filter(({ id }) => before === null || id < before).slice(0, limit)
      return { rows, counts: [], total: all.length, next: rows.length === limit ? (rows.at(-1)?.id ?? null) : null }
    }
  }
  const few = await run('ledger list it --outcome dropped --limit 3 --query laptop', { handlers })
  assert.deepEqual([few.status, asked], [0, [{ server: 'it', outcome: 'dropped', query: 'laptop', limit: 3, before: null }]])
  assert.match(few.out, /^ID +WHEN +SERVER +OUTCOME +SUBJECT +FROM +BECAME\n1200 .* dropped +Mail 1200 +ann@example\.com +spam  ?\(to be finished on the server\)\n1199 .* error .* error 7\n1198 .* request 1198\n$/)
  assert.match(few.said, /3 of 1200 are shown/)
  const many = await run('ledger list --limit 1100 --json', { handlers })
  assert.deepEqual((JSON.parse(many.out) as LedgerRow[]).map(({ id }) => id), all.slice(0, 1_100).map(({ id }) => id))
  assert.deepEqual(asked.slice(1).map((one) => (one as { limit: number }).limit), [500, 500, 100])
})

const verdicts: [line: string, answers: Record<string, Reconciliation>, status: number, out: RegExp][] = [
  ['ledger reconcile it', { it: found('it') }, 0, /^it: nothing lost\n {2}on the server: inbox 3, of them 2 in the ledger, 1 unread; error folder 0\n {2}in the ledger: request 2\n {2}· 1 mail is waiting for the next round\.\n {4}Nothing needs to be done\.\n {6}3 {2}– {2}unknown sender: Hello \[2J\n$/],
  ['ledger reconcile it', { it: found('it', { verdict: 'differs', differences: [{ kind: 'not-taken', isLoss: true, count: 300, title: '300 mails were read.', remedy: 'Take them.', messages: Array.from({ length: 200 }, () => ({ id: '1', subject: 's', from: 'f', messageId: null, receivedAt: null, size: 1 })) }] }) }, 1, /! 300 mails were read\.\n {4}Take them\.\n[^]*and 290 more; --json names up to 200\n$/],
  ['ledger reconcile --all', { it: found('it'), hr: found('hr', { verdict: 'not-reachable', problem: { code: 'connection-refused', title: 'hr refused the connection.' } }) }, 3, /^it: nothing lost\n[^]*hr: cannot be reached\. hr refused the connection\.\n$/]
]
for (const [line, answers, status, out] of verdicts)
  test(`${line} ends with ${status}`, async () => {
    const views = [...Object.keys(answers).map((name) => ({ server: { name }, issues: [] })), { server: { name: 'draft' }, issues: [{ path: 'host', message: 'missing' }] }]
    const handlers = { 'ledger.reconcile': async ({ name }: { name: string }) => answers[name] ?? Promise.reject(new ProblemError({ code: 'not-found', what: 'incoming server', name, nearest: null })), 'incoming.list': async () => views } as unknown as Partial<Handlers>
    const ended = await run(line, { handlers })
    assert.equal(ended.status, status, ended.said)
    assert.match(ended.out, out)
    const json = await run(`${line} --json`, { handlers })
    assert.deepEqual(json.out.trim().split('\n').map((one) => JSON.parse(one) as unknown), Object.values(answers))
  })

test('ledger take-again says how many wait now, and ends with 1 where some are left alone', async () => {
  const asked: unknown[] = []
  const handlers: Partial<Handlers> = { 'ledger.take-again': async ({ name, ids }) => (asked.push([name, ids]), { marked: 1 }) }
  const one = await run('ledger take-again it 4711', { handlers })
  assert.deepEqual([one.status, one.out], [0, 'it: 1 marked as unread for the next round\n'])
  const two = await run('ledger take-again it 4711 4712 --json', { handlers })
  assert.deepEqual([two.status, JSON.parse(two.out)], [1, { server: 'it', marked: 1, left: 1 }])
  assert.deepEqual(asked, [['it', ['4711']], ['it', ['4711', '4712']]])
})

for (const [line, said] of [
  ['ledger list --outcome lost', /name one of: request, reply, command, dropped, error, released/], ['ledger list --limit 0', /is no number of mails/], ['ledger list --limit many', /is no number of mails/],
  ['ledger reconcile', /needs NAME or --all/], ['ledger reconcile it --all', /needs NAME or --all/], ['ledger take-again it', /ID/], ['ledger', /needs one of: list/]
] as const)
  test(`refused: ${line}`, async () => {
    const ended = await run(line)
    assert.deepEqual([ended.status, ended.opened], [2, 0], ended.said)
    assert.match(ended.said, said)
  })
