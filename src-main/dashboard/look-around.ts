import type { Advice } from '#contract/advice.ts'
import type { CallAnswer, CallInput, ConsoleState } from '#contract/calls.ts'
import type { IncomingServerView } from '#contract/incoming-server.ts'
import type { OutgoingServerView } from '#contract/outgoing-server.ts'
import type { ConsoleStatus } from '#contract/status.ts'

export type LookAroundNeeds = {
  state: () => Promise<Pick<ConsoleState, 'version' | 'dataFolder' | 'credentials'>>
  incoming: () => Promise<IncomingServerView[]>
  outgoing: () => Promise<OutgoingServerView[]>
  requests: () => Promise<Pick<CallAnswer<'requests.list'>, 'total'>>
  errors: () => Promise<Pick<CallAnswer<'errors.list'>, 'open'>>
  notices: () => Promise<Pick<CallAnswer<'notices.list'>, 'unread'>>
  outbox: () => Promise<CallAnswer<'outbox.list'>['counts']>
  handOver: (input: CallInput<'hand-over.list'>) => Promise<Pick<CallAnswer<'hand-over.list'>, 'waiting' | 'refused'>>
}

/** The call `status.get`. */
export const createLookAround = (needs: LookAroundNeeds) => async (): Promise<ConsoleStatus> => {
  const [{ version, dataFolder, credentials }, incoming, outgoing] = [await needs.state(), await needs.incoming(), await needs.outgoing()]
  const { waiting, refused } = await needs.handOver({ limit: 1 })
  const mail = await needs.outbox()
  return {
    version, dataFolder, credentials,
    queues: { requests: (await needs.requests()).total, errors: (await needs.errors()).open, notices: (await needs.notices()).unread, outbox: mail.waiting + mail.sending + mail.held + mail.uncertain, handOver: { waiting, refused } },
    listening: incoming.filter(({ state }) => state.fetching === 'listening').length,
    incoming: incoming.map(incomingStatus),
    outgoing: outgoing.map(outgoingStatus)
  }
}

const incomingStatus = ({ server, issues, state: now, errorCount, hasSecret, signIn, advice }: IncomingServerView): ConsoleStatus['incoming'][number] => ({
  name: server.name, enabled: server.enabled, draft: issues.length > 0, hasSecret, fetching: now.fetching, lastFetch: now.lastRound?.startedAt ?? null, lastSuccess: now.lastSuccessAt, nextFetch: now.nextRoundAt,
  signIn: signIn?.state ?? null, delayedUntil: now.delayedUntil, advice: advice.map(short), failuresInARow: now.failuresInARow, failingSince: now.failingSince, stuckSince: now.stuckSince, errors: errorCount, problem: now.problem
})

const outgoingStatus = ({ server, issues, isDefault, onAlternateSince, throughAlternate, outbox, lastTest, hasSecret, signIn, advice, delayedUntil }: OutgoingServerView): ConsoleStatus['outgoing'][number] => ({
  name: server.name, default: isDefault, draft: issues.length > 0, blocked: server.block, hasSecret, signIn: signIn?.state ?? null, delayedUntil, advice: advice.map(short), onAlternateSince, throughAlternate, outbox,
  lastTest: lastTest === null ? null : { verdict: lastTest.verdict, at: lastTest.at, code: lastTest.problem?.code ?? null }
})

const short = ({ code, severity, date, title, source }: Advice) => ({ code, severity, date, title, source })
