import type { OutgoingServer } from '#contract/outgoing-server.ts'
import { ProblemError } from '#contract/problem.ts'
import { fitting } from '../connection/json-answer.ts'
import { sent } from './gmail-answers.ts'
import { readTaken, uncertainOr } from '../uncertain-or.ts'
import type { GmailClient, GmailRequest } from './gmail-client.ts'

/** Gives a message to messages.send as it is, by simple upload, and returns its id. Google takes 35 MB at most (413). https://developers.google.com/workspace/gmail/api/guides/uploads */
export async function uploadMessage(client: GmailClient, server: OutgoingServer, raw: Buffer, recipients: readonly string[]): Promise<string> {
  try {
    const url = `${(server.endpoint ?? '').replace(/\/+$/, '')}/upload/gmail/v1/users/${encodeURIComponent(server.mailbox || server.auth.subject || server.auth.user || 'me')}/messages/send`
    const request: GmailRequest = { method: 'POST', path: '', url, words: 'the mail', query: { uploadType: 'media', fields: 'id,labelIds' }, headers: { 'content-type': 'message/rfc822' }, body: raw, absent: () => false }
    const taken = await client.read(request, async (answer) => fitting(await readTaken(answer, server.name), sent, { server: server.name, endpoint: server.endpoint ?? '' }))
    if (taken === null) throw new ProblemError({ code: 'provider-refused', server: server.name, request: request.words, serverSaid: '' })
    return taken.id
  } catch (error) {
    return uncertainOr(error instanceof ProblemError ? inWordsOfSending(error, server, raw.length, recipients) : error, server.name)
  }
}

/** What a refusal means for a mail. */
function inWordsOfSending(error: ProblemError, { name: server, replyTo }: OutgoingServer, size: number, recipients: readonly string[]): ProblemError {
  const { problem } = error
  // A gateway that gave up on Gmail does not know either (RFC 9110 15.6.3 and 15.6.5).
  if (problem.code === 'server-busy' && /^50[24]\b/.test(problem.serverSaid)) return new ProblemError({ code: 'mail-uncertain', server, serverSaid: problem.serverSaid }, { cause: error })
  if (problem.code === 'server-busy') return new ProblemError({ code: 'mail-deferred', server, serverSaid: problem.serverSaid }, { cause: error })
  if (problem.code !== 'provider-refused') return error
  const { serverSaid } = problem
  if (/^413|too large|exceeds|uploadTooLarge/i.test(serverSaid)) return new ProblemError({ code: 'mail-too-large', server, size, limit: mostUploaded, serverSaid }, { cause: error })
  if (/recipient address required|invalid to header|invalid (?:cc|bcc) header/i.test(serverSaid)) return new ProblemError({ code: 'recipient-refused', server, recipients: [...recipients], serverSaid }, { cause: error })
  if (/from header|from address/i.test(serverSaid)) return new ProblemError({ code: 'sender-refused', server, sender: replyTo, serverSaid }, { cause: error })
  return new ProblemError({ code: 'mail-refused', server, serverSaid }, { cause: error })
}

const mostUploaded = 36_700_160
