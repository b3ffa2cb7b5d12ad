import { resolve } from 'node:path'
import { forwardingGuideFor, forwardingGuides, type ForwardingGuide } from '#contract/forwarding-guides.ts'
import type { NativeMailState } from '#contract/native-mail.ts'
import { wordsOf } from '#contract/problem-words.ts'
import type { ExitStatus } from '../../model/exit-status.ts'
import { plain } from '../../model/plain-line.ts'
import type { Asked, Command, Core, Tools } from '../command.ts'
import { usageFault, wholeNumber } from '../parse-command.ts'
import { print } from '../print.ts'
import { when } from '../tables.ts'
import { watchWork } from '../watch-work.ts'

const reasonFlag = { reason: { value: 'TEXT', help: 'why, for the history' } }

/** `mailroom native-mail …`: the console as a mail server of its own. */
export const nativeMail: readonly Command[] = [
  { name: 'native-mail status', arguments: '', takes: [0, 0], flags: {}, summary: 'Shows the support address, the mail server and how far the move to native mail is.', example: 'mailroom native-mail status', run: status },
  {
    name: 'native-mail activate', arguments: '', takes: [0, 0], summary: 'Receives mail at an address of its own from now on, while `mailroom serve` or the window runs.', example: 'mailroom native-mail activate --host mail.example.com --port 25 --cert mail.pem --key mail-key.pem',
    flags: {
      host: { value: 'NAME', help: 'name under which mail servers reach this computer' }, port: { value: 'N', help: 'port to listen on (25)' }, listen: { value: 'ADDRESS', help: 'address to listen at (0.0.0.0)' },
      cert: { value: 'FILE', help: 'PEM file of the certificate for STARTTLS' }, key: { value: 'FILE', help: 'PEM file of its key' },
      address: { value: 'ADDRESS', repeatable: true, help: 'a further address that mail is taken for; replaces those that are set' }, forwarder: { value: 'ADDRESS', repeatable: true, help: 'a mailbox that forwards here; replaces those that are set' }, ...reasonFlag
    },
    run: activate
  },
  { name: 'native-mail deactivate', arguments: '', takes: [0, 0], flags: reasonFlag, summary: 'Stops receiving mail; the address is kept for the next time.', example: 'mailroom native-mail deactivate', run: deactivate },
  { name: 'native-mail test', arguments: '', takes: [0, 0], flags: { through: { value: 'NAME', help: 'the outgoing server to send through; else the mail goes straight to the receiver' } }, summary: 'Sends a test mail to the support address and waits until it was taken.', example: 'mailroom native-mail test --through main', run: test },
  { name: 'native-mail finish', arguments: '', takes: [0, 0], flags: { stop: { value: 'NAME', repeatable: true, help: 'an incoming server that stops fetching' } }, summary: 'Finishes the move to native mail: the named servers stop fetching.', example: 'mailroom native-mail finish --stop it-support', run: finish },
  { name: 'native-mail forwarding', arguments: '[PROVIDER]', takes: [0, 1], flags: {}, summary: 'Says how Google Workspace, Microsoft 365 and Zoho forward a mailbox to the support address.', example: 'mailroom native-mail forwarding microsoft-365', run: forwarding }
]

async function status(asked: Asked, tools: Tools): Promise<ExitStatus> {
  await print(asked, tools, await tools.withConsole((core) => core.call('native-mail.state', {})), stateText)
  return 0
}

async function activate(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const port = wholeNumber('port', asked.value('port'), 1, 65_535)
  const state = await tools.withConsole(async (core) => {
    const { settings } = await core.call('native-mail.state', {})
    if (asked.value('host') === null && settings.host === null) throw usageFault('“native-mail activate” needs --host NAME.')
    return core.call('native-mail.activate', {
      settings: {
        ...settings, host: asked.value('host') ?? settings.host, port: port ?? settings.port, listen: asked.value('listen') ?? settings.listen, certFile: fileNamed(asked.value('cert')) ?? settings.certFile, keyFile: fileNamed(asked.value('key')) ?? settings.keyFile,
        addresses: asked.has('address') ? [...asked.values('address')] : settings.addresses, forwarders: asked.has('forwarder') ? [...asked.values('forwarder')] : settings.forwarders
      },
      reason: asked.value('reason')
    })
  })
  await print(asked, tools, state, (now) => `${stateText(now)}It receives mail while the console runs: mailroom serve\n`)
  return 0
}

async function deactivate(asked: Asked, tools: Tools): Promise<ExitStatus> {
  await print(asked, tools, await tools.withConsole((core) => core.call('native-mail.deactivate', { reason: asked.value('reason') })), stateText)
  return 0
}

async function test(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const through = asked.value('through')
  const found = await tools.withConsole((core) => watchWork(core, tools, (workId) => core.call('native-mail.test', { through, workId })))
  await print(asked, tools, found, ({ ms, hops }) => `The test mail arrived after ${ms} ms${through === null ? '' : `, over ${hops} server${hops === 1 ? '' : 's'}`}.\n`)
  return 0
}

async function finish(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const finishNow = (core: Core): Promise<NativeMailState> => core.call('native-mail.finish', { stop: [...asked.values('stop')] })
  await print(asked, tools, await tools.withConsole(finishNow), stateText)
  return 0
}

async function forwarding(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const [provider] = asked.positionals
  const chosen = forwardingGuides.filter((guide) => provider === undefined || guide.provider === provider)
  if (chosen.length === 0) throw usageFault(`There is no guide for “${provider}”: name ${forwardingGuides.map((guide) => guide.provider).join(', ')}.`)
  const { supportAddress } = await tools.withConsole((core) => core.call('native-mail.state', {}))
  await print(asked, tools, chosen.map((guide) => forwardingGuideFor(guide, supportAddress ?? 'the support address')), (guides) => guides.map(guideText).join('\n'))
  return 0
}

const guideText = ({ name, ways, headers, notes, sources, asOf }: ForwardingGuide): string =>
  [name, ...ways.flatMap((way) => ['', `  ${way.title} (${way.for})`, ...way.steps.map((step, index) => `  ${index + 1}. ${step}`)]), '', `  ${headers}`, ...notes.map((note) => `  ${note}`), `  Sources, as of ${asOf}: ${sources.join(', ')}`, ''].join('\n')

/** As the console will find it from wherever it is started. */
const fileNamed = (path: string | null): string | null => (path === null ? null : resolve(path))

const stages: Record<NativeMailState['stage'], string> = {
  custom: 'Native mail is not active.', configured: 'Configured: send a test mail next (native-mail test).', tested: 'Tested: finish the move next (native-mail finish).', native: 'The move to native mail is finished.'
}

function stateText({ stage, supportAddress, mailServer, encrypted, settings, listening, received, fetching, problem }: NativeMailState): string {
  const rows: [string, string][] = [
    ['support address', supportAddress ?? 'none yet'], ['mail server', mailServer ?? 'none yet'], ['further addresses', settings.addresses.join(', ') || 'none'], ['encryption', encrypted ? 'STARTTLS' : 'none'],
    ['listening', listening ? 'yes' : 'no'], ['received', `${received.mails} mails, ${received.refused} refused${received.lastAt === null ? '' : `, the last at ${when(received.lastAt)}`}`], ['still fetching', fetching.join(', ') || 'no server']
  ]
  const words = problem === null ? null : wordsOf(problem)
  return `${stages[stage]}\n${rows.map(([name, value]) => `  ${name.padEnd(18)} ${plain(value)}\n`).join('')}${words === null ? '' : `${plain(words.title)} ${plain(words.advice)}\n`}`
}
