import { GraphError, invalid } from './graph-error.ts'
import type { Answer, UploadSession } from './graph-methods.ts'

const step = 320 * 1024

/**
 * A range of an attachment. https://learn.microsoft.com/graph/outlook-large-attachments: no Authorization header, ranges in order, below 4 MB each;
 * https://learn.microsoft.com/graph/api/driveitem-createuploadsession: every range but the last is a multiple of 320 KiB.
 */
export function takeRange(uploads: Map<string, UploadSession>, { url, authorization, range, body }: { url: URL; authorization: string | undefined; range: string; body: Buffer }): Answer {
  if (authorization !== undefined) throw new GraphError(401, 'InvalidAuthenticationToken', 'An upload must not carry an Authorization header.')
  const token = url.searchParams.get('authtoken') ?? ''
  const session = uploads.get(token)
  if (session === undefined) throw new GraphError(404, 'ErrorItemNotFound', 'The upload session was not found.')
  const [, first, last, total] = (/^bytes (\d+)-(\d+)\/(\d+)$/.exec(range) ?? []).map(Number)
  const have = session.got.reduce((sum, { length }) => sum + length, 0)
  if (first === undefined || last === undefined || total !== session.size || last - first + 1 !== body.length) throw invalid('The Content-Range does not fit the content.')
  if (first !== have) throw new GraphError(416, 'ErrorInvalidRange', `The next expected range begins at ${have}.`)
  if (body.length >= 4 * 1024 * 1024) throw new GraphError(413, 'ErrorMessageSizeExceeded', 'The range is too large.')
  if (last + 1 < total && body.length % step !== 0) throw invalid('The range is no multiple of 320 KiB.')
  session.got.push(body)
  if (last + 1 < total) return { status: 200, json: { expirationDateTime: new Date(Date.now() + 3_600_000).toISOString(), nextExpectedRanges: [String(last + 1)] } }
  const { message, name, contentType, contentId, isInline } = session
  message.attachments.push({ name, contentType, contentId, isInline, bytes: Buffer.concat(session.got) })
  uploads.delete(token)
  return { status: 201, headers: { location: `${url.origin}/api/v2.0/Attachments('z')` } }
}
