import type { IncomingMessage, ServerResponse } from 'node:http'
import type { CallAnswer, Role } from '#contract/calls.ts'
import type { Health } from '#contract/health.ts'
import { wordsOf } from '#contract/problem-words.ts'
import type { MailroomConsole } from '../console.ts'
import { answerInWords, answerWith } from './answer-with.ts'

/** Paths for those who watch the console: whether it lives, whether it works, and its metrics. */
export const watchedPaths: readonly string[] = ['/health', '/health/ready', '/health/live', '/metrics']

/**
 * Answers at one of `watchedPaths`. `role` is that of the token or session that came along; null: there is none. Health needs none, but then names no
 * server; metrics need one (RFC 6750 3: 401 with a challenge).
 */
export async function answerWatcher(core: Pick<MailroomConsole, 'answer' | 'health'>, path: string, role: Role | null, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return answerInWords(response, 405, `${path} is not asked this way.`, 'Use GET or HEAD.', { allow: 'GET, HEAD' })
  if (path === '/health/live') return json(response, 200, { alive: true })
  if (path !== '/metrics') return answerHealth(await core.health(), role !== null, response)
  if (role === null) return answerInWords(response, 401, 'Metrics need a token.', 'Send the header Authorization: Bearer TOKEN with a token of the page Access (one that needs no code), or sign in to the console.', { 'www-authenticate': 'Bearer realm="Mailroom"' })
  const answer = await core.answer('metrics.text', {}, { role, who: 'metrics' })
  if (answer.ok) return answerWith(response, 200, (answer.value as CallAnswer<'metrics.text'>).text, 'text/plain; version=0.0.4; charset=utf-8')
  answerInWords(response, 503, wordsOf(answer.problem).title, wordsOf(answer.problem).advice)
}

/** 503 where it does not work, so that a watcher that reads nothing but the status knows. */
function answerHealth({ servers, ...health }: Health, isKnown: boolean, response: ServerResponse): void {
  json(response, health.working ? 200 : 503, isKnown ? { ...health, servers } : health)
}

const json = (response: ServerResponse, status: number, value: unknown): void => answerWith(response, status, `${JSON.stringify(value)}\n`, 'application/json; charset=utf-8')
