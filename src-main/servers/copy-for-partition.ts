import type { OutgoingServerDraft } from '#contract/outgoing-server.ts'
import { ProblemError } from '#contract/problem.ts'
import type { CredentialStore } from '../credentials/credential-store.ts'
import type { Transaction } from '../database/database.ts'
import { outgoingForm } from './configuration-form.ts'
import type { ConfigurationNeeds } from './configuration-needs.ts'
import { copyOfServer } from './copy-of-server.ts'
import { sameName, serverNamed } from './find-named.ts'
import { defaultPartition, type PresentConfiguration } from './present-configuration.ts'
import { checkedReason, recordChange } from './record-change.ts'
import { accountOf, purposesOf } from './server-secrets.ts'

/** A partition's own server that begins as the default's; `of` is the name of that one. */
export type CopiedServer = { of: string; server: OutgoingServerDraft }

/** Named as the partition where that name is free. Throws ProblemError `invalid-input` at `partition.outgoing` where there is nothing to copy. */
export const copyForPartition = (present: PresentConfiguration, partition: string): CopiedServer => {
  const of = defaultPartition(present.partitions).outgoing
  if (of === null) throw new ProblemError({ code: 'invalid-input', issues: [{ path: 'partition.outgoing', message: 'The default partition has no outgoing server that could be copied. Add one first.' }] })
  const taken = [...present.incoming, ...present.outgoing].map(({ server }) => server.name)
  return { of, server: { ...copyOfServer(serverNamed('outgoing server', present.outgoing, of).server), name: freeName(partition, taken) } }
}

/** Secrets of the copy by account: those of the server that it is a copy of. What a person signed in to has to be signed in to again. */
export const secretsOfCopy = async (credentials: Pick<CredentialStore, 'get'>, { of, server }: CopiedServer): Promise<Map<string, string>> => {
  const found = await Promise.all(purposesOf('outgoing').map(async (purpose): Promise<[string, string | null]> => [accountOf(server.name, purpose), await credentials.get(accountOf(of, purpose))]))
  return new Map(found.flatMap(([account, secret]) => (secret === null ? [] : [[account, secret] as const])))
}

export const storeCopy = async ({ tables, now }: Pick<ConfigurationNeeds, 'tables' | 'now'>, transaction: Transaction, { settings }: PresentConfiguration, { server }: CopiedServer, { who, reason }: { who: string; reason: string | null }): Promise<void> => {
  await tables.outgoing.insert(transaction, server)
  await recordChange(tables.history, transaction, now(), { who, what: 'outgoing server', name: server.name, from: null, to: outgoingForm(server), version: server, secretChanged: true, reason: checkedReason(settings, reason) })
}

/** A server shares its secrets with one of the other kind that has its name: the copy shares with nobody. */
const freeName = (wanted: string, taken: readonly string[]): string => {
  const numbered = (count: number): string => (count === 1 ? wanted : `${wanted.slice(0, 60).trimEnd()} ${count}`)
  let count = 1
  while (taken.some((other) => sameName(other, numbered(count)))) count++
  return numbered(count)
}
