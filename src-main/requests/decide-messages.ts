import type { ExplainedStep } from '#contract/message.ts'
import type { Problem } from '#contract/problem.ts'
import type { Settings } from '#contract/settings.ts'
import type { SameMessage } from '../database/ledger-table.ts'
import type { Queryable } from '../database/database.ts'
import type { ParsedMessage } from '../processing/parsing/parsed-message.ts'
import type { ArrivedMessage, CommitNeeds, DecidedMessage, Origin } from './message-fate.ts'
import type { Conversations, Decision } from './decide.ts'
import { describeException } from './describe-exception.ts'

type Fate = Omit<DecidedMessage, 'arrived' | 'superseded'>

/**
 * Decides on messages in their order, with few queries for all of them; requests that earlier ones create are known to later ones.
 * Numbers of new requests follow the highest one that is there, so the queryable must be the transaction that adds them.
 */
export async function decideMessages(needs: Pick<CommitNeeds, 'tables' | 'decide' | 'reportUnexpected'>, queryable: Queryable, origin: Origin, settings: Settings, messages: readonly ArrivedMessage[]): Promise<DecidedMessage[]> {
  const known = await lookUp(needs, queryable, origin, messages.flatMap(({ taken }) => (taken === null ? [] : [taken.parsed])))
  return messages.map((arrived) => {
    const same = arrived.taken === null ? null : (known.same.get(arrived.taken.parsed.fingerprint) ?? null)
    const fate = fateOf(arrived, same)
    remember(known, arrived, fate)
    return { ...fate, arrived, superseded: same?.outcome === 'error' || same?.outcome === 'released' ? same.error : null }
  })

  function fateOf(arrived: ArrivedMessage, same: SameMessage | null): Fate {
    if (arrived.fault !== null) return failed(arrived.fault.problem, arrived.fault.exception)
    const before = same === null ? null : takenBefore(same)
    try {
      const decision = needs.decide({ parsed: arrived.taken.parsed, server: origin.server, settings, conversations: known, takenBefore: before })
      if (before !== null) return droppedAgain(decision, before, same?.request ?? null)
      return asFate(decision, decision.outcome === 'request' ? ++known.newest : decision.replyTo)
    } catch (thrown) {
      return failed(needs.reportUnexpected(thrown, 'deciding on a message'), describeException(thrown))
    }
  }
}

function asFate(decision: Decision, request: number | null): Fate {
  if (decision.outcome === 'error') return { ...failed(decision.problem ?? { code: 'message-unreadable', reason: decision.reason ?? '' }, ''), reason: decision.reason, steps: decision.steps }
  return { ...decision, request, problem: null, exception: '' }
}

const failed = (problem: Problem, exception: string): Fate =>
  ({ outcome: 'error', reason: problem.code, steps: [], request: null, stripped: [], leave: false, problem, exception })

/** How a message ended that was taken before under another id; null when it deserves a decision of its own. */
function takenBefore(same: SameMessage): string | null {
  if (same.request !== null) return `Already taken as request ${same.request}.`
  return same.outcome === 'command' ? 'This command was already carried out.' : null
}

/** Whatever a decision says, the same message never makes anything twice. */
function droppedAgain(decision: Decision, before: string, request: number | null): Fate {
  const isDropped = decision.outcome === 'dropped'
  const steps: ExplainedStep[] = isDropped ? decision.steps : [{ step: 'already-seen', outcome: 'dropped', detail: before }]
  return { outcome: 'dropped', reason: isDropped ? decision.reason : before, steps, request, stripped: [], leave: false, problem: null, exception: '' }
}

/** What is known of earlier mail that one message may belong to or be a copy of; for trying it out. */
export async function lookUpOne(tables: CommitNeeds['tables'], queryable: Queryable, serverId: number, parsed: ParsedMessage): Promise<{ conversations: Conversations; takenBefore: string | null }> {
  const known = await lookUp({ tables }, queryable, { serverId, sharedWith: [] }, [parsed])
  const same = known.same.get(parsed.fingerprint) ?? null
  return { conversations: known, takenBefore: same === null ? null : takenBefore(same) }
}

async function lookUp(needs: Pick<CommitNeeds, 'tables'>, queryable: Queryable, origin: Pick<Origin, 'serverId' | 'sharedWith'>, taken: readonly ParsedMessage[]) {
  const threads = await needs.tables.threads.requestsOf(queryable, [...new Set(taken.flatMap(idsItRefersTo))])
  const numbers = new Set([...taken.flatMap(numbersInSubject), ...threads.values()])
  const status = await needs.tables.requests.statusOf(queryable, [...numbers])
  const same = await needs.tables.ledger.sameMessages(queryable, origin.serverId, origin.sharedWith, taken.map(({ fingerprint }) => fingerprint))
  return {
    same,
    threads,
    numbers: new Set(status.keys()),
    newest: await needs.tables.requests.newest(queryable),
    requestOf(messageId: string): number | null {
      return threads.get(messageId) ?? null
    },
    exists(request: number): boolean {
      return this.numbers.has(request)
    }
  }
}
type Known = Awaited<ReturnType<typeof lookUp>>

function remember(known: Known, arrived: ArrivedMessage, fate: Fate): void {
  if (arrived.taken === null) return
  const { fingerprint, content } = arrived.taken.parsed
  if (fate.outcome === 'request' || fate.outcome === 'reply') {
    if (content.messageId !== null && fate.request !== null) known.threads.set(content.messageId, fate.request)
    if (fate.request !== null) known.numbers.add(fate.request)
    known.same.set(fingerprint, { outcome: fate.outcome, request: fate.request, error: null })
  }
}

const mostIds = 100
const idsItRefersTo = ({ content }: ParsedMessage): string[] =>
  [...(content.inReplyTo === null ? [] : [content.inReplyTo]), ...content.references.slice(-mostIds)]
const numbersInSubject = ({ content }: ParsedMessage): number[] => (content.subject.slice(0, 2000).match(/\d{1,9}/g) ?? []).slice(0, 50).map(Number)
