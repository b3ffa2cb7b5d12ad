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
export function answerWith(response: ServerResponse, status: number, body: string | Buffer, mediaType: string, headers: Record<string, string | string[]> = {}, nonce: string = newNonce()): void {
  response.writeHead(status, { ...always, 'content-security-policy': contentSecurityPolicy(nonce), 'content-type': mediaType, 'content-length': Buffer.byteLength(body), ...headers })
  response.end(response.req.method === 'HEAD' ? undefined : body)
}

export const answerWithJson = (response: ServerResponse, value: unknown): void => answerWith(response, 200, JSON.stringify(value), 'application/json; charset=utf-8')

/** A plain page in words, for what a person may meet before the console itself is there. */
export function answerInWords(response: ServerResponse, status: number, title: string, advice: string, headers: Record<string, string | string[]> = {}): void {
  const nonce = newNonce()
  const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Mailroom</title><style nonce="${nonce}">${wordsStyle}</style></head><body><p>Mailroom</p><h1>${escaped(title)}</h1><p>${escaped(advice)}</p></body></html>`
  answerWith(response, status, page, 'text/html; charset=utf-8', headers, nonce)
}

/** A page with a field for a code and a button for another one; `alert` is what went wrong, `wait` why there is no button. */
export type Form = { title: string; text: string; alert: string | null; hint: string; code: boolean; again: string | null; wait: string | null }

/** Ends a response with such a page, which is sent to its own address and works without scripts. */
export function answerWithForm(response: ServerResponse, status: number, { title, text, alert, hint, code, again, wait }: Form): void {
  const nonce = newNonce()
  const field = code ? '<form method="post"><label for="code">Code</label><input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="20" required autofocus><button type="submit">Sign in</button></form>' : ''
  const more = again === null ? (wait === null ? '' : `<p>${escaped(wait)}</p>`) : `<form method="post"><button type="submit" name="again" value="1">${escaped(again)}</button></form>`
  const body = `<p>Mailroom</p><main><h1>${escaped(title)}</h1><p>${escaped(text)}</p>${alert === null ? '' : `<p role="alert">${escaped(alert)}</p>`}${field}${more}<p class="hint">${escaped(hint)}</p></main>`
  const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)} – Mailroom</title><style nonce="${nonce}">${wordsStyle}${formStyle}</style></head><body>${body}</body></html>`
  // Without a referrer a browser names no Origin of a form either (Fetch 3.2), and the form would not be heard. The address holds nothing.
  answerWith(response, status, page, 'text/html; charset=utf-8', { 'content-security-policy': contentSecurityPolicy(nonce, "'self'"), 'referrer-policy': 'same-origin' })
}

const formStyle = 'form{display:flex;gap:0.5rem;align-items:center;margin:1rem 0;flex-wrap:wrap}label{font-weight:600}input,button{font:inherit;padding:0.4rem 0.7rem;border-radius:6px;border:1px solid GrayText}input{width:11rem;letter-spacing:0.1em}[role=alert]{border-left:3px solid #c62828;padding-left:0.7rem}.hint{opacity:0.8}'
const wordsStyle = ':root{color-scheme:light dark}body{max-width:34rem;margin:18vh auto;padding:0 1.5rem;font:14px/1.5 system-ui,sans-serif}h1{font-size:20px;margin:0.5rem 0}p:first-child{font-weight:600;margin:0}'

/** Begins the stream of server-sent events (WHATWG HTML 9.2). */
export function beginEvents(response: ServerResponse): void {
  response.writeHead(200, { ...always, 'content-security-policy': contentSecurityPolicy(newNonce()), 'content-type': 'text/event-stream; charset=utf-8' })
}

export const newNonce = (): string => randomBytes(16).toString('base64')

const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
