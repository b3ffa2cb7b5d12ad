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
  const nonce = newNonce()
  const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Mailroom</title><style nonce="${nonce}">${wordsStyle}</style></head><body><p>Mailroom</p><h1>${escaped(title)}</h1><p>${escaped(advice)}</p></body></html>`
  answerWith(response, status, page, 'text/html; charset=utf-8', headers, nonce)
}

const wordsStyle = ':root{color-scheme:light dark}body{max-width:34rem;margin:18vh auto;padding:0 1.5rem;font:14px/1.5 system-ui,sans-serif}h1{font-size:20px;margin:0.5rem 0}p:first-child{font-weight:600;margin:0}'

/** Begins the stream of server-sent events (WHATWG HTML 9.2). */
export function beginEvents(response: ServerResponse): void {
  response.writeHead(200, { ...always, 'content-security-policy': contentSecurityPolicy(newNonce()), 'content-type': 'text/event-stream; charset=utf-8' })
}

export const newNonce = (): string => randomBytes(16).toString('base64')

const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
