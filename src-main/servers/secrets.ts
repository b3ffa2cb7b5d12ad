import type { CallAnswer, ParsedInput } from '#contract/calls.ts'
import type { Caller, ConfigurationNeeds } from './configuration-needs.ts'
import { notFound } from './find-named.ts'
import { readConfiguration } from './present-configuration.ts'
import { accountOf, ownerOf, type SecretPurpose } from './server-secrets.ts'

/** Use cases on the secrets of servers. A secret goes in and is never given out. */
export const createSecrets = (needs: ConfigurationNeeds) => {
  const { database, tables, credentials } = needs

  /** Throws ProblemError `not-found` with the nearest name where there is no such server. */
  const set = async ({ server, purpose, secret }: ParsedInput<'secret.set'>, caller: Caller): Promise<void> => {
    const known = await serverNames()
    if (!known.all.includes(server)) throw notFound('incoming server', server, known.all)
    const account = accountOf(server, purpose)
    const was = await credentials.get(account)
    await credentials.set(account, secret)
    await record(server, purpose, was === null ? 'added' : 'changed', caller)
  }

  /** Names and purposes only, with the servers that use the secret. */
  const list = async (): Promise<CallAnswer<'secret.list'>> => {
    const known = await serverNames()
    const stored = (await credentials.accounts()).map(ownerOf).filter((owner) => owner !== null)
    const sorted = stored.sort((one, other) => (one.server < other.server || (one.server === other.server && one.purpose > other.purpose) ? -1 : 1))
    return sorted.map(({ server, purpose }) => ({ server, purpose, kind: kindOf(known.incoming.includes(server), known.outgoing.includes(server)) }))
  }

  /** Throws ProblemError `not-found` where nothing is stored under this name. */
  const remove = async ({ server, purpose }: ParsedInput<'secret.delete'>, caller: Caller): Promise<void> => {
    if (!(await credentials.delete(accountOf(server, purpose)))) throw notFound('secret', wordsOf(server, purpose), (await list()).filter((stored) => stored.purpose === purpose).map((stored) => wordsOf(stored.server, purpose)))
    await record(server, purpose, 'deleted', caller)
  }

  const serverNames = async () => {
    const present = await readConfiguration(tables, database)
    const incoming = present.incoming.map((row) => row.server.name)
    const outgoing = present.outgoing.map((row) => row.server.name)
    return { incoming, outgoing, all: [...incoming, ...outgoing] }
  }

  const record = async (name: string, purpose: SecretPurpose, action: 'added' | 'changed' | 'deleted', { who }: Caller): Promise<void> => {
    await database.transaction((transaction) =>
      tables.history.add(transaction, { at: needs.now().toISOString(), who, what: 'secret', name, action, changes: [{ field: purpose === 'sign-in' ? 'secret' : `secret for ${purpose}`, from: '', to: action }], reason: null })
    )
    needs.announce('servers-changed', { kind: 'incoming' })
    needs.announce('servers-changed', { kind: 'outgoing' })
  }
  return { set, list, delete: remove }
}

const wordsOf = (server: string, purpose: SecretPurpose): string => (purpose === 'sign-in' ? server : `${server} for ${purpose}`)

const kindOf = (incoming: boolean, outgoing: boolean): 'incoming' | 'outgoing' | 'both' | 'unused' =>
  incoming ? (outgoing ? 'both' : 'incoming') : outgoing ? 'outgoing' : 'unused'
