import { ProblemError } from '#contract/problem.ts'
import { bareMessageId } from '../../model/bare-message-id.ts'
import { mayHaveBeenDone } from '../connection/may-have-been-done.ts'
import { message as messageAnswer, nothing, uploadProgress, uploadSession } from './graph-answers.ts'
import { immutableIds, isNotFound, type GraphClient } from './graph-client.ts'
import { submit } from './submit.ts'
import type { TakenOut } from './take-out-attachments.ts'

/** Attachments from here on take an upload session. https://learn.microsoft.com/graph/outlook-large-attachments */
const smallestUpload = 3 * 1024 * 1024
/** A multiple of 320 KiB below 4 MB. */
const pieceBytes = 10 * 320 * 1024

/**
 * Sends a message of which attachments were taken out: a draft from its MIME, the attachments one by one, then the draft. A draft that could not be sent is taken away again.
 * https://learn.microsoft.com/graph/api/user-post-messages https://learn.microsoft.com/graph/api/attachment-createuploadsession
 */
export async function sendInPieces(client: GraphClient, rest: Buffer, attachments: readonly TakenOut[], messageId: string): Promise<void> {
  const draft = await client.json({ method: 'POST', path: 'messages', words: 'a draft', headers: { 'content-type': 'text/plain', prefer: immutableIds }, body: rest.toString('base64') }, messageAnswer).catch(throwAsNotSent)
  const path = `messages/${encodeURIComponent(draft.id)}`
  try {
    if (bareMessageId(draft.internetMessageId ?? '') !== bareMessageId(messageId)) await client.json({ method: 'PATCH', path, words: 'the Message-ID', json: { internetMessageId: `<${bareMessageId(messageId)}>` }, repeatable: true }, nothing)
    for (const attachment of attachments) await (attachment.bytes.length < smallestUpload ? attach(client, path, attachment) : upload(client, path, attachment))
  } catch (error) {
    await discard(client, path)
    return throwAsNotSent(error)
  }
  try {
    await submit(client, `${path}/send`)
  } catch (error) {
    // The answer may have been lost after the draft was sent.
    const sent = await isSent(client, path)
    if (sent === true) return
    if (sent === null && mayHaveBeenDone(error)) throw error
    await discard(client, path)
    return throwAsNotSent(error)
  }
}

/** Nothing was sent, whatever became of the request that failed. */
function throwAsNotSent(error: unknown): never {
  throw error instanceof ProblemError ? new ProblemError(error.problem) : error
}

async function attach(client: GraphClient, path: string, { name, contentType, contentId, isInline, bytes }: TakenOut): Promise<void> {
  const json = { '@odata.type': '#microsoft.graph.fileAttachment', name, contentType, isInline, ...(contentId === null ? {} : { contentId }), contentBytes: bytes.toString('base64') }
  await client.json({ method: 'POST', path: `${path}/attachments`, words: 'an attachment', json }, nothing)
}

/** The address of an upload carries its own permission: no token goes there. */
async function upload(client: GraphClient, path: string, { name, contentType, contentId, isInline, bytes }: TakenOut): Promise<void> {
  const AttachmentItem = { attachmentType: 'file', name, contentType, size: bytes.length, isInline, ...(contentId === null ? {} : { contentId }) }
  const { uploadUrl } = await client.json({ method: 'POST', path: `${path}/attachments/createUploadSession`, words: 'an attachment', json: { AttachmentItem } }, uploadSession)
  if (URL.parse(uploadUrl)?.protocol !== 'https:') throw new ProblemError({ code: 'provider-refused', server: client.place.server.name, request: 'an attachment', serverSaid: 'The address for the upload is no https URL.' })
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    const piece = bytes.subarray(at, at + pieceBytes)
    const headers = { 'content-type': 'application/octet-stream', 'content-range': `bytes ${at}-${at + piece.length - 1}/${bytes.length}` }
    await client.json({ method: 'PUT', url: uploadUrl, withoutToken: true, words: 'an attachment', headers, body: piece }, uploadProgress)
  }
}

/** null where it cannot be told. */
async function isSent(client: GraphClient, path: string): Promise<boolean | null> {
  try {
    const found = await client.find({ path, words: 'the draft', query: { $select: 'id,isDraft' }, absent: isNotFound }, messageAnswer)
    return found === null || found.isDraft === false
  } catch (error) {
    if (error instanceof ProblemError) return null
    throw error
  }
}

async function discard(client: GraphClient, path: string): Promise<void> {
  try {
    await client.find({ method: 'DELETE', path, words: 'the draft', absent: ({ status }) => status < 500 && status !== 429 }, nothing)
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    client.note(`The draft was left behind: ${error.problem.code}`)
  }
}
