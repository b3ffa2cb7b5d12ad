import { randomUUID } from 'node:crypto'
import { GraphError } from './graph-error.ts'
import type { GraphMailbox } from './graph-mailbox.ts'
import { idOf, messageQuery, shown, type MessageQuery } from './graph-queries.ts'

type Item = { key: string; is: 'whole' | 'updated' | 'removed' }
/** A round under way, or the place where one ended. `upTo` is the change that the round began at. */
type Round = { folderId: string; query: MessageQuery; items: Item[]; upTo: number; kind: '$skiptoken' | '$deltatoken' }

export type GraphDelta = {
  answer(box: GraphMailbox, folderId: string, url: URL, prefer: string): unknown
  /** Every token so far is forgotten. */
  forget(): void
}

/**
 * https://learn.microsoft.com/graph/api/message-delta and /graph/delta-query-messages: a round of pages that ends with a deltaLink; the query options are in the
 * token from then on; the order is not guaranteed (newest first here); of an updated message only what changed is told; a message that left the folder is @removed.
 */
export function createGraphDelta(): GraphDelta {
  let rounds = new Map<string, Round>()
  const keep = (url: URL, round: Round): string => {
    const token = randomUUID()
    rounds.set(token, round)
    return `${url.origin}${url.pathname}?${round.kind}=${token}`
  }
  const roundOf = (box: GraphMailbox, folderId: string, url: URL, prefer: string): Round => {
    const asked = (['$skiptoken', '$deltatoken'] as const).find((name) => url.searchParams.has(name))
    if (asked === undefined) {
      const query = messageQuery(url.searchParams, prefer, ['$top', 'changeType'])
      const items = [...box.messages.values()].filter((message) => message.folderId === folderId).toReversed().map(({ key }) => ({ key, is: 'whole' as const }))
      return { folderId, query, items, upTo: box.now(), kind: '$skiptoken' }
    }
    if ([...url.searchParams.keys()].length > 1) throw new GraphError(400, 'ErrorInvalidUrlQuery', 'The following parameters are not supported with change tracking over the messages resource.')
    const round = rounds.get(url.searchParams.get(asked) ?? '')
    // https://learn.microsoft.com/graph/delta-query-overview#synchronization-reset; the code as in microsoft-graph-docs-contrib issues/7897.
    if (round === undefined || round.folderId !== folderId) throw new GraphError(410, 'SyncStateNotFound', 'The sync state generation is not found; generation=149;[highest=157][157][155][156].')
    return round.kind === '$skiptoken' ? round : { ...round, items: changedSince(box, round), upTo: box.now(), kind: '$skiptoken' }
  }
  return {
    answer(box, folderId, url, prefer) {
      const { items, ...round } = roundOf(box, folderId, url, prefer)
      const query = { ...round.query, immutable: /IdType="ImmutableId"/.test(prefer) }
      const most = Math.min(Number(/odata\.maxpagesize=(\d+)/.exec(prefer)?.[1] ?? 10), 1000)
      const value = items.slice(0, most).map(({ key, is }) => {
        const message = box.messages.get(key)
        const gone = message === undefined || message.folderId !== folderId || is === 'removed'
        if (gone) return { '@removed': { reason: 'deleted' }, id: message === undefined ? idOf({ key, moves: 0 } as never, query.immutable) : idOf(message, query.immutable) }
        return is === 'updated' ? shown(message, query, ['isRead']) : shown(message, query)
      })
      const rest = items.slice(most)
      const link = rest.length > 0 ? { '@odata.nextLink': keep(url, { ...round, items: rest }) } : { '@odata.deltaLink': keep(url, { ...round, items: [], kind: '$deltatoken' }) }
      return { '@odata.context': `${url.origin}/v1.0/$metadata#Collection(message)`, ...link, value }
    },
    forget() {
      rounds = new Map()
    }
  }
}

/** What happened to each message since then, told once. */
function changedSince(box: GraphMailbox, { folderId, upTo }: Round): Item[] {
  const items = new Map<string, Item['is']>()
  for (const { key, kind } of box.changes.slice(upTo).filter((change) => change.folderId === folderId)) items.set(key, kind === 'updated' ? (items.get(key) ?? 'updated') : kind === 'created' ? 'whole' : 'removed')
  return [...items].map(([key, is]) => ({ key, is })).toReversed()
}
