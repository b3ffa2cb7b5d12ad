import { ProblemError, type Problem } from '#contract/problem.ts'
import { bareMessageId } from '../../model/bare-message-id.ts'
import { vanished } from './download-messages.ts'
import { deleteItems, findItem, markRead, moveItems, type EwsRequest, type FolderRef } from './ews-requests.ts'
import type { EwsSession } from './ews-session.ts'
import { at, textAt } from './xml-tree.ts'

/** Exchange ends a request of many after a minute; so many are done at once. */
const atOnce = 50

export const markItems = (session: EwsSession, ids: readonly string[], isRead: boolean): Promise<number> => inGroups(session, ids, (group) => markRead(group, isRead))
export const moveAll = (session: EwsSession, ids: readonly string[], to: FolderRef): Promise<number> => inGroups(session, ids, (group) => moveItems(group, to))
export const deleteAll = (session: EwsSession, ids: readonly string[]): Promise<number> => inGroups(session, ids, deleteItems)

/**
 * Moves messages out of a folder, unread; all of them where `messageIds` is null, else those with these Message-IDs and item ids. `missing`
 * counts the ones that no message has.
 */
export async function moveBack(session: EwsSession, from: FolderRef, to: FolderRef, messageIds: readonly string[] | null, itemIds: readonly string[]): Promise<{ moved: number; missing: number }> {
  const present: { id: string; messageId: string }[] = []
  for (let offset = 0, isLast = false; !isLast; ) {
    const { node } = await session.askOne(findItem({ folder: from, withMessageId: true, most: 500, offset }))
    const root = at(node, 'RootFolder')
    const items = at(root, 'Items')?.children ?? []
    for (const item of items) present.push({ id: at(item, 'ItemId')?.attributes.Id ?? '', messageId: bareMessageId(textAt(item, 'InternetMessageId')) })
    offset += items.length
    isLast = items.length === 0 || root?.attributes.IncludesLastItemInRange !== 'false'
  }
  const wanted = messageIds === null ? null : new Set(messageIds.map(bareMessageId))
  const chosen = wanted === null ? present : present.filter(({ id, messageId }) => wanted.has(messageId) || itemIds.includes(id))
  const ids = chosen.map(({ id }) => id)
  await markItems(session, ids, false)
  const found = new Set(chosen.flatMap(({ id, messageId }) => [id, messageId]))
  return { moved: await moveAll(session, ids, to), missing: wanted === null ? 0 : [...wanted, ...itemIds].filter((id) => !found.has(id)).length }
}

/** Every item is tried; what vanished is no failure. Throws the first problem that is one. Returns how many were changed. */
async function inGroups(session: EwsSession, ids: readonly string[], request: (ids: readonly string[]) => EwsRequest): Promise<number> {
  let done = 0
  let problem: Problem | null = null
  for (let start = 0; start < ids.length; start += atOnce) {
    const asked = request(ids.slice(start, start + atOnce))
    const { responses } = await session.ask(asked)
    for (const { ok, code, text } of responses) {
      if (ok) done++
      else if (!vanished.has(code)) problem ??= session.problemOf(code, text, asked.name)
    }
  }
  if (problem !== null) throw new ProblemError(problem)
  return done
}

/** A Message-ID without its angle brackets and folding. */
