import { randomUUID } from 'node:crypto'
import type { CallAnswer, ParsedInput } from '#contract/calls.ts'
import { ProblemError } from '#contract/problem.ts'
import type { Settings } from '#contract/settings.ts'
import type { Intake } from '../intake/intake.ts'
import type { ParsedMessage } from '../processing/parsing/parsed-message.ts'
import type { ServerSources } from '../servers/server-sources.ts'
import type { CommitMessages, Origin } from './message-fate.ts'
import { createdBy, withStripped } from '../processing/process-message.ts'
import { intakeOrder } from './intake-order.ts'

export type TakeNeeds = {
  sources: Pick<ServerSources, 'incomingNamed'>
  settings: () => Promise<Settings>
  intake: Intake
  commit: CommitMessages
  parse: (raw: Buffer) => ParsedMessage
}

/**
 * Takes a message from a file as if it had come from the named server, or from none: stored, decided and committed like fetched mail.
 * The same message again is recognised. Throws ProblemError `not-found`, `server-is-draft`, `disk-full`.
 */
export function createTakeMessage(needs: TakeNeeds): (input: ParsedInput<'processing.take'>) => Promise<CallAnswer<'processing.take'>> {
  return async ({ base64, server }) => {
    const origin = await originOf(needs, server)
    const raw = Buffer.from(base64, 'base64')
    const { content } = needs.parse(raw)
    const size = raw.length
    const [taken] = await needs.intake.take([raw], intakeOrder(origin.server))
    if (taken === undefined) throw new Error('the intake answered for no message')
    const [committed] = await needs.commit(origin, await needs.settings(), [{ uid: randomUUID(), size, taken, fault: null }])
    if (committed === undefined) throw new Error('the commit answered for no message')
    const { outcome, reason, request, decided } = committed
    return { outcome, reason, request, steps: decided.steps, message: withStripped(content, decided.stripped), creates: createdBy(decided) }
  }
}

async function originOf({ sources }: TakeNeeds, name: string | null): Promise<Origin> {
  if (name === null) return { serverId: 0, sharedWith: [], server: null, isMailbox: false, identity: 'files', errorsAreMoved: false }
  const { id, ready, server, issues } = await sources.incomingNamed(name)
  if (ready === null) throw new ProblemError({ code: 'server-is-draft', server: server.name, issues })
  return { serverId: id, sharedWith: [], server: ready, isMailbox: false, identity: 'files', errorsAreMoved: false }
}
