import { randomUUID } from 'node:crypto'
import type { HelpDeskAnswer, HelpDeskKind, ToldEvent } from './help-desk.ts'
import { faultOfSigningSecret, signWebhook } from './sign-webhook.ts'
import { jsonIn } from './json-in.ts'

/**
 * One POST of JSON for each event, signed by Standard Webhooks 1.0.0 (https://www.standardwebhooks.com):
 *
 *     { "type": "request.created" | "reply.added" | "request.changed" | "mailroom.test",
 *       "timestamp": "2026-11-20T08:00:00.000Z",                      when it happened, not when it was sent
 *       "event": "request-created" | "reply-added" | "request-changed" | "test",
 *       "request": { number, subject, status, requester, partition, server, createdAt, values, remoteId },
 *       "message": null | { kind, from, to, cc, subject, date, messageId, text, html },   addresses are { name, address }
 *       "change": null | { at, by, action, changes: [{ field, from, to }] },
 *       "attachments": [{ name, contentType, size, contentId, content }] }
 *
 * `content` is base64, or null where all attachments of the message together have more than 20 MB. `html` is safe to show.
 * `webhook-id` is the same however often an event is sent: the receiver keeps it and answers a repeat with 2xx, or with 409 and the id or
 * the word "already" or "duplicate". What it calls the request may be said in the answer, as `id`, `number` or `request.id`; it comes
 * back as `request.remoteId` in later events. Events of one request come one after the other.
 */
export function createJsonWebhook({ now }: { now: () => number }): HelpDeskKind {
  const post = async (url: string, secret: string, id: string, value: object, ask: Parameters<HelpDeskKind['test']>[2]): Promise<HelpDeskAnswer> => {
    const body = JSON.stringify(value)
    const { status, text, retryAfter } = await ask({ method: 'POST', url, headers: { 'content-type': 'application/json', accept: 'application/json', ...signWebhook(secret, id, now(), body) }, body })
    return { status, answer: text, remoteId: status >= 200 && status < 300 ? remoteIdIn(text) : null, retryAfter }
  }
  return {
    deliver: ({ url }, secret, event, ask) => post(url, secret, event.key, bodyOf(event), ask),
    test: ({ url }, secret, ask) => post(url, secret, `test_${randomUUID()}`, testBody(new Date(now()).toISOString()), ask),
    faultOfSecret: faultOfSigningSecret
  }
}

const types = { 'request-created': 'request.created', 'reply-added': 'reply.added', 'request-changed': 'request.changed' } as const

function bodyOf({ event, at, request, message, change, attachments, remoteId }: ToldEvent): object {
  return {
    type: types[event], timestamp: at, event, request: { ...request, remoteId }, message,
    change: change === null ? null : { at: change.at, by: change.by, action: change.action, changes: change.changes },
    attachments: attachments.map((one) => ({ ...one, content: one.content?.toString('base64') ?? null }))
  }
}

const testBody = (at: string): object => ({ type: 'mailroom.test', timestamp: at, event: 'test', test: true, text: 'This is a test of Mailroom. No request is behind it.', request: null, message: null, change: null, attachments: [] })

/** What the help desk calls the request, if its answer says so. */
export function remoteIdIn(text: string): string | null {
  const value = asObject(jsonIn(text))
  const found = [value?.['id'], value?.['number'], asObject(value?.['request'])?.['id']].find((one) => (typeof one === 'string' && one !== '') || typeof one === 'number')
  return found === undefined ? null : String(found).slice(0, 200).replaceAll('\0', '')
}

const asObject = (value: unknown): Record<string, unknown> | null => (typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null)
