import type { CallAnswer, ParsedInput } from '#contract/calls.ts'
import { ProblemError } from '#contract/problem.ts'
import { inMailbox } from '../fetching/in-mailbox.ts'
import type { LedgerNeeds, LedgerServer } from './ledger-needs.ts'

/**
 * The call `ledger.take-again`: marks messages as unread and lets the next round begin. What the ledger knows already is left as it is, and
 * so is what is gone. `marked` counts the messages that wait now. Throws ProblemError `server-is-draft` and those of the connection.
 */
export function createTakeAgain(needs: LedgerNeeds) {
  return async ({ name, ids, workId }: ParsedInput<'ledger.take-again'>): Promise<CallAnswer<'ledger.take-again'>> => {
    const { id, server, ready, issues } = await needs.sources.incomingNamed(name)
    if (ready === null) throw new ProblemError({ code: 'server-is-draft', server: server.name, issues })
    const signal = needs.works.start(workId)
    try {
      const marked = await needs.exclusively(id, () => mark(needs, { id, server: ready }, [...new Set(ids)], signal))
      needs.wake(id)
      return { marked }
    } finally {
      needs.works.end(workId)
    }
  }
}

async function mark(needs: LedgerNeeds, ready: LedgerServer, ids: readonly string[], signal: AbortSignal): Promise<number> {
  const sharers = await needs.sharersOf(ready)
  return inMailbox(needs, ready.server, signal, async (mailbox) => {
    const known = await needs.tables.ledger.known(needs.database, { server: ready.id, identity: mailbox.identity }, ids, sharers)
    const wanted = new Set(ids.filter((id) => !known.has(id)))
    if (wanted.size === 0) return 0
    await mailbox.markUnread([...wanted])
    return (await mailbox.listWaiting()).filter(({ id }) => wanted.has(id)).length
  })
}
