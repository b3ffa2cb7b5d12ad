import { largestMessage, type MessageContent, type ProcessedMessage } from '#contract/message.ts'
import { ProblemError } from '#contract/problem.ts'
import { wordsOf } from '#contract/problem-words.ts'
import type { ExitStatus } from '../../model/exit-status.ts'
import { stepsText } from '../steps-text.ts'
import { plain } from '../../model/plain-line.ts'
import type { Asked, Command, Core, Tools } from '../command.ts'
import { mustBeFile, readInput } from '../file-problem.ts'
import { usageFault } from '../parse-command.ts'

/** `mailroom process`: what would become of a message, or, with `--commit`, what becomes of it. */
export const process: readonly Command[] = [
  {
    name: 'process', arguments: 'FILE…', takes: [1, 100_000], summary: 'Takes raw messages (- is stdin) through the same steps as fetched mail; stores nothing without --commit.', example: 'mailroom process mail.eml --json', run,
    flags: { server: { value: 'NAME', help: 'as if it came in through this incoming server' }, commit: { help: 'stores the outcome: requests are made, replies are added' } }
  }
]

type Processed = ProcessedMessage & { request?: number | null }
type Take = (raw: Buffer) => Promise<Processed>

async function run(asked: Asked, tools: Tools): Promise<ExitStatus> {
  if (asked.positionals.filter((file) => file === '-').length > 1) throw usageFault('stdin (-) can be read only once.')
  for (const file of asked.positionals) if (file !== '-') await mustBeFile(file)
  const server = asked.value('server')
  const tryWith = (core: Pick<Core, 'call'>): Take => (raw) => core.call('processing.try', { base64: raw.toString('base64'), server })
  const committed = (core: Core): Promise<ExitStatus> => processAll(asked, tools, (raw) => core.call('processing.take', { base64: raw.toString('base64'), server }), tryWith(core))
  const tried = (core: Pick<Core, 'call'>): Promise<ExitStatus> => processAll(asked, tools, tryWith(core), tryWith(core))
  if (asked.has('commit')) return tools.withConsole(committed)
  return tools.withOffline(tools.dataFolder, tried).catch((error: unknown) => {
    const locked = error instanceof ProblemError && (error.problem.code === 'vault-locked' || error.problem.code === 'keychain-unavailable')
    if (!locked || server !== null) throw error
    tools.terminal.say('The data folder is locked: the messages are tried with default settings and without its requests. MAILROOM_PASSPHRASE opens it.')
    return tools.withOffline(null, tried)
  })
}

async function processAll(asked: Asked, tools: Tools, take: Take, look: Take): Promise<ExitStatus> {
  let failed = false
  for (const file of asked.positionals) {
    const raw = await readInput(file, tools)
    const processed = raw.length > largestMessage ? await tooLarge(raw, look) : await outcomeOf(raw, take)
    failed ||= processed.outcome === 'error'
    await tools.terminal.write(asked.json ? `${JSON.stringify({ file, ...processed })}\n` : shown(file, processed))
  }
  return failed ? 1 : 0
}

/** Whatever the message looks like there is an outcome; only what is wrong with the request itself is thrown. */
async function outcomeOf(raw: Buffer, take: Take): Promise<Processed> {
  try {
    return await take(raw)
  } catch (error) {
    if (error instanceof ProblemError && error.problem.code === 'unexpected') return failure(wordsOf(error.problem).title)
    throw error
  }
}

/** Of a message that is too large to be tried only the header is read; nothing of it is stored. */
async function tooLarge(raw: Buffer, look: Take): Promise<Processed> {
  const { message } = await outcomeOf(headerOf(raw), look)
  return { ...failure(wordsOf({ code: 'message-too-large', size: raw.length, limit: largestMessage }).title), message: { ...(message ?? nothingRead), attachments: [] } }
}

function headerOf(raw: Buffer): Buffer {
  const start = raw.subarray(0, 1_000_000)
  const ends = ['\r\n\r\n', '\n\n'].map((end) => start.indexOf(end)).filter((at) => at >= 0)
  return start.subarray(0, Math.min(...ends, start.length))
}

const nothingRead: MessageContent = { from: null, to: [], cc: [], replyTo: [], subject: '', date: null, messageId: null, inReplyTo: null, references: [], text: '', html: null, attachments: [] }
const failure = (reason: string): Processed => ({ outcome: 'error', reason, message: nothingRead, steps: [{ step: 'readable', outcome: 'error', detail: reason }] })

function shown(file: string, { outcome, reason, message, steps, request }: Processed): string {
  const head = `${plain(file)}: ${outcome}${request === undefined || request === null ? '' : ` ${request}`}${reason === null ? '' : ` (${plain(reason)})`}\n`
  const from = message === null ? '' : `  ${plain(message.from?.address ?? 'unknown sender')}: ${plain(message.subject)}\n`
  return head + from + stepsText(steps)
}
