import { Resolver } from 'node:dns/promises'

/** Records of a name as node:dns answers them; rejects with an error whose `code` is that of node:dns. */
export type LookUp = (name: string, type: string) => Promise<string[] | string[][]>
export type Dns = {
  /** Answers until `deadline` (milliseconds since 1970), then with ETIMEOUT. */
  until(deadline: number): LookUp
  close(): void
}
export type DnsNeeds = { servers: readonly string[] | null; now: () => number; /** For one try (2 s). */ timeoutMs?: number }

/**
 * The DNS of this computer, or of `servers` (`address` or `address:port`). Answers are kept for a minute. Where three questions in a row got no
 * answer and even the root does not, nothing is asked for half a minute, so that mail is not held up.
 */
export function createDns({ servers, now, timeoutMs = 2_000 }: DnsNeeds): Dns {
  const resolver = new Resolver({ timeout: timeoutMs, tries: 1 })
  if (servers !== null) resolver.setServers(servers)
  const kept = new Map<string, { until: number; answer: Promise<string[] | string[][]> }>()
  let unanswered = 0
  let silentUntil = 0

  const ask = async (name: string, type: string): Promise<string[] | string[][]> => {
    try {
      const answer = (await resolver.resolve(name, type)) as string[] | string[][]
      unanswered = 0
      return answer
    } catch (error) {
      if (!isSilence(error)) unanswered = 0
      else if (++unanswered >= 3) await lookWhetherSilent()
      throw error
    }
  }
  const lookWhetherSilent = async (): Promise<void> => {
    unanswered = 0
    await resolver.resolveNs('.').catch((error: unknown) => {
      if (isSilence(error)) silentUntil = now() + 30_000
    })
  }
  const keep = (key: string, answer: Promise<string[] | string[][]>): void => {
    if (kept.size >= mostKept) kept.clear()
    kept.set(key, { until: now() + 60_000, answer })
    answer.catch((error: unknown) => {
      if (!isNoRecord(error) && kept.get(key)?.answer === answer) kept.delete(key)
    })
  }
  return {
    until: (deadline) => (name, type) => {
      const key = `${type} ${name.toLowerCase()}`
      const known = kept.get(key)
      if (known !== undefined && known.until > now()) return inTime(known.answer, deadline - now())
      if (silentUntil > now()) return Promise.reject(timedOut())
      const answer = ask(name, type)
      keep(key, answer)
      return inTime(answer, deadline - now())
    },
    close: () => resolver.cancel()
  }
}

const mostKept = 5_000
const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '')
const isSilence = (error: unknown): boolean => ['ETIMEOUT', 'ECONNREFUSED'].includes(codeOf(error))
const isNoRecord = (error: unknown): boolean => ['ENOTFOUND', 'ENODATA'].includes(codeOf(error))
const timedOut = (): Error => Object.assign(new Error('DNS gave no answer in time'), { code: 'ETIMEOUT' })

function inTime<Value>(answer: Promise<Value>, leftMs: number): Promise<Value> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(timedOut()), Math.max(leftMs, 0))
    answer.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
