import { builtInAcknowledgement, placeholders, requestMailEvents, type MailTemplate } from '#contract/mail-template.ts'
import type { Settings } from '#contract/settings.ts'
import type { ExitStatus } from '../../model/exit-status.ts'
import { nearestName } from '#contract/nearest-name.ts'
import { plain, plainLines } from '../../model/plain-line.ts'
import type { Asked, Command, Core, Flag, Tools } from '../command.ts'
import { readInput } from '../file-problem.ts'
import { oneOf, usageFault, wholeNumber } from '../parse-command.ts'
import { asksForAll, print, printList } from '../print.ts'
import { watchWork } from '../watch-work.ts'

const source: Readonly<Record<string, Flag>> = {
  rule: { value: 'NAME', help: 'the template of this rule' }, acknowledgement: { help: 'the template of the acknowledgement, the built-in one where there is no other' },
  subject: { value: 'TEXT', help: 'a subject, for a template that is not stored yet' }, text: { value: 'FILE', help: 'its text; - is stdin' }, html: { value: 'FILE', help: 'its HTML' },
  request: { value: 'N', help: 'on this request; without it on a made-up one' }
}

/** `mailroom template …`: mail about requests that goes out by itself. */
export const template: readonly Command[] = [
  {
    name: 'template list', arguments: '', takes: [0, 0], summary: 'Lists the rules by which mail about requests goes out.', example: 'mailroom template list --event request-created',
    flags: { event: { value: 'EVENT', help: requestMailEvents.join(', ') }, partition: { value: 'NAME', help: 'only rules for this partition' } }, run: list
  },
  { name: 'template placeholders', arguments: '', takes: [0, 0], flags: {}, summary: 'Lists what may stand in double braces in a template.', example: 'mailroom template placeholders', run: listPlaceholders },
  { name: 'template preview', arguments: '', takes: [0, 0], flags: source, summary: 'Shows a template as a recipient would see it.', example: 'mailroom template preview --rule "New request" --request 12', run: preview },
  {
    name: 'template send-sample', arguments: '', takes: [0, 0], summary: 'Sends a template as a sample, at once, through the server of its partition.', example: 'mailroom template send-sample --acknowledgement --to me@example.com',
    flags: { to: { value: 'ADDRESS', help: 'to whom' }, ...source, partition: { value: 'NAME', help: 'through the server of this partition; without it that of the request, or the default' } }, run: sendSample
  }
]

async function list(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const event = oneOf('event', asked.value('event'), requestMailEvents)
  const partition = asked.value('partition')
  const rules = (await tools.withConsole((core) => core.call('settings.get', {}))).requestMails.filter((rule) => (event === null || rule.event === event) && (partition === null || rule.partitions.length === 0 || rule.partitions.includes(partition)))
  const cells = (rule: Settings['requestMails'][number]): string[] => [rule.name, rule.enabled ? 'on' : 'off', rule.event, rule.partitions.join(', ') || 'any', rule.to.join(', '), rule.template.subject, rule.template.html === null ? 'text' : 'HTML']
  await printList(asked, tools, rules, ['name', 'state', 'event', 'partitions', 'to', 'subject', 'format'], cells, asksForAll({ event, partition }) ? 'No rule sends mail about requests. Add one under Mail templates in the console, or as requestMails in the configuration file.' : 'No rule matches.')
  return 0
}

async function listPlaceholders(asked: Asked, tools: Tools): Promise<ExitStatus> {
  await printList(asked, tools, Object.entries(placeholders).map(([name, meaning]) => ({ name, meaning })), ['placeholder', 'meaning'], ({ name, meaning }) => [`{{${name}}}`, meaning], '')
  return 0
}

async function preview(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const request = wholeNumber('request', asked.value('request'), 1, Number.MAX_SAFE_INTEGER)
  const shown = await tools.withConsole(async (core) => core.call('template.preview', { template: await templateOf(asked, tools, core), request }))
  await print(asked, tools, shown, ({ subject, text, html }) => `Subject: ${plain(subject)}\n\n${plainLines(text).trimEnd()}\n${html === null ? '' : `\nHTML:\n${plainLines(html)}\n`}`)
  return 0
}

async function sendSample(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const to = asked.value('to')
  if (to === null) throw usageFault('“template send-sample” needs --to ADDRESS.')
  const request = wholeNumber('request', asked.value('request'), 1, Number.MAX_SAFE_INTEGER)
  const sent = await tools.withConsole(async (core) => {
    const mail = await templateOf(asked, tools, core)
    return watchWork(core, tools, (workId) => core.call('template.send-sample', { template: mail, request, partition: asked.value('partition'), to, workId }))
  })
  const refused = sent.refused.map(({ address, serverSaid }) => `Refused: ${plain(address)}: ${plain(serverSaid)}\n`).join('')
  await print(asked, tools, sent, ({ messageId, serverSaid, through }) => `Sent${through === 'alternate' ? ' through the alternate server' : ''}: ${plain(messageId)}\nThe server said: ${plain(serverSaid)}\n${refused}`)
  return sent.refused.length > 0 ? 1 : 0
}

/** The template that the flags name, or say. Throws ProblemError where they name none, or more than one. */
async function templateOf(asked: Asked, tools: Tools, core: Pick<Core, 'call'>): Promise<MailTemplate> {
  const rule = asked.value('rule')
  const typed = ['subject', 'text', 'html'].filter((flag) => asked.has(flag))
  const ways = [rule === null ? null : '--rule', asked.has('acknowledgement') ? '--acknowledgement' : null, typed[0] === undefined ? null : `--${typed[0]}`].filter((way) => way !== null)
  if (ways.length !== 1) throw usageFault(ways.length === 0 ? 'Name a template: --rule NAME, --acknowledgement, or --subject TEXT with --text FILE or --html FILE.' : `${ways.join(' and ')} do not go together.`)
  if (typed.length > 0) return typedTemplate(asked, tools)
  const { requestMails, processing } = await core.call('settings.get', {})
  if (rule === null) return processing.answers.template ?? builtInAcknowledgement
  const found = requestMails.find(({ name }) => name.toLowerCase() === rule.toLowerCase())
  if (found !== undefined) return found.template
  const nearest = nearestName(rule, requestMails.map(({ name }) => name))
  throw usageFault(`There is no rule “${rule.slice(0, 64)}”${nearest === null ? '; mailroom template list names them.' : `. Did you mean “${nearest}”?`}`)
}

async function typedTemplate(asked: Asked, tools: Tools): Promise<MailTemplate> {
  const read = async (flag: string): Promise<string | null> => {
    const file = asked.value(flag)
    return file === null ? null : (await readInput(file, tools)).toString('utf8').replace(/^\ufeff/, '')
  }
  const subject = asked.value('subject')
  if (subject === null) throw usageFault('A template needs --subject TEXT.')
  return { subject, text: (await read('text')) ?? '', html: await read('html') }
}
