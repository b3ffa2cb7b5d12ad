import type { CallAnswer, ParsedInput } from '#contract/calls.ts'
import type { Caller, ConfigurationNeeds } from './configuration-needs.ts'
import { notFound } from './find-named.ts'
import { readConfiguration } from './present-configuration.ts'
import { accountOf, serverOf } from './server-secrets.ts'

/** Use cases on the secrets of servers. A secret goes in and is never given out. */
export const createSecrets = (needs: ConfigurationNeeds) => {
  const { database, tables, credentials } = needs

  /** Throws ProblemError `not-found` with the nearest name where there is no such server. */
  const set = async ({ server, secret }: ParsedInput<'secret.set'>, caller: Caller): Promise<void> => {
    const known = await serverNames()
    if (!known.all.includes(server)) throw notFound('incoming server', server, known.all)
    const was = await credentials.get(accountOf(server))
    await credentials.set(accountOf(server), secret)
    await record(server, was === null ? 'added' : 'changed', caller)
  }

  /** Names only, with the servers that use the secret. */
  const list = async (): Promise<CallAnswer<'secret.list'>> => {
    const known = await serverNames()
    const stored = (await credentials.accounts()).map(serverOf).filter((server) => server !== null)
    return stored.sort().map((server) => ({ server, kind: kindOf(known.incoming.includes(server), known.outgoing.includes(server)) }))
  }

  /** Throws ProblemError `not-found` where nothing is stored under this name. */
  const remove = async ({ server }: ParsedInput<'secret.delete'>, caller: Caller): Promise<void> => {
    if (!(await credentials.delete(accountOf(server)))) throw notFound('secret', server, (await list()).map((stored) => stored.server))
    await record(server, 'deleted', caller)
  }

  const serverNames = async () => {
    const present = await readConfiguration(tables, database)
    const incoming = present.incoming.map((row) => row.server.name)
    const outgoing = present.outgoing.map((row) => row.server.name)
    return { incoming, outgoing, all: [...incoming, ...outgoing] }
  }

  const record = async (name: string, action: 'added' | 'changed' | 'deleted', { who }: Caller): Promise<void> => {
    await database.transaction((transaction) =>
      tables.history.add(transaction, { at: needs.now().toISOString(), who, what: 'secret', name, action, changes: [{ field: 'secret', from: '', to: action }], reason: null })
    )
    needs.announce('servers-changed', { kind: 'incoming' })
    needs.announce('servers-changed', { kind: 'outgoing' })
  }
  return { set, list, delete: remove }
}

const kindOf = (incoming: boolean, outgoing: boolean): 'incoming' | 'outgoing' | 'both' | 'unused' =>
  incoming ? (outgoing ? 'both' : 'incoming') : outgoing ? 'outgoing' : 'unused'
