import type { ListedMessage } from '../mail/incoming-transport.ts'
import { actOnServer } from './act-on-server.ts'
import type { Round } from './round.ts'
import { untilAborted } from './until-aborted.ts'

/** The messages of a mailbox that were never seen before, by whether they may be downloaded. */
export type Waiting = { wanted: ListedMessage[]; tooLarge: ListedMessage[] }

/**
 * Lists the mailbox and leaves out what the ledger knows. Where an earlier round was cut off between the commit and the server, it does
 * on the server what is still to be done, also with messages that are not listed: some may be half deleted.
 */
export async function sortWaiting(round: Round): Promise<Waiting> {
  const { needs, mailbox, watchdog, origin, ready } = round
  watchdog.progress('listing the mailbox')
  const listed = await untilAborted(mailbox.listWaiting(), watchdog.signal)
  watchdog.progress('looking up what is known')
  const ledger = { server: origin.serverId, identity: origin.identity }
  const known = await needs.tables.ledger.known(needs.database, ledger, listed.map(({ id }) => id))
  const unfinished = await needs.tables.ledger.unfinished(needs.database, ledger)
  const uidsOf = (isError: boolean): string[] => unfinished.filter(({ outcome }) => (outcome === 'error') === isError).map(({ uid }) => uid)
  await actOnServer(round, 'acknowledge', uidsOf(false), true)
  await actOnServer(round, 'move-to-error-folder', uidsOf(true), true)
  const unseen = listed.filter(({ id }) => !known.has(id))
  const isTooLarge = ({ size }: ListedMessage): boolean => size > ready.server.maxMessageSize
  return { wanted: unseen.filter((message) => !isTooLarge(message)), tooLarge: unseen.filter(isTooLarge) }
}
