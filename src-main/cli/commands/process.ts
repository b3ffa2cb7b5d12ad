import type { ProcessedMessage } from '#contract/message.ts'
import { ProblemError } from '#contract/problem.ts'
import { wordsOf } from '#contract/problem-words.ts'
import type { ExitStatus } from '../../model/exit-status.ts'
import type { Asked, Command, Core, Tools } from '../command.ts'
import { mustBeFile, readBytes } from '../file-problem.ts'
import { usageFault } from '../parse-command.ts'
import { plain } from '../tables.ts'

/** `mailroom process`: what would become of a message, or, with `--commit`, what becomes of it. */
export const process: readonly Command[] = [
  {
    name: 'process', arguments: 'FILE…', takes: [1, 100_000], summary: 'Takes raw messages (- is stdin) through the same steps as fetched mail; stores nothing without --commit.', example: 'mailroom process mail.eml --json', run,
    flags: { server: { value: 'NAME', help: 'as if it came in through this incoming server' }, commit: { help: 'stores the outcome: requests are made, replies are added' } }
  }
]

type Processed = ProcessedMessage & { request?: number | null }
type Take = (raw: Buffer) => Promise<Processed>

/** What the call takes at most: 80 million characters of base64. */
const largest = 60_000_000

async function run(asked: Asked, tools: Tools): Promise<ExitStatus> {
  if (asked.positionals.filter((file) => file === '-').length > 1) throw usageFault('stdin (-) can be read only once.')
  for (const file of asked.positionals) if (file !== '-') await mustBeFile(file)
  const server = asked.value('server')
  const committed = (core: Core): Promise<ExitStatus> => processAll(asked, tools, (raw) => core.call('processing.take', { base64: raw.toString('base64'), server }))
  const tried = (core: Pick<Core, 'call'>): Promise<ExitStatus> => processAll(asked, tools, (raw) => core.call('processing.try', { base64: raw.toString('base64'), server }))
  if (asked.has('commit')) return tools.withConsole(committed)
  return tools.withOffline(tools.dataFolder, tried).catch((error: unknown) => {
    const locked = error instanceof ProblemError && (error.problem.code === 'vault-locked' || error.problem.code === 'keychain-unavailable')
    if (!locked || server !== null) throw error
    tools.terminal.say('The data folder is locked: the messages are tried with default settings and without its requests. MAILROOM_PASSPHRASE opens it.')
    return tools.withOffline(null, tried)
  })
}

async function processAll(asked: Asked, { terminal }: Tools, take: Take): Promise<ExitStatus> {
  let failed = false
  for (const file of asked.positionals) {
    const raw = file === '-' ? await terminal.readAll() : await readBytes(file)
    const processed = await outcomeOf(raw, take)
    failed ||= processed.outcome === 'error'
    await terminal.write(asked.json ? `${JSON.stringify({ file, ...processed })}\n` : shown(file, processed))
  }
  return failed ? 1 : 0
}

/** Whatever the message looks like there is an outcome; only what is wrong with the request itself is thrown. */
async function outcomeOf(raw: Buffer, take: Take): Promise<Processed> {
  if (raw.length > largest) return failure('message-too-large', wordsOf({ code: 'message-too-large', size: raw.length, limit: largest }).title)
  try {
    return await take(raw)
  } catch (error) {
    if (error instanceof ProblemError && error.problem.code === 'unexpected') return failure('unexpected', wordsOf(error.problem).title)
    throw error
  }
}

const failure = (reason: string, detail: string): Processed => ({ outcome: 'error', reason, message: null, steps: [{ step: 'read', outcome: 'error', detail }] })

function shown(file: string, { outcome, reason, message, steps, request }: Processed): string {
  const head = `${plain(file)}: ${outcome}${request === undefined || request === null ? '' : ` ${request}`}${reason === null ? '' : ` (${plain(reason)})`}\n`
  const from = message === null ? '' : `  ${plain(message.from?.address ?? 'unknown sender')}: ${plain(message.subject)}\n`
  return head + from + steps.map(({ step, outcome: passed, detail }) => `  ${step}: ${passed}${detail === '' ? '' : `, ${plain(detail)}`}\n`).join('')
}
