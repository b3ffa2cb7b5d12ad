import { randomBytes } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { contentSecurityPolicy } from '../model/content-security-policy.ts'

const always = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store'
}

/** Ends a response with a body, the security headers and, unless `headers` says otherwise, without caching. */
export function answerWith(response: ServerResponse, status: number, body: string | Buffer, mediaType: string, headers: Record<string, string> = {}, nonce: string = newNonce()): void {
  response.writeHead(status, { ...always, 'content-security-policy': contentSecurityPolicy(nonce), 'content-type': mediaType, 'content-length': Buffer.byteLength(body), ...headers })
  response.end(response.req.method === 'HEAD' ? undefined : body)
}

export const answerWithJson = (response: ServerResponse, value: unknown): void => answerWith(response, 200, JSON.stringify(value), 'application/json; charset=utf-8')

/** A plain page in words, for what a person may meet before the console itself is there. */
export function answerInWords(response: ServerResponse, status: number, title: string, advice: string, headers: Record<string, string> = {}): void {
  const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Mailroom</title></head><body><h1>${escaped(title)}</h1><p>${escaped(advice)}</p></body></html>`
  answerWith(response, status, page, 'text/html; charset=utf-8', headers)
}

/** Begins the stream of server-sent events (WHATWG HTML 9.2). */
export function beginEvents(response: ServerResponse): void {
  response.writeHead(200, { ...always, 'content-security-policy': contentSecurityPolicy(newNonce()), 'content-type': 'text/event-stream; charset=utf-8' })
}

export const newNonce = (): string => randomBytes(16).toString('base64')

const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
