import type { HandOverTarget } from '#contract/hand-over.ts'
import { ProblemError } from '#contract/problem.ts'
import { wordsOf } from '#contract/problem-words.ts'
import { withoutSecrets } from '../log/redact.ts'
import type { HttpClient } from '../mail/connection/http-client.ts'
import type { AskHelpDesk, HelpDesk, HelpDeskAnswer, HelpDeskKind } from './help-desk.ts'
import { createJsonWebhook } from './json-webhook.ts'
import { serviceDeskPlus } from './servicedesk-plus.ts'

export type HelpDeskNeeds = {
  /** HTTP with the target's own authority; certificates are always verified. `silenceMs` is the longest wait for an answer. */
  httpFor: (route: { caFile: string | null; silenceMs: number }) => HttpClient
  /** Milliseconds since 1970. */
  now: () => number
}

const mostAnswerBytes = 1_000_000
const mostAnswerShown = 2_000

/** Help desks over HTTP; each has its own connections, which are kept open between events. */
export function createHelpDesk({ httpFor, now }: HelpDeskNeeds): HelpDesk {
  const kinds: Record<HandOverTarget['kind'], HelpDeskKind> = { json: createJsonWebhook({ now }), 'servicedesk-plus': serviceDeskPlus }
  const clients = new Map<string, HttpClient>()
  const clientFor = ({ name, caFile, timeoutMs }: HandOverTarget): HttpClient => {
    const key = JSON.stringify([name, caFile, timeoutMs])
    const client = clients.get(key) ?? httpFor({ caFile, silenceMs: timeoutMs })
    clients.set(key, client)
    return client
  }
  const asked = async (target: HandOverTarget, secret: string, signal: AbortSignal, work: (ask: AskHelpDesk) => Promise<HelpDeskAnswer>): Promise<HelpDeskAnswer> => {
    const answer = await work((request) => exchange(clientFor(target), target, request, signal))
    return { ...answer, answer: withoutSecrets(answer.answer, [secret]).slice(0, mostAnswerShown) }
  }
  return {
    deliver: (target, secret, event, signal) => asked(target, secret, signal, (ask) => kinds[target.kind].deliver(target, secret, event, ask)),
    test: (target, secret, signal) => asked(target, secret, signal, (ask) => kinds[target.kind].test(target, secret, ask)),
    faultOfSecret: (kind, secret) => kinds[kind].faultOfSecret(secret),
    close: () => clients.forEach((client) => client.close())
  }
}

/** One request with the target's deadline, and the first megabyte of its answer. */
async function exchange(http: HttpClient, { name, timeoutMs }: HandOverTarget, request: Parameters<AskHelpDesk>[0], closing: AbortSignal): ReturnType<AskHelpDesk> {
  const deadline = AbortSignal.timeout(timeoutMs)
  const unreachable = (reason: string, cause: unknown): ProblemError => new ProblemError({ code: 'hand-over-unreachable', target: name, reason }, { cause })
  try {
    const answer = await http.stream({ ...request, signal: AbortSignal.any([closing, deadline]) })
    const parts: Buffer[] = []
    let size = 0
    for await (const part of answer.body) {
      parts.push(part)
      size += part.length
      if (size < mostAnswerBytes) continue
      answer.destroy()
      break
    }
    return { status: answer.status, text: Buffer.concat(parts).toString('utf8', 0, mostAnswerBytes), retryAfter: answer.headers['retry-after'] ?? null }
  } catch (thrown) {
    if (closing.aborted) throw closing.reason
    if (deadline.aborted) throw unreachable(`It did not answer within ${timeoutMs / 1000} s.`, thrown)
    if (thrown instanceof ProblemError) throw unreachable(wordsOf(thrown.problem).title, thrown)
    throw thrown
  }
}
