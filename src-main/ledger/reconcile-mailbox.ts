import type { CallAnswer, ParsedInput } from '#contract/calls.ts'
import type { Reconciliation } from '#contract/ledger.ts'
import { ProblemError } from '#contract/problem.ts'
import { wordsOf } from '#contract/problem-words.ts'
import { incomingProtocols } from '#contract/protocols.ts'
import type { StoredError } from '../database/errors-table.ts'
import { inMailbox } from '../fetching/in-mailbox.ts'
import type { FolderMessage, OpenMailbox } from '../mail/incoming-transport.ts'
import { describeFinding, describeRenumbered, type WordsOn } from '../model/reconcile-words.ts'
import { reconcile, type BothSides, type RecordedError } from '../model/reconcile.ts'
import type { LedgerNeeds, LedgerServer } from './ledger-needs.ts'

/**
 * The call `ledger.reconcile`: takes the inventory of a mailbox while no round does, and holds it against the ledger. Nothing is changed on
 * either side. A server that cannot be reached is an answer too. Throws ProblemError `not-found`, `server-is-draft`, `cancelled`.
 */
export function createReconcile(needs: LedgerNeeds) {
  return async ({ name, workId }: ParsedInput<'ledger.reconcile'>): Promise<CallAnswer<'ledger.reconcile'>> => {
    const { id, server, ready, issues } = await needs.sources.incomingNamed(name)
    if (ready === null) throw new ProblemError({ code: 'server-is-draft', server: server.name, issues })
    const signal = needs.works.start(workId)
    const tell = (done: number): void => needs.announce('work-progressed', { workId, done, total: null, what: 'messages' })
    try {
      return await needs.exclusively(id, () => held(needs, { id, server: ready }, signal, tell))
    } finally {
      needs.works.end(workId)
    }
  }
}

type Inventory = { identity: string; inbox: FolderMessage[]; errorFolder: FolderMessage[] | null }

async function held(needs: LedgerNeeds, ready: LedgerServer, signal: AbortSignal, tell: (done: number) => void): Promise<Reconciliation> {
  try {
    const inventory = await inMailbox(needs, ready.server, signal, (mailbox) => inventoryOf(mailbox, tell))
    return await compared(needs, ready, inventory)
  } catch (thrown) {
    if (!(thrown instanceof ProblemError) || signal.aborted) throw thrown
    return notReachable(needs, ready, thrown)
  }
}

async function inventoryOf(mailbox: OpenMailbox, tell: (done: number) => void): Promise<Inventory> {
  const inbox = (await mailbox.inventory('inbox')) ?? []
  tell(inbox.length)
  const errorFolder = await mailbox.inventory('error-folder')
  tell(inbox.length + (errorFolder?.length ?? 0))
  return { identity: mailbox.identity, inbox, errorFolder }
}

async function compared(needs: LedgerNeeds, ready: LedgerServer, inventory: Inventory): Promise<Reconciliation> {
  const { database, tables } = needs
  const { id, server } = ready
  const mailbox = { server: id, identity: inventory.identity }
  const { findings, known } = reconcile(await bothSides(needs, ready, inventory))
  const on: WordsOn = { server: server.name, errorFolder: server.errorFolder.name, isFetched: server.enabled, afterFetch: server.afterFetch }
  const older = await tables.ledgerViews.countOfOtherIdentities(database, mailbox)
  const before = await tables.mailboxes.identityOf(database, id)
  const differences = findings.map((finding) => describeFinding(finding, on))
  if (older > 0) differences.push(describeRenumbered(older, on, before === null || before === inventory.identity))
  return {
    server: server.name, at: new Date(needs.now()).toISOString(), problem: null,
    verdict: differences.some(({ isLoss }) => isLoss) ? 'differs' : 'nothing-lost',
    onServer: { inbox: inventory.inbox.length, unread: inventory.inbox.filter(({ isRead }) => !isRead).length, known, errorFolder: inventory.errorFolder?.length ?? null },
    inLedger: await tables.ledgerViews.counts(database, { serverId: id, query: '' }),
    differences
  }
}

async function bothSides({ database, tables, sharersOf, addedAt }: LedgerNeeds, ready: LedgerServer, { identity, inbox, errorFolder }: Inventory): Promise<BothSides> {
  const { id, server } = ready
  const { has } = incomingProtocols[server.protocol]
  const sharers = await sharersOf(ready)
  const servers = [id, ...sharers]
  const mailbox = { server: id, identity }
  const known = await tables.ledger.known(database, mailbox, inbox.map((message) => message.id), sharers)
  const moved = inbox.filter((message) => message.isRead && message.messageId !== null && !known.has(message.id))
  const records = (await Promise.all(servers.map((one) => tables.errors.all(database, one)))).flat()
  return {
    inbox, errorFolder, known, hasFolders: has.folders, movesKeepIds: keepingIds.has(server.protocol), skipsRead: has.flags && server.afterFetch === 'mark-seen',
    knownMessageIds: await tables.ledgerViews.knownMessageIds(database, servers, moved.flatMap(({ messageId }) => messageId ?? [])),
    unfinished: await tables.ledger.unfinished(database, mailbox),
    records: records.filter(({ where }) => where === 'error-folder' || where === 'replayed').map((record) => recorded(record, id)),
    dangling: await tables.ledgerViews.dangling(database, id),
    since: earliest(await addedAt(server.name), await tables.ledgerViews.firstAt(database, id))
  }
}

/** Graph is asked for immutable ids; a Gmail message keeps its id whatever its labels are. https://learn.microsoft.com/graph/outlook-immutable-id */
const keepingIds: ReadonlySet<string> = new Set(['graph', 'gmail'])

const recorded = ({ id, serverId, uid, subject, from, messageId, size, failedAt, where }: StoredError, own: number): RecordedError =>
  ({ id, uid, subject, from, messageId, size, failedAt, isOpen: where === 'error-folder', isOwn: serverId === own })

const earliest = (one: string | null, other: string | null): string | null => (one === null || other === null ? (one ?? other) : one < other ? one : other)

async function notReachable({ database, tables, now }: LedgerNeeds, { id, server }: LedgerServer, { problem }: ProblemError): Promise<Reconciliation> {
  return {
    server: server.name, at: new Date(now()).toISOString(), verdict: 'not-reachable', problem: { code: problem.code, title: wordsOf(problem).title },
    onServer: { inbox: 0, unread: 0, known: 0, errorFolder: null }, inLedger: await tables.ledgerViews.counts(database, { serverId: id, query: '' }), differences: []
  }
}
