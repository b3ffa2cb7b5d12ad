import type { Advice } from '#contract/advice.ts'
import type { CallAnswer, ParsedInput } from '#contract/calls.ts'
import type { TestStep, TestStepName } from '#contract/connection-test.ts'
import { newOutgoingServer, type OutgoingServer, type OutgoingServerDraft, type OutgoingServerView } from '#contract/outgoing-server.ts'
import { ProblemError, type CertificateSeen } from '#contract/problem.ts'
import type { OutgoingProtocol } from '#contract/protocols.ts'
import type { Partition } from '#contract/settings.ts'
import type { DkimStep } from '../mail/dkim/dkim-step.ts'
import type { ConnectionNeeds } from '../mail/incoming-transport.ts'
import type { OutgoingTransport } from '../mail/outgoing-transport.ts'
import { atOtherHost } from '../model/at-other-host.ts'
import { outgoingForm } from './configuration-form.ts'
import { checkDkimKey, type FaultOfDkimKey } from './check-dkim-key.ts'
import type { Caller, WorkNeeds } from './configuration-needs.ts'
import { storedOutgoing } from './configured-servers.ts'
import { wantsSecret } from './connection-secrets.ts'
import { changedOutgoing, createEditMany } from './edit-many.ts'
import { createServerEditing, nothingTyped, type AlsoSaved } from './edit-servers.ts'
import { serverNamed } from './find-named.ts'
import { copyOfServer } from './copy-of-server.ts'
import { followInAlternates } from './follow-in-outgoing.ts'
import { followInRules, forgetInCategories } from './follow-in-rules.ts'
import { defaultPartition, readConfiguration, type PresentConfiguration } from './present-configuration.ts'
import { outgoingTwin } from './graph-twin.ts'
import type { Restore } from './history-versions.ts'
import type { ServerKind } from './server-kind.ts'
import { alternateFor, knownServersIn } from './outgoing-references.ts'
import { categoriesThrough } from './references.ts'
import { outgoingReadiness } from './server-readiness.ts'
import { accountOf, storedAccounts } from './server-secrets.ts'
import { storePartitions, withDefaultOutgoing } from './store-partitions.ts'
import { createServerTesting } from './test-servers.ts'
import { adviceForDraft, createSharedViews } from './view-of-server.ts'

export type OutgoingNeeds = WorkNeeds & {
  /** What takes the server's mail in its place, and since when (ISO 8601); null: it does so itself. From delivery. */
  standInOf: (name: string) => { since: string; through: string } | null
  /** Mails in the outbox for each server that has some, by its name. From delivery. */
  outboxCounts: () => Promise<ReadonlyMap<string, OutgoingServerView['outbox']>>
  /** Since when no mail of a server gets through, and why. From delivery. */
  troubleOf: (name: string) => OutgoingServerView['trouble']
  /** Until when (ISO 8601) the provider asked not to be spoken to; null: it may be. */
  delayedUntil: (server: OutgoingServer) => string | null
  /** Whether a From address was verified by a code. From the sender addresses. */
  isVerified?: (address: string) => Promise<boolean>
  transports: Readonly<Record<OutgoingProtocol, OutgoingTransport>>
  /** Whether DNS shows the public half of the key that mail is signed with. Never rejects. */
  dkimStep: DkimStep
  faultOfDkimKey: FaultOfDkimKey
  /** The certificate that the server shows now, trusted or not. Throws ProblemError. */
  certificateOf: (server: OutgoingServerDraft, signal: AbortSignal, proxyPassword: string | null) => Promise<CertificateSeen>
}

/** Use cases on outgoing servers, one for each call `outgoing.…` that is about configuration. */
export const createOutgoing = (needs: OutgoingNeeds) => {
  const { database, tables } = needs
  const kind = outgoingKind(needs)
  const editing = createServerEditing(needs, kind)
  const testing = createServerTesting(needs, kind)

  const list = async (): Promise<OutgoingServerView[]> => {
    const present = await readConfiguration(tables, database)
    const shared = await createSharedViews(needs, present)
    const inOutbox = await needs.outboxCounts()
    const accounts = await storedAccounts(needs.credentials)
    const verified = async (address: string): Promise<boolean | null> => (present.settings.sending.requireVerifiedSenders ? ((await needs.isVerified?.(address)) ?? false) : null)
    return Promise.all(
      storedOutgoing(present).map(async ({ server, ready, issues, lastTest }) => ({
        server, issues, ...(await shared({ kind: 'outgoing', server }, ready)), delayedUntil: ready === null ? null : needs.delayedUntil(ready), usedBy: senders(present, server.name),
        isDefault: defaultPartition(present.partitions).outgoing === server.name, onAlternateSince: needs.standInOf(server.name)?.since ?? null, throughAlternate: needs.standInOf(server.name)?.through ?? null,
        outbox: inOutbox.get(server.name) ?? { waiting: 0, stuck: 0 }, trouble: inOutbox.has(server.name) ? needs.troubleOf(server.name) : null, senderVerified: await verified(server.replyTo), hasDkimKey: accounts.has(accountOf(server.name, 'dkim')), lastTest
      }))
    )
  }

  /** Throws ProblemError `not-found`. */
  const template = async ({ protocol, copyOf }: ParsedInput<'outgoing.template'>): Promise<OutgoingServerDraft> => {
    if (copyOf === null) return newOutgoingServer(protocol)
    return copyOfServer(serverNamed('outgoing server', (await readConfiguration(tables, database)).outgoing, copyOf).server)
  }

  const advice = ({ server }: ParsedInput<'outgoing.advice'>): Promise<Advice[]> => adviceForDraft(needs, { kind: 'outgoing', server })

  /** Throws ProblemError `not-found`. */
  const graphTwin = async ({ name }: ParsedInput<'outgoing.graph-twin'>): Promise<OutgoingServerDraft> => {
    const { incoming, outgoing } = await readConfiguration(tables, database)
    return outgoingTwin(serverNamed('outgoing server', outgoing, name).server, [...incoming, ...outgoing].map((row) => row.server.name))
  }

  /** Stores first and then tries the connection (not for a draft). The first outgoing server becomes the default by itself. */
  const save = (input: ParsedInput<'outgoing.save'>, caller: Caller): Promise<CallAnswer<'outgoing.save'>> =>
    needs.works.during(input.workId, async (signal) => {
      await checkDkimKey(needs, input)
      const { id, ready, issues } = await editing.save(input, caller, followInPartitions(input, caller))
      const verdict = input.draft || ready === null ? null : await testing.testSaved({ id, ready }, input.workId, signal)
      return { issues, verdict, savedAs: ready === null ? 'draft' : 'ready' }
    })

  /** Makes a server what it was; as a draft where something that it needs is missing. Throws ProblemError as `save`. */
  const restore: Restore<OutgoingServerDraft> = async (order, caller) => {
    await editing.save({ ...order, ...nothingTyped, draft: true, action: 'restored' }, caller, followInPartitions({ ...order, makeDefault: false }, caller))
  }

  /** Partitions follow a renamed server, and the default partition a new default. */
  const followInPartitions = ({ was, server, makeDefault, reason }: Pick<ParsedInput<'outgoing.save'>, 'was' | 'server' | 'makeDefault' | 'reason'>, { who }: Caller): AlsoSaved => async (transaction, present) => {
    const renamed = present.partitions.map((partition) => (was !== null && partition.outgoing === was ? { ...partition, outgoing: server.name } : partition))
    const next = makeDefault || defaultPartition(renamed).outgoing === null ? withDefaultOutgoing(renamed, server.name) : renamed
    if (differ(present.partitions, next)) await storePartitions(needs, transaction, present, { next, who, reason })
    await followInAlternates(needs, transaction, present, { was, name: server.name, who, reason })
    await followInRules(needs, transaction, present, { was, name: server.name, who, reason })
  }

  /** The last outgoing server goes with what refers to it; any other only when nothing names it. */
  const remove = ({ name, reason }: ParsedInput<'outgoing.delete'>, caller: Caller): Promise<void> =>
    editing.delete({ name, reason }, caller, async (transaction, present) => {
      const next = present.partitions.map((partition) => (partition.outgoing === name ? { ...partition, outgoing: null } : partition))
      if (differ(present.partitions, next)) await storePartitions(needs, transaction, present, { next, who: caller.who, reason })
      await forgetInCategories(needs, transaction, present, { name, who: caller.who, reason })
    })

  const clearTest = async ({ name }: ParsedInput<'outgoing.clear-test'>): Promise<void> => {
    await database.transaction(async (transaction) => {
      const { id } = serverNamed('outgoing server', await tables.outgoing.all(transaction), name)
      await tables.outgoing.keepTest(transaction, id, null)
    })
    needs.announce('servers-changed', { kind: 'outgoing' })
  }

  const makeDefault = async ({ name }: ParsedInput<'outgoing.make-default'>, { who }: Caller): Promise<void> => {
    await database.transaction(async (transaction) => {
      const present = await readConfiguration(tables, transaction)
      serverNamed('outgoing server', present.outgoing, name)
      await storePartitions(needs, transaction, present, { next: withDefaultOutgoing(present.partitions, name), who, reason: null })
    })
    needs.announce('servers-changed', { kind: 'outgoing' })
  }

  const certificate = async ({ server }: ParsedInput<'outgoing.certificate'>): Promise<CertificateSeen> => needs.certificateOf(server, AbortSignal.timeout(certificateLimitMs), await editing.proxyPasswordFor(server))

  return { list, template, graphTwin, advice, save, restore, editMany: createEditMany(needs, kind, changedOutgoing), delete: remove, test: testing.test, clearTest, makeDefault, certificate }
}

/** A certificate is shown within this time or not at all. */
const certificateLimitMs = 20_000

/** Names of the partitions that send through a server: their own, or the default partition's where they have none. */
const senders = ({ partitions }: PresentConfiguration, name: string): string[] =>
  partitions.filter((partition) => (partition.outgoing ?? defaultPartition(partitions).outgoing) === name).map((partition) => partition.name)

const differ = (before: readonly Partition[], after: readonly Partition[]): boolean => JSON.stringify(before) !== JSON.stringify(after)

const outgoingKind = ({ tables, transports, dkimStep }: OutgoingNeeds): ServerKind<OutgoingServerDraft, OutgoingServer> => ({
  what: 'outgoing server',
  kind: 'outgoing',
  table: tables.outgoing,
  rows: (present) => present.outgoing,
  others: (present) => present.incoming.map((row) => row.server.name),
  withChanged: (present, servers) => ({ ...present, outgoing: present.outgoing.map((row) => ({ ...row, server: servers.find(({ name }) => name === row.server.name) ?? row.server })) }),
  form: outgoingForm,
  readiness: (server, present) => outgoingReadiness(server, knownServersIn(present)),
  refuseChange: () => undefined,
  refuseDelete: ({ name }, { partitions, outgoing, settings }) => {
    const by = [...partitions.filter((partition) => partition.outgoing === name).map((partition) => partition.name), ...alternateFor(outgoing, name), ...categoriesThrough(settings, name)]
    if (by.length > 0 && outgoing.length > 1) throw new ProblemError({ code: 'in-use', what: 'outgoing server', name, by })
  },
  diagnose: async (server, connection, report, dkimKey) => {
    const failed: TestStepName[] = []
    const transport = transports[server.protocol]
    await transport.diagnose(server, connection, (step) => { if (step.outcome === 'failed') failed.push(step.step); report(step) })
    if (server.dkim !== null && failed.length === 0 && !connection.signal.aborted) report(await dkimStep({ ...server, dkim: server.dkim }, dkimKey))
    if (!connection.signal.aborted && maySignIn(server, connection) && !failed.some((step) => signInSteps.includes(step))) await diagnoseOtherHost(transport, server, connection, report)
    return null
  }
})

/** Where these fail the second host is not tried: the same sign-in would fare no better there, and several that fail may lock the account. */
const signInSteps: readonly TestStepName[] = ['pop-sign-in', 'token', 'sign-in']
const maySignIn = ({ auth }: OutgoingServer, { credentials }: ConnectionNeeds): boolean => credentials !== null || !wantsSecret(auth)

const diagnoseOtherHost = async (transport: OutgoingTransport, server: OutgoingServer, connection: ConnectionNeeds, report: (step: TestStep) => void): Promise<void> => {
  const { alternate } = server
  if (alternate === null || !('host' in alternate)) return
  const place = `${alternate.host}:${alternate.port}`
  connection.transcript?.(`-- Test of the alternate ${place}`)
  await transport.diagnose(atOtherHost(server, alternate), connection, (step) => report({ ...step, alternate: place }))
}
