import type { ExplainedStep } from '#contract/message.ts'
import type { Problem } from '#contract/problem.ts'
import type { Partition, Settings } from '#contract/settings.ts'
import { utcMinute } from '#contract/utc-minute.ts'
import type { LedgerEntry, SameMessage } from '../database/ledger-table.ts'
import type { MailTables } from '../database/mail-tables.ts'
import type { Queryable } from '../database/database.ts'
import type { ParsedMessage } from '../processing/parsing/parsed-message.ts'
import { knownOf, remember, type Known, type KnowledgeNeeds } from './known-mail.ts'
import type { ArrivedMessage, CommitNeeds, DecidedMessage, Origin } from './message-fate.ts'
import type { Decision, DecisionInput, OutgoingMailFacts } from './decide.ts'
import { describeException } from './describe-exception.ts'

type Fate = Omit<DecidedMessage, 'arrived' | 'superseded'>
/** `place` names the partition of new requests, `at` is now (ISO 8601). */
type Deciding = { origin: Origin; settings: Settings; partition: Partition | null; place: string; at: string; outgoing: OutgoingMailFacts }

/**
 * Decides on messages in their order, with few queries for all of them; requests that earlier ones create are known to later ones.
 * Numbers of new requests follow the highest one that is there, so the queryable must be the transaction that adds them.
 */
export async function decideMessages(needs: KnowledgeNeeds & Pick<CommitNeeds, 'decide' | 'reportUnexpected'>, queryable: Queryable, { origin, settings, partition, place, at, outgoing }: Deciding, messages: readonly ArrivedMessage[]): Promise<DecidedMessage[]> {
  const known = await knownOf(needs, queryable, { ...origin, settings }, messages.flatMap(({ taken }) => (taken === null ? [] : [taken.parsed])))
  return messages.map((arrived) => {
    const same = arrived.taken === null ? null : (known.same.get(arrived.taken.parsed.fingerprint) ?? null)
    const fate = fateOf(arrived, same)
    if (arrived.taken !== null) remember(known, arrived.taken.parsed, fate, { place, at })
    return { ...fate, arrived, superseded: arrived.replays === undefined && (same?.outcome === 'error' || same?.outcome === 'released') ? same.error : null }
  })

  function fateOf(arrived: ArrivedMessage, same: SameMessage | null): Fate {
    if (arrived.fault !== null) return failed(arrived.fault.problem, arrived.fault.exception)
    const before = same === null ? null : takenBefore(same)
    try {
      const decision = needs.decide({ parsed: arrived.taken.parsed, server: origin.server, partition, settings, conversations: known, people: known, recent: known, outgoing, place, next: { number: known.newest + 1, at }, takenBefore: before })
      if (before !== null) return droppedAgain(decision, before, same?.request ?? null)
      return asFate(decision, decision.newRequest !== null ? ++known.newest : (decision.replyTo ?? decision.change?.request ?? null))
    } catch (thrown) {
      return failed(needs.reportUnexpected(thrown, 'deciding on a message'), describeException(thrown))
    }
  }
}

function asFate(decision: Decision, request: number | null): Fate {
  if (decision.outcome === 'error') return { ...failed(decision.problem ?? { code: 'message-unreadable', reason: decision.reason ?? '' }, ''), reason: decision.reason, steps: decision.steps, sender: decision.sender }
  return { ...decision, request, problem: null, exception: '' }
}

const makesNothing = { replyTo: null, stripped: [], leave: false, newRequest: null, change: null, people: [], answers: [], bounce: null, spamRule: null, loop: null, sender: null } as const satisfies Partial<Decision>

const failed = (problem: Problem, exception: string): Fate =>
  ({ ...makesNothing, outcome: 'error', reason: problem.code, steps: [], request: null, stripped: [], people: [], answers: [], problem, exception })

/** How a message ended that was taken before under another id; null when it deserves a decision of its own. */
function takenBefore(same: SameMessage): string | null {
  if (same.outcome === 'command') return 'This command was already carried out.'
  return same.request === null ? null : `Already taken as request ${same.request}.`
}

/** Whatever a decision says, the same message never makes anything twice. */
function droppedAgain(decision: Decision, before: string, request: number | null): Fate {
  const isDropped = decision.outcome === 'dropped'
  const steps: ExplainedStep[] = isDropped ? decision.steps : [{ step: 'already-seen', outcome: 'dropped', detail: before }]
  return { ...makesNothing, outcome: 'dropped', reason: isDropped ? decision.reason : before, steps, request, stripped: [], people: [], answers: [], problem: null, exception: '' }
}

/** What is known of earlier mail and of people, for trying one message out. */
export type LookedUp = Pick<DecisionInput, 'conversations' | 'people' | 'recent' | 'next' | 'takenBefore' | 'endedBefore'>

export async function lookUpOne(needs: KnowledgeNeeds, queryable: Queryable, serverId: number, settings: Settings, parsed: ParsedMessage): Promise<LookedUp> {
  const known: Known = await knownOf(needs, queryable, { serverId, sharedWith: [], settings }, [parsed])
  const same = known.same.get(parsed.fingerprint) ?? null
  const before = same === null ? null : takenBefore(same)
  return {
    conversations: known, people: known, recent: known, next: { number: known.newest + 1, at: new Date(needs.now()).toISOString() },
    takenBefore: before, endedBefore: before === null ? endedBefore(await needs.tables.ledger.lastFate(queryable, parsed.fingerprint)) : null
  }
}

const ends: Partial<Record<LedgerEntry['outcome'], string>> = { dropped: 'was dropped', error: 'went to the error folder', command: 'was carried out as a command' }

/** How the same message ended when it came, for a trial; null where it never came. */
function endedBefore(fate: Awaited<ReturnType<MailTables['ledger']['lastFate']>>): string | null {
  if (fate === null) return null
  const how = ends[fate.outcome] ?? (fate.request === null ? 'was taken' : `became part of request ${fate.request}`)
  return `This message came at ${utcMinute(fate.at)} and ${how}${fate.reason ? `: ${fate.reason}` : ''}${/[.!?]$/.test(fate.reason ?? '') ? '' : '.'}`
}
