import { randomUUID } from 'node:crypto'
import type { CallAnswer, ParsedInput } from '#contract/calls.ts'
import { ProblemError } from '#contract/problem.ts'
import { wordsOf } from '#contract/problem-words.ts'
import type { EventListener } from '../console.ts'
import type { Database } from '../database/database.ts'
import type { StoredError } from '../database/errors-table.ts'
import type { MailTables } from '../database/mail-tables.ts'
import type { Intake } from '../intake/intake.ts'
import type { ParsedMessage } from '../processing/parsing/parsed-message.ts'
import { createdBy, withStripped, type ProcessMessage } from '../processing/process-message.ts'
import { nativeOrigin, nativeServerId } from '../receiving/native-origin.ts'
import { intakeOrder } from '../requests/intake-order.ts'
import type { CommitMessages, Origin } from '../requests/message-fate.ts'
import type { StoredMessages } from '../requests/stored-messages.ts'
import { alreadyProcessed } from '../requests/write-errors.ts'
import type { ServerSources } from '../servers/server-sources.ts'
import { notFound } from './errors.ts'

export type ReplayNeeds = {
  database: Database
  tables: Pick<MailTables, 'errors'>
  sources: Pick<ServerSources, 'incoming' | 'settings' | 'partitions'>
  messages: Pick<StoredMessages, 'raw'>
  intake: Pick<Intake, 'take'>
  commit: CommitMessages
  /** Tries a message under the name of a server, of native mail, or of none. */
  tryMessage: ProcessMessage
  parse: (raw: Buffer) => ParsedMessage
  announce: EventListener
}
type Replay = (input: ParsedInput<'errors.replay'>) => Promise<CallAnswer<'errors.replay'>>

/**
 * The call `errors.replay`: a copy of a message that failed, as it is or edited, is decided on as if its server had sent it. Where the copy
 * fails too nothing changes, and the answer says why. The mail on the server stays; when it comes again it is recognised. Throws ProblemError
 * `not-found`, `nothing-to-replay`, `server-is-draft`.
 */
export function createReplay(needs: ReplayNeeds): Replay {
  return async ({ id, base64, tryOnly }) => {
    const error = await needs.tables.errors.get(needs.database, id)
    if (error === null) throw notFound(id)
    const stored = await storedMessage(needs, error)
    const raw = base64 === null ? stored : Buffer.from(base64, 'base64')
    const origin = await originOf(needs, error)
    if (tryOnly) return { ...(await needs.tryMessage(raw, origin.server?.name ?? null)), request: null }
    const answer = await take(needs, origin, raw, { error: id, isEdited: !raw.equals(stored) })
    if (answer.outcome !== 'error') needs.announce('errors-changed', { server: origin.server?.name ?? '', count: (await needs.tables.errors.countOpen(needs.database, error.serverId)).open })
    return answer
  }
}

async function storedMessage({ messages }: ReplayNeeds, { where, request, content }: StoredError): Promise<Buffer> {
  if (where === 'replayed') throw new ProblemError({ code: 'nothing-to-replay', reason: request === null ? 'a copy of it was processed already' : `a copy of it was processed already and belongs to request ${request}` })
  if (content === null) throw new ProblemError({ code: 'nothing-to-replay', reason: 'it was never downloaded, so there is no copy of it; raise the size limit of its server, then move it back to the inbox' })
  return messages.raw(content)
}

/** Where the message came from, as it is configured now; mail of a server that is gone comes from none. */
async function originOf({ sources }: ReplayNeeds, { serverId }: StoredError): Promise<Origin> {
  const copies = { sharedWith: [], isMailbox: false, identity: 'files', errorsAreMoved: false } as const
  if (serverId === nativeServerId) return { ...nativeOrigin((await sources.settings()).nativeMail, await sources.partitions()), identity: copies.identity }
  const server = (await sources.incoming()).find(({ id }) => id === serverId)
  if (server === undefined) return { ...copies, serverId, server: null }
  if (server.ready === null) throw new ProblemError({ code: 'server-is-draft', server: server.server.name, issues: server.issues })
  return { ...copies, serverId, server: server.ready }
}

async function take({ sources, intake, commit, parse }: ReplayNeeds, origin: Origin, raw: Buffer, replays: { error: number; isEdited: boolean }): Promise<CallAnswer<'errors.replay'>> {
  const { content } = parse(raw)
  const size = raw.length
  const [taken] = await intake.take([raw], intakeOrder(origin.server))
  if (taken === undefined) throw new Error('the intake answered for no message')
  const [committed] = await commit(origin, await sources.settings(), [{ uid: randomUUID(), size, taken, fault: null, replays }])
  if (committed === undefined) throw new ProblemError({ code: 'nothing-to-replay', reason: alreadyProcessed })
  const { outcome, reason, request, decided } = committed
  return { outcome, reason: decided.problem === null ? reason : wordsOf(decided.problem).title, request, steps: decided.steps, message: withStripped(content, decided.stripped), creates: createdBy(decided) }
}
