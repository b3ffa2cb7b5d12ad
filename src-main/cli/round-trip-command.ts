import type { Hop, RoundTrip } from '#contract/connection-test.ts'
import type { ExitStatus } from '../model/exit-status.ts'
import { parseDuration } from '../model/human-units.ts'
import { plain } from '../model/plain-line.ts'
import type { Asked, Command, Tools } from './command.ts'
import { usageFault } from './parse-command.ts'
import { print } from './print.ts'
import { watchWork } from './watch-work.ts'

/** `mailroom incoming round-trip`: how long a mail takes from sending to arrival. */
export const roundTripCommand: Command = {
  name: 'incoming round-trip', arguments: 'NAME', takes: [1, 1], summary: 'Sends a test mail through an outgoing server and waits for it in the mailbox of NAME.', example: 'mailroom incoming round-trip it-support --through main --wait 5m', run,
  flags: { through: { value: 'SERVER', help: 'the outgoing server' }, to: { value: 'ADDRESS', help: 'the address of the mailbox; without it the one of the server' }, wait: { value: 'TIME', help: 'how long to wait, such as 30s or 2m (the default); at most 10m' } }
}

async function run(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const through = asked.value('through')
  if (through === null || through === '') throw usageFault('“incoming round-trip” needs --through SERVER.')
  const waitMs = waitOf(asked)
  const name = asked.positionals[0] ?? ''
  const trip = await tools.withConsole((core) => watchWork(core, tools, (workId) => core.call('incoming.round-trip', { name, through, to: asked.value('to'), ...(waitMs === null ? {} : { waitMs }), workId })))
  await print(asked, tools, trip, (found) => tripText(found, name, through))
  return 0
}

function waitOf(asked: Asked): number | null {
  const typed = asked.value('wait')
  if (typed === null) return null
  const ms = parseDuration(typed)
  if (ms === null || ms < 1_000 || ms > 600_000) throw usageFault(`--wait needs a time from 1s to 10m; “${typed.slice(0, 40)}” is none.`)
  return ms
}

const tripText = ({ seconds, messageId, serverSaid, hops }: RoundTrip, name: string, through: string): string =>
  `${plain(messageId)} took ${seconds} s from ${through} to ${name}.\n${through} said: ${plain(serverSaid)}\n${hops.map(hopText).join('')}`

const hopText = ({ by, from, seconds }: Hop): string => `  ${from === null ? '' : `${plain(from)} → `}${plain(by)}${seconds === null ? '' : `, ${seconds} s`}\n`
