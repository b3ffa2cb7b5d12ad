import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { CallName } from '#contract/calls.ts'
import { ProblemError } from '#contract/problem.ts'
import type { MailroomConsole } from '../console.ts'
import { answerWith, answerWithJson } from './answer-with.ts'
import { readCall } from './read-json.ts'
import { sameSecret } from './same-secret.ts'

/** What can be asked through the owner's door: nothing that holds a word of any mail, and nothing that changes anything. */
export const ownersCalls: readonly CallName[] = ['status.get', 'dashboard.get', 'metrics.text', 'outgoing.list']

export type OwnersDoor = { port: number; key: string; close(): Promise<void> }

/**
 * A door on the loopback address for other processes of whoever owns the data folder, while this one has it. `key` is what they send as
 * bearer token; it lives as long as the door. TLS, names and tokens of the host play no part.
 */
export async function openOwnersDoor({ answer }: Pick<MailroomConsole, 'answer'>): Promise<OwnersDoor> {
  const key = randomBytes(32).toString('base64url')
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 5_000, maxHeaderSize: 8_192 }, (request, response) => {
    respond(request, response).catch(() => response.destroy())
  })

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'POST' || request.url !== '/call' || !sameSecret(request.headers.authorization ?? '', `Bearer ${key}`)) return answerWith(response, 403, '', 'text/plain; charset=utf-8', { connection: 'close' })
    const asked = await readCall(request, 100_000)
    if ('status' in asked) return answerWith(response, 400, '', 'text/plain; charset=utf-8', { connection: 'close' })
    const { name, input } = asked
    const refused = { ok: false, problem: { code: 'not-allowed', call: name, role: 'support' } }
    answerWithJson(response, ownersCalls.includes(name as CallName) ? await answer(name, input, { role: 'support', who: 'command line' }) : refused)
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(new ProblemError({ code: 'invalid-input', issues: [{ path: '', message: `Cannot listen on 127.0.0.1: ${error.message}.` }] }, { cause: error })))
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    port: (server.address() as AddressInfo).port, key,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    }
  }
}
