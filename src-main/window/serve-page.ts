import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Protocol } from 'electron'
import type { ConversationEntry } from '#contract/request.ts'
import { contentSecurityPolicy, noncePlaceholder } from '../model/content-security-policy.ts'
import { mailDocument, mailEntryOf, mailPolicy } from '../model/mail-document.ts'
import { pageFile } from '../model/page-file.ts'
import { isOurPage, pageScheme } from './page-address.ts'

/** Must run before the app is ready: makes the scheme a secure origin of its own. */
export const declarePageScheme = (protocol: Protocol): void =>
  protocol.registerSchemesAsPrivileged([{ scheme: pageScheme, privileges: { standard: true, secure: true, supportFetchAPI: true } }])

/** Serves the built page out of `folder`, and messages with their remote pictures, under the page's own scheme. */
export function servePage(protocol: Protocol, folder: string, entryOf: (id: number) => Promise<ConversationEntry | null>): void {
  protocol.handle(pageScheme, async (request) => {
    const path = isOurPage(request.url) && request.method === 'GET' ? new URL(request.url).pathname : ''
    const entry = mailEntryOf(path)
    return entry === null ? fileAnswer(folder, path) : mailAnswer(await entryOf(entry))
  })
}

async function fileAnswer(folder: string, path: string): Promise<Response> {
  const found = pageFile(path)
  const content = found === null ? null : await readFile(join(folder, ...found.file.split('/'))).catch(() => null)
  if (found === null || content === null) return answer('There is no such page.', 'text/plain; charset=utf-8', contentSecurityPolicy(''), 404)
  const nonce = randomBytes(16).toString('base64')
  const body = found.file === 'index.html' ? content.toString('utf8').replaceAll(noncePlaceholder, nonce) : new Uint8Array(content)
  return answer(body, found.mediaType, contentSecurityPolicy(nonce))
}

const mailAnswer = (entry: ConversationEntry | null): Response =>
  entry === null ? answer('There is no such message.', 'text/plain; charset=utf-8', mailPolicy, 404) : answer(mailDocument(entry.html ?? ''), 'text/html; charset=utf-8', mailPolicy)

const answer = (body: string | Uint8Array<ArrayBuffer>, mediaType: string, policy: string, status = 200): Response =>
  new Response(body, { status, headers: { 'content-type': mediaType, 'content-security-policy': policy, 'x-content-type-options': 'nosniff' } })
