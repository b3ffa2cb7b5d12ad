import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ServerResponse } from 'node:http'
import { noncePlaceholder } from '../model/content-security-policy.ts'
import { pageFile } from '../model/page-file.ts'
import { answerInWords, answerWith, newNonce } from './answer-with.ts'

/** Serves the built page out of `folder`; nothing but its own files can be named. */
export function createPageFiles(folder: string) {
  return async function serve(path: string, response: ServerResponse): Promise<void> {
    const found = pageFile(path)
    const content = found === null ? null : await read(join(folder, ...found.file.split('/')))
    if (found === null || content === null) return answerInWords(response, 404, 'There is no such page.', 'Open the console at its first page.')
    if (found.file !== 'index.html') return answerWith(response, 200, content, found.mediaType, hashed.test(found.file) ? { 'cache-control': 'private, max-age=31536000, immutable' } : {})
    const nonce = newNonce()
    answerWith(response, 200, content.toString('utf8').replaceAll(noncePlaceholder, nonce), found.mediaType, {}, nonce)
  }
}

/** Files whose name changes with their content. */
const hashed = /^assets\/.+-[A-Za-z0-9_-]{8}\.[a-z0-9]+$/

async function read(file: string): Promise<Buffer | null> {
  try {
    return await readFile(file)
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'EISDIR' || error.code === 'ENOTDIR')) return null
    throw error
  }
}
