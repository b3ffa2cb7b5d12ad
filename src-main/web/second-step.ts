import type { IncomingMessage, ServerResponse } from 'node:http'
import { ProblemError, type Problem } from '#contract/problem.ts'
import { counted, wordsOf } from '#contract/problem-words.ts'
import type { MailroomConsole } from '../console.ts'
import type { Log } from '../log/create-log.ts'
import { answerInWords, answerWithForm, type Form } from './answer-with.ts'
import { readFields } from './read-fields.ts'
import type { Tokens } from './tokens.ts'

/** Where the code of a token with a second step is entered. */
export const secondStepPath = '/sign-in'

type Needs = {
  core: Pick<MailroomConsole, 'secondFactor'>
  tokens: Pick<Tokens, 'pendingOf' | 'complete'>
  /** Ends the answer with the new session. */
  signedIn: (session: string, response: ServerResponse) => void
  log: Pick<Log, 'info'>
}

/** The way out where no code comes: what is done on the computer itself needs none. */
const wayOut = 'Whoever runs Mailroom can open it with the link that it printed at its start, which needs no code, or make another token there: mailroom access add.'

/**
 * Answers at `secondStepPath`. `pending` is the cookie of a sign-in whose token was right; without it nothing is said about any token. A session begins only
 * with the right code.
 */
export const createSecondStep = ({ core, tokens, signedIn, log }: Needs) => {
  return async (pending: string, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const waiting = tokens.pendingOf(pending)
    if (waiting === null) return answerInWords(response, 401, 'There is nothing to sign in to.', 'Open the console with your link again; a sign-in is waited for half an hour.')
    if (request.method === 'GET' || request.method === 'HEAD') return show(waiting.sha256, false, response)
    if (request.method !== 'POST') return answerInWords(response, 405, `${secondStepPath} is not asked this way.`, 'Use GET or POST.', { allow: 'GET, POST' })
    const fields = await readFields(request)
    if (fields === null) return answerInWords(response, 400, 'The form could not be read.', 'Open the console with your link again.', { connection: 'close' })
    if (fields.has('again')) return show(waiting.sha256, true, response)
    return check(pending, waiting, fields.get('code') ?? '', request, response)
  }

  async function check(pending: string, { sha256, who }: { sha256: string; who: string }, typed: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const problem = await problemOf(core.secondFactor.check(sha256, typed.slice(0, 40), request.socket.remoteAddress ?? 'an unknown address'))
    log.info(problem === null ? `${who} entered the code` : `a code of ${who} was refused: ${problem.code}`)
    const session = problem === null ? tokens.complete(pending) : null
    return session === null ? show(sha256, false, response, problem) : signedIn(session, response)
  }

  async function show(sha256: string, again: boolean, response: ServerResponse, before: Problem | null = null): Promise<void> {
    let problem = before
    // What was just refused sends no other code by itself.
    const step = before === null ? await core.secondFactor.step(sha256, again).catch((thrown: unknown) => void (problem = problemIn(thrown))) : await core.secondFactor.look(sha256)
    answerWithForm(response, problem === null ? 200 : 403, formOf(step ?? null, problem))
  }
}

function formOf(step: Awaited<ReturnType<MailroomConsole['secondFactor']['step']>>, refused: Problem | null): Form {
  const problem = refused ?? step?.problem ?? null
  const words = problem === null ? null : wordsOf(problem)
  const isSent = step !== null && step.canEnter && step.problem === null
  return {
    title: isSent ? 'Enter the code' : step?.canEnter === true ? 'The code is not sent yet' : 'Have a code sent',
    text: isSent ? `A code was sent to ${step.to}. It holds for half an hour; ${counted(step.triesLeft, 'try', 'tries')} left.` : step?.canEnter === true ? `It is on its way to ${step.to}.` : 'A code by mail belongs to this link.',
    alert: words === null ? null : `${words.title} ${words.advice}`,
    hint: `No code comes? ${wayOut}`,
    code: step?.canEnter === true,
    again: step === null || step.waitSeconds === 0 ? 'Send a new code' : null,
    wait: step !== null && step.waitSeconds > 0 ? `Another code can be sent in ${step.waitSeconds > 120 ? counted(Math.ceil(step.waitSeconds / 60), 'minute') : counted(step.waitSeconds, 'second')}.` : null
  }
}

const problemOf = (work: Promise<void>): Promise<Problem | null> => work.then(() => null, problemIn)
const problemIn = (thrown: unknown): Problem => {
  if (thrown instanceof ProblemError) return thrown.problem
  throw thrown
}
