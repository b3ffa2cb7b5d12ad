import type { CallAnswer, ParsedInput } from '#contract/calls.ts'
import type { EventListener } from '../console.ts'
import type { Database } from '../database/database.ts'
import type { StoredError } from '../database/errors-table.ts'
import type { MailTables } from '../database/mail-tables.ts'
import type { Intake } from '../intake/intake.ts'
import { intakeOrder } from '../requests/intake-order.ts'
import type { CommitMessages } from '../requests/message-fate.ts'
import type { StoredMessages } from '../requests/stored-messages.ts'
import type { ServerSources } from '../servers/server-sources.ts'
import type { Works } from '../work/works.ts'
import { nativeMailName, nativeOrigin, nativeServerId } from './native-origin.ts'

type Requeue = (input: ParsedInput<'errors.requeue'>) => Promise<CallAnswer<'errors.requeue'>>

export type TakeAgainNeeds = {
  database: Database
  tables: Pick<MailTables, 'errors'>
  sources: Pick<ServerSources, 'settings' | 'partitions'>
  messages: Pick<StoredMessages, 'raw'>
  intake: Pick<Intake, 'take'>
  commit: CommitMessages
  works: Works
  newId: () => string
  announce: EventListener
}

/**
 * The call `errors.requeue`, for native mail too: there is no inbox that its messages could go back to, so what is stored of them is decided
 * on anew. One that fails again keeps a record, a new one. `missing` are records without a message. Other servers are left to `elsewhere`.
 */
export function createTakeAgain(needs: TakeAgainNeeds, elsewhere: Requeue): Requeue {
  return async (input) => {
    if (input.server !== nativeMailName) return elsewhere(input)
    const signal = needs.works.start(input.workId)
    try {
      return await takeAgain(needs, input, signal)
    } finally {
      needs.works.end(input.workId)
    }
  }
}

async function takeAgain(needs: TakeAgainNeeds, { ids, workId }: ParsedInput<'errors.requeue'>, signal: AbortSignal): Promise<CallAnswer<'errors.requeue'>> {
  const { database, tables, sources, announce } = needs
  const open = (await tables.errors.all(database, nativeServerId)).filter(({ where }) => where !== 'replayed')
  const chosen = ids === null ? open : open.filter(({ id }) => ids.includes(id))
  const settings = await sources.settings()
  const origin = nativeOrigin(settings.nativeMail, await sources.partitions())
  let moved = 0
  for (const [index, error] of chosen.entries()) {
    signal.throwIfAborted()
    announce('work-progressed', { workId, done: index, total: chosen.length, what: 'messages' })
    const raw = await rawOf(needs, error)
    if (raw === null) continue
    const size = raw.length
    const [taken] = await needs.intake.take([raw], intakeOrder(origin.server))
    if (taken === undefined) throw new Error('the intake answered for no message')
    await needs.commit(origin, settings, [{ uid: needs.newId(), size, taken, fault: null }])
    moved++
  }
  announce('work-progressed', { workId, done: chosen.length, total: chosen.length, what: 'messages' })
  announce('errors-changed', { server: nativeMailName, count: (await tables.errors.countOpen(database, nativeServerId)).open })
  return { moved, missing: chosen.length - moved }
}

const rawOf = async ({ messages }: TakeAgainNeeds, { content }: StoredError): Promise<Buffer | null> => (content === null ? null : messages.raw(content))
