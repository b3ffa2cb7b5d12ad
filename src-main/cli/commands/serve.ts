import type { ExitStatus } from '../../model/exit-status.ts'
import type { Asked, Command, Tools } from '../command.ts'
import { passphraseOf } from '../open-core.ts'
import { wholeNumber } from '../parse-command.ts'
import { hostUntilStopped } from '../host-until-stopped.ts'

/** `mailroom serve`: the headless host. */
export const serve: readonly Command[] = [
  {
    name: 'serve', arguments: '', takes: [0, 0], summary: 'Fetches mail on schedule and serves the console to a browser; prints its address as one line of JSON.', example: 'mailroom serve --port 8025', run,
    flags: { port: { value: 'N', help: 'the port; without it a free one' }, host: { value: 'ADDRESS', help: 'the address to listen on, 127.0.0.1 by default' }, support: { help: 'also prints a link for the role support' } }
  }
]

async function run(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const host = asked.value('host') ?? '127.0.0.1'
  const port = wholeNumber('port', asked.value('port'), 0, 65_535) ?? 0
  return hostUntilStopped(tools, { dataFolder: tools.dataFolder, demo: false, passphrase: passphraseOf(tools.env), host, port }, ({ url, supportUrl }) => `${JSON.stringify(asked.has('support') ? { url, supportUrl } : { url })}\n`)
}
