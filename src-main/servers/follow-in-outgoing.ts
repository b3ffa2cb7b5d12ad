import type { OutgoingServerDraft } from '#contract/outgoing-server.ts'
import type { Transaction } from '../database/database.ts'
import { outgoingForm } from './configuration-form.ts'
import type { ConfigurationNeeds } from './configuration-needs.ts'
import { alternateNameOf } from './outgoing-references.ts'
import type { PresentConfiguration } from './present-configuration.ts'
import { checkedReason, recordChange } from './record-change.ts'

type Renaming = { was: string | null; name: string; who: string; reason: string | null }
type Needs = Pick<ConfigurationNeeds, 'tables' | 'now'>

/** Servers whose alternate was renamed know it by its new name, each with an entry in the history. */
export const followInAlternates = async (needs: Needs, transaction: Transaction, present: PresentConfiguration, { was, name, who, reason }: Renaming): Promise<void> => {
  for (const { id, server } of was === null || was === name ? [] : present.outgoing)
    if (alternateNameOf(server) === was && server.name !== was && server.alternate !== null) await follow(needs, transaction, present, { id, server, next: { ...server, alternate: { returnToPrimary: server.alternate.returnToPrimary, afterFailures: server.alternate.afterFailures, server: name } }, who, reason })
}

/** Outgoing servers that are let in by an incoming one, or look for copies in it, know it by its new name. */
export const followIncoming = async (needs: Needs, transaction: Transaction, present: PresentConfiguration, { was, name, who, reason }: Renaming): Promise<void> => {
  for (const { id, server } of was === null || was === name ? [] : present.outgoing) {
    const next = { ...server, ...(server.popBeforeSmtp === was ? { popBeforeSmtp: name } : {}), ...(server.sentCopiesIn === was ? { sentCopiesIn: name } : {}) }
    if (next.popBeforeSmtp !== server.popBeforeSmtp || next.sentCopiesIn !== server.sentCopiesIn) await follow(needs, transaction, present, { id, server, next, who, reason })
  }
}

type Followed = { id: number; server: OutgoingServerDraft; next: OutgoingServerDraft; who: string; reason: string | null }

const follow = async ({ tables, now }: Needs, transaction: Transaction, { settings }: PresentConfiguration, { id, server, next, who, reason }: Followed): Promise<void> => {
  await tables.outgoing.update(transaction, id, next)
  await recordChange(tables.history, transaction, now(), { who, what: 'outgoing server', name: next.name, from: outgoingForm(server), to: outgoingForm(next), version: next, reason: checkedReason(settings, reason) })
}
