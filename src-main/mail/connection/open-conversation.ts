import type { Socket } from 'node:net'
import { ProblemError, type Problem } from '#contract/problem.ts'
import { connect, failAs, upgradeToTls } from './connect.ts'
import { codeOf } from './connection-problem.ts'
import type { Attempt, Destination } from './destination.ts'
import { firstWords } from './first-words.ts'
import { createLineWire } from './line-wire.ts'
import type { Transcript } from './transcript.ts'

/**
 * Connects, reads the greeting and does what the server's security asks for, STARTTLS included: the socket is ready for the first command
 * of the session. `refused` says what a greeting that sends us away means. Throws ProblemError; the socket is closed then.
 */
export async function openConversation(to: Destination, attempt: Attempt, transcript: Transcript | null, refused: (said: string) => Problem): Promise<{ socket: Socket; greeting: string }> {
  const socket = await connect(to, attempt)
  const onAbort = (): void => void socket.destroy()
  attempt.signal.addEventListener('abort', onAbort)
  const wire = createLineWire(socket, transcript)
  const { greetingMs } = attempt.limits
  const words = firstWords[to.speaks]
  try {
    const greeting = await words.greeting(wire, greetingMs)
    if (to.security !== 'starttls') return { socket: wire.release(), greeting }
    await words.startTls(wire, await words.capabilities(wire, greetingMs), greetingMs)
    return { socket: await upgradeToTls(wire.release(), to, attempt), greeting }
  } catch (error) {
    socket.destroy()
    if (codeOf(error) === 'SERVER_REFUSED' && error instanceof Error) throw new ProblemError(refused(error.message), { cause: error })
    return failAs(error, to, attempt, 'the greeting')
  } finally {
    attempt.signal.removeEventListener('abort', onAbort)
  }
}
