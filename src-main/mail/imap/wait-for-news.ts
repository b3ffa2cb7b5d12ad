import type { ImapSession } from './imap-session.ts'

/** How often a server without IDLE is asked (NOOP). */
const pollMs = 30_000
/** The longest IDLE, whatever the server chats in between; RFC 2177 allows 29 minutes. */
const longestIdleMs = 10 * 60_000

/**
 * Watches the open folder for EXISTS that grow. `wait` resolves with true when there is news (also news that came before), with false after
 * `limitMs` or when `signal` aborts. The connection proves itself: ImapFlow breaks IDLE with NOOP after each silence of `silenceMs`, far
 * below the 29 minutes of RFC 2177, and an unanswered NOOP ends the connection. Throws ProblemError then.
 */
export function watchForNews(session: ImapSession): { forget(): void; wait(limitMs: number, signal: AbortSignal): Promise<boolean> } {
  const { client } = session
  let news = false
  let wake: (() => void) | null = null
  client.on('exists', ({ count, prevCount }: { count: number; prevCount: number }) => {
    if (count <= prevCount) return
    news = true
    wake?.()
  })
  client.on('close', () => wake?.())

  /** Resolves after `ms`, on news, on the end of the connection, or when `signal` aborts. */
  const pause = (ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((done) => {
      const timer = setTimeout(() => finish(), ms)
      const finish = (): void => {
        clearTimeout(timer)
        signal.removeEventListener('abort', finish)
        wake = null
        done()
      }
      wake = finish
      signal.addEventListener('abort', finish, { once: true })
      if (news || signal.aborted || !client.usable) finish()
    })

  return {
    forget: () => void (news = false),
    async wait(limitMs, signal) {
      const until = performance.now() + limitMs
      const left = (): number => until - performance.now()
      while (!news && !signal.aborted && left() > 0) {
        if (session.offers('IDLE')) await idle(session, (ended) => pause(Math.min(longestIdleMs, left()), AbortSignal.any([signal, ended])))
        else {
          await pause(Math.min(pollMs, left()), signal)
          if (!news && !signal.aborted) await session.run('NOOP', null, () => noop(session))
        }
      }
      return news
    }
  }
}

/** One IDLE, until `pause` is over or the server ends it; afterwards the connection is ready for commands. */
async function idle(session: ImapSession, pause: (ended: AbortSignal) => Promise<void>): Promise<void> {
  const ended = new AbortController()
  const idling = session.run('IDLE', null, async () => {
    await session.client.idle()
    return true
  }).then(() => null, (error: unknown) => error)
  void idling.then(() => ended.abort())
  await pause(ended.signal)
  if (ended.signal.aborted) {
    const error = await idling
    if (error !== null) throw error
  }
  // Any command breaks IDLE; NOOP also shows that the connection is alive.
  await session.run('NOOP', null, () => noop(session))
  await idling
}

async function noop({ client }: ImapSession): Promise<boolean | undefined> {
  await client.noop()
  return client.usable || undefined
}
