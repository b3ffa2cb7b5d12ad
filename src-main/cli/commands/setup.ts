import type { SetupAnswer, SetupCandidate } from '#contract/setup.ts'
import type { ExitStatus } from '../../model/exit-status.ts'
import { plain } from '../../model/plain-line.ts'
import type { Asked, Command, Tools } from '../command.ts'
import { print } from '../print.ts'
import { watchWork } from '../watch-work.ts'

/** `mailroom setup …`: from an address to servers. */
export const setup: readonly Command[] = [
  {
    name: 'setup find', arguments: 'ADDRESS', takes: [1, 1], summary: 'Finds ways to reach the mailbox of an address; no password is sent anywhere.', example: 'mailroom setup find ann@example.com --offline', run: find,
    flags: { offline: { help: 'asks nobody, but the built-in table of providers' } }
  }
]

async function find(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const address = asked.positionals[0] ?? ''
  const answer = await tools.withConsole((core) => watchWork(core, tools, (workId) => core.call('setup.find', { address, offline: asked.has('offline'), workId })))
  await print(asked, tools, answer, answerText)
  return answer.candidates.length === 0 ? 1 : 0
}

function answerText({ address, candidates, notes }: SetupAnswer): string {
  const found = candidates.length === 0 ? `Nothing was found for ${plain(address)}.\n` : candidates.map(candidateText).join('\n')
  return `${found}${notes.map((note) => `\n${plain(note)}\n`).join('')}`
}

function candidateText({ title, source, notes, incoming, outgoing, incomingProbe, outgoingProbe, unconfirmedHosts }: SetupCandidate): string {
  const line = (what: string, server: Placed | null, probe: SetupCandidate['incomingProbe']): string =>
    server === null ? '' : `  ${what}: ${server.protocol}, ${plain(placeOf(server))}, ${server.auth.method}${probe.outcome === 'not-tried' ? '' : ` — ${probe.outcome}${probe.detail === '' ? '' : `, ${plain(probe.detail)}`}`}\n`
  const confirm = unconfirmedHosts.length === 0 ? '' : `  Confirm before a password goes there: ${plain(unconfirmedHosts.join(', '))}\n`
  return `${plain(title)} (${source})\n${line('incoming', incoming, incomingProbe)}${line('outgoing', outgoing, outgoingProbe)}${notes.map((note) => `  ${plain(note)}\n`).join('')}${confirm}`
}

type Placed = { protocol: string; host: string; port: number; security: string; endpoint?: string | undefined; auth: { method: string } }
const placeOf = ({ host, port, security, endpoint }: Placed): string => endpoint ?? `${host}:${port} ${security}`
