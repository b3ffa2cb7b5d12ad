import type { HandOverTarget } from '#contract/hand-over.ts'
import { ProblemError } from '#contract/problem.ts'
import { wordsOf } from '#contract/problem-words.ts'
import type { StoredEntry } from '../database/entries-table.ts'
import type { StoredHandOver } from '../database/hand-over-table.ts'
import type { ToldAttachment, ToldEvent, ToldMessage } from '../help-desk/help-desk.ts'
import type { ParsedMessage } from '../processing/parsing/parsed-message.ts'
import { withStripped } from '../processing/process-message.ts'
import { inlineImages } from '../requests/inline-images.ts'
import { readEntry, textRemoved } from '../requests/removed-parts.ts'
import type { HandOverNeeds } from './hand-over-needs.ts'

const mostBytes = 20_000_000

/** All that a target is told of an event, as it is now. Throws ProblemError `not-found` where the request is no more. */
export async function tellEvent(needs: HandOverNeeds, target: HandOverTarget, stored: StoredHandOver, repeated: boolean): Promise<ToldEvent> {
  const { database, tables } = needs
  const request = await tables.requests.get(database, stored.request)
  if (request === null) throw new ProblemError({ code: 'not-found', what: 'request', name: String(stored.request), nearest: null })
  const change = stored.event === 'request-changed' ? ((await tables.requestChanges.ofRequest(database, stored.request)).find(({ id }) => id === stored.subjectId) ?? null) : null
  const entryId = stored.event === 'request-changed' ? (change?.entry ?? null) : stored.subjectId
  const entry = entryId === null ? null : await tables.entries.get(database, entryId)
  const { message, attachments } = entry === null ? { message: null, attachments: [] } : await toldMessage(needs, target, entry)
  const { number, subject, status, requester, partition, server, createdAt, values } = request
  return {
    key: stored.key, event: stored.event, at: stored.createdAt, request: { number, subject, status, requester, partition, server, createdAt, values },
    message, change, attachments, remoteId: await tables.handOver.remoteOf(database, target.name, stored.request), repeated
  }
}

type Told = { message: ToldMessage; attachments: ToldAttachment[] }

/** A damaged message is told as what is wrong with it: the request itself must not be held back by it. */
async function toldMessage(needs: HandOverNeeds, target: HandOverTarget, listed: StoredEntry): Promise<Told> {
  try {
    const { entry, message } = await readEntry(needs, listed)
    return message === null ? onlyText(entry, textRemoved(entry.removed?.at ?? '')) : told(needs, target, entry, message.raw, message.parsed)
  } catch (thrown) {
    if (!(thrown instanceof ProblemError)) throw thrown
    const { title, advice } = wordsOf(thrown.problem)
    return onlyText(listed, `${title} ${advice}`)
  }
}

const onlyText = ({ kind }: StoredEntry, text: string): Told => ({ message: { kind, from: null, to: [], cc: [], subject: '', date: null, messageId: null, text, html: null }, attachments: [] })

function told(needs: HandOverNeeds, target: HandOverTarget, entry: StoredEntry, raw: Buffer, parsed: ParsedMessage): Told {
  const { from, to, cc, subject, date, messageId, text, html } = parsed.content
  const infos = withStripped(parsed.content, entry.stripped).attachments
  // What ServiceDesk Plus gets as files it does not get within the text as well.
  const images = target.kind === 'json' && target.attachments ? inlineImages(raw, parsed, infos, needs.attachmentBytes) : new Map<string, string>()
  const safe = html === null ? null : needs.safeHtml(html, { remoteContent: false, cid: (id) => images.get(id) ?? null }).html
  const kept = target.attachments ? infos.flatMap((info, index) => (info.stripped === null ? [{ info, place: parsed.places[index] }] : [])) : []
  let left = mostBytes
  const attachments = kept.map(({ info: { name, contentType, size, contentId }, place }): ToldAttachment => {
    const fits = size <= left && place !== undefined
    if (fits) left -= size
    return { name, contentType, size, contentId, content: fits ? needs.attachmentBytes(raw, place) : null }
  })
  return { message: { kind: entry.kind, from, to, cc, subject, date, messageId, text, html: safe }, attachments }
}
