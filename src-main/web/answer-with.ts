import { randomBytes } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { contentSecurityPolicy } from '../model/content-security-policy.ts'
import { escaped, plainPage } from './plain-page.ts'

const always = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store'
}

/** Ends a response with a body, the security headers and, unless `headers` says otherwise, without caching. */
export function answerWith(response: ServerResponse, status: number, body: string | Buffer, mediaType: string, headers: Record<string, string | string[]> = {}, nonce: string = newNonce()): void {
  response.writeHead(status, { ...always, 'content-security-policy': contentSecurityPolicy(nonce), 'content-type': mediaType, 'content-length': Buffer.byteLength(body), ...headers })
  response.end(response.req.method === 'HEAD' ? undefined : body)
}

export const answerWithJson = (response: ServerResponse, value: unknown): void => answerWith(response, 200, JSON.stringify(value), 'application/json; charset=utf-8')

/** A plain page in words, for what a person may meet before the console itself is there. */
export function answerInWords(response: ServerResponse, status: number, title: string, advice: string, headers: Record<string, string | string[]> = {}): void {
  const nonce = newNonce()
  answerWith(response, status, plainPage(nonce, 'Mailroom', `<h1>${escaped(title)}</h1><p>${escaped(advice)}</p>`), 'text/html; charset=utf-8', headers, nonce)
}

/** A page with a field for a code and a button for another one; `alert` is what went wrong, `wait` why there is no button. */
export type Form = { title: string; text: string; alert: string | null; hint: string; code: boolean; again: string | null; wait: string | null }

/** Ends a response with such a page, which is sent to its own address and works without scripts. */
export function answerWithForm(response: ServerResponse, status: number, { title, text, alert, hint, code, again, wait }: Form): void {
  const nonce = newNonce()
  const field = code ? '<form method="post"><label for="code">Code</label><div class="line"><input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="20" required autofocus><button type="submit">Sign in</button></div></form>' : ''
  const more = again === null ? (wait === null ? '' : `<p class="wait">${escaped(wait)}</p>`) : `<form method="post"><button type="submit" name="again" value="1">${escaped(again)}</button></form>`
  const body = `<h1>${escaped(title)}</h1><p>${escaped(text)}</p>${alert === null ? '' : `<p role="alert">${escaped(alert)}</p>`}${field}${more}<p class="hint">${escaped(hint)}</p>`
  // Without a referrer a browser names no Origin of a form either (Fetch 3.2), and the form would not be heard. The address holds nothing.
  answerWith(response, status, plainPage(nonce, `${title} – Mailroom`, body), 'text/html; charset=utf-8', { 'content-security-policy': contentSecurityPolicy(nonce, "'self'"), 'referrer-policy': 'same-origin' })
}

/** Begins the stream of server-sent events (WHATWG HTML 9.2). */
export function beginEvents(response: ServerResponse): void {
  response.writeHead(200, { ...always, 'content-security-policy': contentSecurityPolicy(newNonce()), 'content-type': 'text/event-stream; charset=utf-8' })
}

export const newNonce = (): string => randomBytes(16).toString('base64')
