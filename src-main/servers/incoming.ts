import type { Advice } from '#contract/advice.ts'
import type { CallAnswer, ParsedInput } from '#contract/calls.ts'
import type { SampleMail } from '#contract/connection-test.ts'
import { newIncomingServer, type IncomingServer, type IncomingServerDraft, type IncomingServerView, type IncomingState } from '#contract/incoming-server.ts'
import type { SignInState } from '#contract/oauth.ts'
import { ProblemError, type CertificateSeen } from '#contract/problem.ts'
import type { IncomingProtocol } from '#contract/protocols.ts'
import type { IncomingTransport } from '../mail/incoming-transport.ts'
import { incomingForm } from './configuration-form.ts'
import type { Caller, WorkNeeds } from './configuration-needs.ts'
import { createConnectionFor } from './connection-secrets.ts'
import { storedIncoming } from './configured-servers.ts'
import { changedIncoming, createEditMany } from './edit-many.ts'
import { createServerEditing, nothingTyped, type AlsoSaved } from './edit-servers.ts'
import { notFound, serverNamed } from './find-named.ts'
import { followIncoming } from './follow-in-outgoing.ts'
import { followInRules } from './follow-in-rules.ts'
import { incomingTwin } from './graph-twin.ts'
import type { Restore } from './history-versions.ts'
import { defaultPartition, readConfiguration } from './present-configuration.ts'
import { referableIn } from './references.ts'
import type { ServerKind } from './server-kind.ts'
import { incomingReadiness } from './server-readiness.ts'
import { createServerTesting } from './test-servers.ts'
import { adviceForDraft, createSharedViews } from './view-of-server.ts'

export type IncomingNeeds = WorkNeeds & {
  /** Live health; from fetching. */
  stateOf: (id: number) => IncomingState
  /** Mails of this server in the error folder. */
  errorCountOf: (id: number) => number | Promise<number>
  transports: Readonly<Record<IncomingProtocol, IncomingTransport>>
  /** The certificate that the server shows now, trusted or not. Throws ProblemError. */
  certificateOf: (server: IncomingServerDraft, signal: AbortSignal, proxyPassword: string | null) => Promise<CertificateSeen>
}

/** Use cases on incoming servers, one for each call `incoming.…` that is about configuration. */
export const createIncoming = (needs: IncomingNeeds) => {
  const { database, tables } = needs
  const connectionFor = createConnectionFor(needs)
  const kind = incomingKind(needs)
  const editing = createServerEditing(needs, kind)
  const testing = createServerTesting(needs, kind)

  const list = async (): Promise<IncomingServerView[]> => {
    const present = await readConfiguration(tables, database)
    const shared = await createSharedViews(needs, present)
    return Promise.all(
      storedIncoming(present).map(async ({ id, server, ready, issues, lastTest }) => {
        const view = await shared({ kind: 'incoming', server }, ready)
        return { server, issues, ...view, state: sinceSignIn(needs.stateOf(id), view.signIn), errorCount: await needs.errorCountOf(id), lastTest }
      })
    )
  }

  const template = async ({ protocol }: ParsedInput<'incoming.template'>): Promise<IncomingServerDraft> =>
    newIncomingServer(protocol, defaultPartition((await readConfiguration(tables, database)).partitions).name)

  const advice = ({ server }: ParsedInput<'incoming.advice'>): Promise<Advice[]> => adviceForDraft(needs, { kind: 'incoming', server })

  /** Throws ProblemError `not-found`. */
  const graphTwin = async ({ name }: ParsedInput<'incoming.graph-twin'>): Promise<IncomingServerDraft> => {
    const { incoming, outgoing } = await readConfiguration(tables, database)
    return incomingTwin(serverNamed('incoming server', incoming, name).server, [...incoming, ...outgoing].map((row) => row.server.name))
  }

  /** Stores first and then tries the connection (not for a draft); a failing test does not undo the save. The server is started by hand. */
  const save = (input: ParsedInput<'incoming.save'>, caller: Caller): Promise<CallAnswer<'incoming.save'>> =>
    needs.works.during(input.workId, async (signal) => {
      const { id, ready, issues } = await editing.save({ ...input, server: { ...input.server, enabled: false } }, caller, renamed(input, caller))
      const verdict = input.draft || ready === null ? null : await testing.testSaved({ id, ready }, input.workId, signal)
      return { issues, verdict, savedAs: ready === null ? 'draft' : 'ready' }
    })

  /** Outgoing servers, and rules, that name this one know it by its new name. */
  const renamed = ({ was, server, reason }: Parameters<Restore<IncomingServerDraft>>[0], { who }: Caller): AlsoSaved => async (transaction, present) => {
    await followIncoming(needs, transaction, present, { was, name: server.name, who, reason })
    await followInRules(needs, transaction, present, { was, name: server.name, who, reason })
  }

  /** Makes a server what it was, stopped; as a draft where something that it needs is missing. Throws ProblemError as `save`. */
  const restore: Restore<IncomingServerDraft> = async (order, caller) => {
    const server = { ...order.server, enabled: false }
    await editing.save({ ...order, ...nothingTyped, server, draft: true, action: 'restored' }, caller, renamed(order, caller))
  }

  const remove = (input: ParsedInput<'incoming.delete'>, caller: Caller): Promise<void> => editing.delete(input, caller)

  /** The oldest message, left as it is. Throws ProblemError for whatever stands in the way. */
  const sample = ({ name, workId }: ParsedInput<'incoming.sample'>): Promise<SampleMail | null> =>
    needs.works.during(workId, async (signal) => {
      const { ready } = await testing.readyNamed(name)
      const mailbox = await needs.transports[ready.protocol].open(ready, { ...(await connectionFor('incoming', ready)), signal, transcript: null, cursor: null })
      try {
        return await mailbox.sample()
      } finally {
        await mailbox.close()
      }
    })

  const certificate = async ({ server }: ParsedInput<'incoming.certificate'>): Promise<CertificateSeen> => needs.certificateOf(server, AbortSignal.timeout(certificateLimitMs), await editing.proxyPasswordFor(server))

  /** Notes that a server is fetched from now on, or no more; whether that is new. Throws ProblemError `server-is-draft`, `not-found`. */
  const setEnabled = async (id: number, enabled: boolean, who: string): Promise<boolean> => {
    const changed = await database.transaction(async (transaction) => {
      const present = await readConfiguration(tables, transaction)
      const row = present.incoming.find((candidate) => candidate.id === id)
      if (row === undefined) throw notFound('incoming server', String(id), [])
      if (row.server.enabled === enabled) return false
      const { ready, issues } = incomingReadiness(row.server, referableIn(present))
      if (enabled && ready === null) throw new ProblemError({ code: 'server-is-draft', server: row.server.name, issues })
      await tables.incoming.update(transaction, id, { ...row.server, enabled })
      const action = enabled ? 'started' : 'stopped'
      await tables.history.add(transaction, { at: needs.now().toISOString(), who, what: 'incoming server', name: row.server.name, action, changes: [], reason: null, version: { ...row.server, enabled } })
      return true
    })
    if (changed) needs.announce('servers-changed', { kind: 'incoming' })
    return changed
  }

  return { list, template, graphTwin, advice, save, restore, editMany: createEditMany(needs, kind, changedIncoming), delete: remove, test: testing.test, sample, certificate, setEnabled }
}

/** What the last round missed is there since somebody signed in. */
const sinceSignIn = (state: IncomingState, signIn: SignInState | null): IncomingState =>
  state.problem?.code === 'sign-in-needed' && signIn?.state === 'signed-in' ? { ...state, problem: null } : state

/** A certificate is shown within this time or not at all. */
const certificateLimitMs = 20_000

const incomingKind = ({ tables, transports }: IncomingNeeds): ServerKind<IncomingServerDraft, IncomingServer> => ({
  what: 'incoming server',
  kind: 'incoming',
  table: tables.incoming,
  rows: (present) => present.incoming,
  others: (present) => present.outgoing.map((row) => row.server.name),
  withChanged: (present, servers) => ({ ...present, incoming: present.incoming.map((row) => ({ ...row, server: servers.find(({ name }) => name === row.server.name) ?? row.server })) }),
  form: incomingForm,
  readiness: (server, present) => incomingReadiness(server, referableIn(present)),
  refuseChange: (server) => {
    if (server.enabled) throw new ProblemError({ code: 'server-is-running', server: server.name })
  },
  refuseDelete: ({ name }, { outgoing }) => {
    const by = outgoing.filter((row) => row.server.popBeforeSmtp === name || row.server.sentCopiesIn === name).map((row) => row.server.name)
    if (by.length > 0) throw new ProblemError({ code: 'in-use', what: 'incoming server', name, by })
  },
  diagnose: async (server, connection, report) => (await transports[server.protocol].diagnose(server, connection, report)).sample
})
