import type { ListedMessage } from '../mail/incoming-transport.ts'
import { actOnServer } from './act-on-server.ts'
import type { Round } from './fetch-round.ts'
import { untilAborted } from './until-aborted.ts'

/** The messages of a mailbox that were never seen before, by whether they may be downloaded. */
export type Waiting = { wanted: ListedMessage[]; tooLarge: ListedMessage[] }

/**
 * Lists the mailbox and leaves out what the ledger knows. Where the last round was cut off between the commit and the server, it does
 * on the server what is still to be done.
 */
export async function sortWaiting(round: Round): Promise<Waiting> {
  const { needs, mailbox, watchdog, origin, ready } = round
  watchdog.progress('listing the mailbox')
  const listed = await untilAborted(mailbox.listWaiting(), watchdog.signal)
  watchdog.progress('looking up what is known')
  const known = await needs.tables.ledger.known(needs.database, { server: origin.serverId, identity: origin.identity }, listed.map(({ id }) => id))
  const unfinished = listed.filter(({ id }) => known.get(id)?.acknowledged === false).map(({ id }) => id)
  const isError = (id: string): boolean => known.get(id)?.outcome === 'error'
  await actOnServer(round, 'acknowledge', unfinished.filter((id) => !isError(id)))
  await actOnServer(round, 'move-to-error-folder', unfinished.filter(isError))
  const unseen = listed.filter(({ id }) => !known.has(id))
  const isTooLarge = ({ size }: ListedMessage): boolean => size > ready.server.maxMessageSize
  return { wanted: unseen.filter((message) => !isTooLarge(message)), tooLarge: unseen.filter(isTooLarge) }
}
