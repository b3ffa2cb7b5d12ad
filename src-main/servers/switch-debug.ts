import type { ParsedInput } from '#contract/calls.ts'
import type { Transaction } from '../database/database.ts'
import { incomingForm, outgoingForm } from './configuration-form.ts'
import type { Caller, ConfigurationNeeds } from './configuration-needs.ts'
import { serverNamed } from './find-named.ts'
import { readConfiguration, type PresentConfiguration } from './present-configuration.ts'
import { checkedReason, recordChange } from './record-change.ts'

/**
 * The call `transcript.debug`: switches the record of what is said with a server on or off while it goes on fetching or sending, with an entry of
 * the history. Throws ProblemError `not-found`, and `invalid-input` where a reason is wanted.
 */
export const createSwitchDebug = (needs: ConfigurationNeeds & { /** Lets the next round of an incoming server begin now, on a connection that is recorded. */ wake: (id: number) => void }) => {
  const { database, tables } = needs
  return async ({ kind, name, debug, reason }: ParsedInput<'transcript.debug'>, { who }: Caller): Promise<void> => {
    const changed = await database.transaction(async (transaction) => {
      const present = await readConfiguration(tables, transaction)
      const { id, was, from, to, version } = kind === 'incoming' ? await ofIncoming(transaction, present) : await ofOutgoing(transaction, present)
      if (was === debug) return null
      await recordChange(tables.history, transaction, needs.now(), { who, what: kind === 'incoming' ? 'incoming server' : 'outgoing server', name, from, to, version, reason: checkedReason(present.settings, reason) })
      return { id }
    })
    if (changed === null) return
    needs.announce('servers-changed', { kind })
    if (kind === 'incoming') needs.wake(changed.id)

    async function ofIncoming(transaction: Transaction, { incoming }: PresentConfiguration) {
      const { id, server } = serverNamed('incoming server', incoming, name)
      const next = { ...server, debug }
      await tables.incoming.update(transaction, id, next)
      return { id, was: server.debug, from: incomingForm(server), to: incomingForm(next), version: next }
    }
    async function ofOutgoing(transaction: Transaction, { outgoing }: PresentConfiguration) {
      const { id, server } = serverNamed('outgoing server', outgoing, name)
      const next = { ...server, debug }
      await tables.outgoing.update(transaction, id, next)
      return { id, was: server.debug, from: outgoingForm(server), to: outgoingForm(next), version: next }
    }
  }
}
