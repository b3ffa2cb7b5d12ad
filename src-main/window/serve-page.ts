import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Protocol } from 'electron'
import { contentSecurityPolicy, noncePlaceholder } from '../model/content-security-policy.ts'
import { pageFile } from '../model/page-file.ts'
import { isOurPage, pageScheme } from './page-address.ts'

/** Must run before the app is ready: makes the scheme a secure origin of its own. */
export const declarePageScheme = (protocol: Protocol): void =>
  protocol.registerSchemesAsPrivileged([{ scheme: pageScheme, privileges: { standard: true, secure: true, supportFetchAPI: true } }])

/** Serves the built page out of `folder` under the page's own scheme, with the policy of both hosts. */
export function servePage(protocol: Protocol, folder: string): void {
  protocol.handle(pageScheme, async (request) => {
    const found = isOurPage(request.url) && request.method === 'GET' ? pageFile(new URL(request.url).pathname) : null
    if (found === null) return new Response('There is no such page.', { status: 404 })
    const nonce = randomBytes(16).toString('base64')
    const content = await readFile(join(folder, ...found.file.split('/'))).catch(() => null)
    if (content === null) return new Response('There is no such page.', { status: 404 })
    const body = found.file === 'index.html' ? content.toString('utf8').replaceAll(noncePlaceholder, nonce) : new Uint8Array(content)
    return new Response(body, { headers: { 'content-type': found.mediaType, 'content-security-policy': contentSecurityPolicy(nonce), 'x-content-type-options': 'nosniff' } })
  })
}
