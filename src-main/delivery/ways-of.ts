import type { OutgoingServer } from '#contract/outgoing-server.ts'
import { atOtherHost } from '../model/at-other-host.ts'
import type { StoredOutgoingServer } from '../servers/server-sources.ts'

/**
 * The ways of a server's mail in their order, itself first. The other host of an alternate is signed in to as the server is, and there its ways end; a server that is
 * named may have an alternate of its own. A way ends before a server that is not there, blocked, unfinished, or that was there before.
 */
export const waysOf = (server: OutgoingServer, stored: readonly StoredOutgoingServer[]): OutgoingServer[] => {
  const ways = [server]
  const seen = new Set([server.name])
  for (let last = server; last.alternate !== null; ) {
    if ('host' in last.alternate) return [...ways, atOtherHost(last, last.alternate)]
    const { server: name } = last.alternate
    const next = stored.find((one) => one.server.name === name)?.ready ?? null
    if (next === null || next.block || seen.has(name)) break
    seen.add(name)
    last = standingInFor(server, next)
    ways.push(last)
  }
  return ways
}

/** It sends under its own name, as it may under no other; but whom mail may go to at all, and how a request is marked, is said by the server that it stands in for. */
const standingInFor = (server: OutgoingServer, other: OutgoingServer): OutgoingServer =>
  ({ ...other, overrideTo: server.overrideTo ?? other.overrideTo, conversationId: server.conversationId })
