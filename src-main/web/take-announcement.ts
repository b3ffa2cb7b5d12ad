import type { IncomingMessage, ServerResponse } from 'node:http'
import { answerWith } from './answer-with.ts'
import { readJson } from './read-json.ts'

/** What is taken at most of an announcement; Graph sends a few hundred bytes for each message. */
const bodyLimit = 1_000_000

/**
 * Answers a provider at an announcement's address: the handshake by repeating its token as plain text, an announcement with 202 at once.
 * https://learn.microsoft.com/graph/change-notifications-delivery-webhooks#notificationurl-validation
 */
export async function takeAnnouncement(id: string, url: URL, receive: (id: string, announcement: unknown) => boolean, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== 'POST') return answerWith(response, 405, '', 'text/plain; charset=utf-8', { allow: 'POST' })
  const token = url.searchParams.get('validationToken')
  if (token !== null) return answerWith(response, 200, token.slice(0, 4_096), 'text/plain; charset=utf-8')
  const body = await readJson(request, bodyLimit)
  if ('status' in body) return answerWith(response, body.status, '', 'text/plain; charset=utf-8', { connection: 'close' })
  answerWith(response, receive(id, body.value) ? 202 : 404, '', 'text/plain; charset=utf-8')
}
