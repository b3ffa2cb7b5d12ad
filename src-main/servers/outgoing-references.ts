import type { IncomingServerDraft } from '#contract/incoming-server.ts'
import type { OutgoingServerDraft } from '#contract/outgoing-server.ts'
import { nearestName } from '#contract/nearest-name.ts'
import type { ServerIssue } from './server-readiness.ts'

type Outgoing = Pick<OutgoingServerDraft, 'name' | 'alternate'>
/** The servers beside an outgoing one, as far as it may name them; one of its own name stands for what it was. */
export type KnownServers = { incoming: readonly Pick<IncomingServerDraft, 'name' | 'protocol'>[]; outgoing: readonly Outgoing[] }

export const knownServersIn = ({ incoming, outgoing }: { incoming: readonly { server: IncomingServerDraft }[]; outgoing: readonly { server: OutgoingServerDraft }[] }): KnownServers => ({
  incoming: incoming.map(({ server }) => server), outgoing: outgoing.map(({ server }) => server)
})

/** Where an outgoing server names a server that is not there, is of the wrong kind, or leads back to it. */
export const outgoingReferenceIssues = (server: Outgoing & Pick<OutgoingServerDraft, 'popBeforeSmtp' | 'sentCopiesIn'>, known: KnownServers): ServerIssue[] => {
  const faults: [path: string, message: string | null][] = [['alternate.server', alternateFault(server, known.outgoing)], ['popBeforeSmtp', popBeforeFault(server.popBeforeSmtp, known)], ['sentCopiesIn', copiesFault(server.sentCopiesIn, known)]]
  return faults.flatMap(([path, message]) => (message === null ? [] : [{ path, message }]))
}

/** Outgoing servers that have `name` as their alternate. */
export const alternateFor = (outgoing: readonly { server: OutgoingServerDraft }[], name: string): string[] => outgoing.filter(({ server }) => alternateNameOf(server) === name).map(({ server }) => server.name)

/** The server that stands in for this one; null where it is a host, or where there is none. */
export const alternateNameOf = ({ alternate }: Pick<OutgoingServerDraft, 'alternate'>): string | null => (alternate !== null && 'server' in alternate ? alternate.server : null)

const alternateFault = (server: Outgoing, outgoing: readonly Outgoing[]): string | null => {
  const first = alternateNameOf(server)
  if (first === null || first === '') return null
  if (first === server.name) return 'A server cannot stand in for itself.'
  const others = outgoing.filter(({ name }) => name !== server.name)
  const fault = outgoingFault(first, namesOf(others))
  if (fault !== null) return fault
  const chain = [first]
  for (let next = after(others, first); next !== null && !chain.includes(next); next = after(others, next)) {
    if (next === server.name) return `The way would lead back to this server: ${[server.name, ...chain, server.name].map((name) => `\`${name}\``).join(' → ')}.`
    chain.push(next)
  }
  return null
}

const after = (outgoing: readonly Outgoing[], name: string): string | null => {
  const found = outgoing.find((other) => other.name === name)
  return found === undefined ? null : alternateNameOf(found)
}

const popBeforeFault = (name: string | undefined, { incoming }: KnownServers): string | null => (!name || incoming.some((other) => other.name === name) ? null : missing('incoming', name, namesOf(incoming)))

const copiesFault = (name: string | null, { incoming }: KnownServers): string | null => {
  if (name === null || name === '') return null
  const found = incoming.find((other) => other.name === name)
  if (found === undefined) return missing('incoming', name, namesOf(incoming.filter(({ protocol }) => protocol === 'imap')))
  return found.protocol === 'imap' ? null : `\`${name}\` is no IMAP server: only there can copies be looked for.`
}

const namesOf = (servers: readonly { name: string }[]): string[] => servers.map(({ name }) => name)

/** What is wrong with the name of an outgoing server; null where there is one. */
export const outgoingFault = (name: string, names: readonly string[]): string | null => (names.includes(name) ? null : missing('outgoing', name, names))

const missing = (kind: string, name: string, known: readonly string[]): string => {
  const nearest = nearestName(name, known)
  return `There is no ${kind} server \`${name}\`${nearest === null ? '.' : ` — did you mean \`${nearest}\`?`}`
}
