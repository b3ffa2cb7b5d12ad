import type { CallAnswer } from '#contract/calls.ts'
import type { IncomingChanges, OutgoingChanges } from '#contract/edit-many.ts'
import { tlsVersions } from '#contract/protocols.ts'
import type { ExitStatus } from '../model/exit-status.ts'
import { parseDuration, parseSize } from '../model/human-units.ts'
import { plain } from '../model/plain-line.ts'
import type { Asked, Command, Core, Flag, Tools } from './command.ts'
import { oneOf, usageFault, wholeNumber } from './parse-command.ts'
import { print } from './print.ts'

const onOff = ['on', 'off'] as const
const shared = {
  proxy: { value: 'URL', help: 'http://host:port or socks5://host:port; none takes it away' }, 'tls-min': { value: 'VERSION', help: `least TLS version: ${tlsVersions.join(', ')}` }, debug: { value: 'on|off', help: 'the transcript' },
  try: { help: 'shows what would be different and changes nothing' }, reason: { value: 'TEXT', help: 'why; kept in the history' }
} satisfies Record<string, Flag>

const many = { arguments: 'NAME…', takes: [1, 10_000] } as const

/** `mailroom incoming set NAME… --fetch-every 5m`: the same change in one or many servers, all of them or none. */
export const setIncoming: Command = {
  ...many, name: 'incoming set', summary: 'Changes the same in several incoming servers, all of them or none.', example: 'mailroom incoming set it hr --fetch-every 5m --partition IT --restart', run: (asked, tools) => set(asked, tools, (core, order) => core.call('incoming.edit-many', { ...order, changes: incomingChangesOf(asked), restart: asked.has('restart') })),
  flags: {
    partition: { value: 'NAME', help: 'the partition of its requests' }, 'fetch-every': { value: 'TIME', help: 'such as 60s or 5m' }, push: { value: 'on|off', help: 'whether new mail is announced, where the protocol can' },
    'after-fetch': { value: 'WHAT', help: 'mark-seen, move or delete' }, 'move-to': { value: 'FOLDER', help: 'where --after-fetch move puts mail' }, 'max-size': { value: 'SIZE', help: 'largest message, such as 20MB' },
    'stop-after': { value: 'N', help: 'errors after which fetching stops; never' }, 'silence-alert': { value: 'on|off', help: 'whether silence of the mailbox is told' }, template: { value: 'NAME', help: 'request template; none' },
    ...shared, restart: { help: 'stops the servers that run, and starts them again afterwards' }
  }
}

export const setOutgoing: Command = {
  ...many, name: 'outgoing set', summary: 'Changes the same in several outgoing servers, all of them or none.', example: 'mailroom outgoing set main reserve --timeout 60s --tls-min TLSv1.3', run: (asked, tools) => set(asked, tools, (core, order) => core.call('outgoing.edit-many', { ...order, changes: outgoingChangesOf(asked) })),
  flags: {
    'sender-name': { value: 'TEXT', help: 'the name beside the From address' }, 'reply-to': { value: 'ADDRESS', help: 'the From address, to which answers come' }, timeout: { value: 'TIME', help: 'such as 30s' }, block: { value: 'on|off', help: 'whether mail is held back in the outbox' },
    'override-to': { value: 'ADDRESS', help: 'where all mail goes instead of its recipients; none' }, images: { value: 'cid|base64', help: 'embedded images attached or inline' }, connections: { value: 'N', help: 'connections that are open at once' },
    'max-size': { value: 'SIZE', help: 'largest mail, such as 25MB; none is what the server says' }, 'when-uncertain': { value: 'WHAT', help: 'hold or send-again, where nobody can say whether a mail arrived' }, 'sent-copies-in': { value: 'NAME', help: 'IMAP server that keeps copies of what is sent; none' },
    alternate: { value: 'NAME', help: 'outgoing server that stands in; none' }, ...shared
  }
}

type Order = { names: string[]; tryOnly: boolean; reason: string | null }

async function set(asked: Asked, tools: Tools, call: (core: Core, order: Order) => Promise<CallAnswer<'incoming.edit-many'>>): Promise<ExitStatus> {
  const order = { names: [...asked.positionals], tryOnly: asked.has('try'), reason: asked.value('reason') }
  const answer = await tools.withConsole((core) => call(core, order))
  await print(asked, tools, answer, (done) => textOf(done, order.tryOnly))
  return answer.notStarted.length > 0 ? 1 : 0
}

function textOf({ differences, running, notStarted, earlier }: CallAnswer<'incoming.edit-many'>, tryOnly: boolean): string {
  if (differences.length === 0) return 'Nothing has to be changed.\n'
  const changed = differences.map(({ name, fields }) => `~ ${plain(name)}\n${fields.map(({ field, here, there }) => `    ${field}: ${plain(here)} → ${plain(there)}\n`).join('')}`).join('')
  if (tryOnly) return `${changed}${running.length > 0 ? `Running, to be stopped first, or with --restart: ${plain(running.join(', '))}\n` : ''}`
  return `${changed}${notStarted.length > 0 ? `Not started again: ${plain(notStarted.join(', '))}\n` : ''}${earlier === null ? '' : `To take it back: mailroom config rollback ${earlier}\n`}`
}

function incomingChangesOf(asked: Asked): IncomingChanges {
  const number = asked.value('stop-after')
  return given({
    partition: asked.value('partition'), fetchEveryMs: measured(asked, 'fetch-every', parseDuration, 'a time such as 60s or 5m'), push: switched(asked, 'push'), afterFetch: oneOf('after-fetch', asked.value('after-fetch'), ['mark-seen', 'move', 'delete']),
    moveTo: asked.value('move-to'), maxMessageSize: measured(asked, 'max-size', parseSize, 'a size such as 20MB'), silenceAlert: switched(asked, 'silence-alert'), ...sharedChanges(asked)
  }, { ...(number === null ? {} : { stopAfter: number === 'never' ? null : wholeNumber('stop-after', number, 1, 1_000_000) }), ...orNone(asked, 'template'), ...orNone(asked, 'proxy') })
}

const outgoingChangesOf = (asked: Asked): OutgoingChanges =>
  given({
    senderName: asked.value('sender-name'), replyTo: asked.value('reply-to'), timeoutMs: measured(asked, 'timeout', parseDuration, 'a time such as 30s'), block: switched(asked, 'block'), embeddedImages: oneOf('images', asked.value('images'), ['cid', 'base64']),
    mostConnections: counted(asked, 'connections'), whenUncertain: oneOf('when-uncertain', asked.value('when-uncertain'), ['hold', 'send-again']), ...sharedChanges(asked)
  }, {
    ...orNone(asked, 'proxy'), ...renamed('overrideTo', orNone(asked, 'override-to')), ...renamed('sentCopiesIn', orNone(asked, 'sent-copies-in')), ...renamed('alternateServer', orNone(asked, 'alternate')),
    ...(asked.value('max-size') === 'none' ? { maxMailSize: null } : given({ maxMailSize: measured(asked, 'max-size', parseSize, 'a size such as 25MB, or none') }, {}))
  })

/** What a flag asks for under its name in the contract. */
const renamed = <Key extends string>(key: Key, flag: Readonly<Record<string, string | null>>): { [Name in Key]?: string | null } => {
  const [value] = Object.values(flag)
  return value === undefined ? {} : ({ [key]: value } as { [Name in Key]: string | null })
}

function counted(asked: Asked, flag: string): number | null {
  const typed = asked.value(flag)
  return typed === null ? null : wholeNumber(flag, typed, 1, 50)
}

const sharedChanges = (asked: Asked) => ({ minTlsVersion: oneOf('tls-min', asked.value('tls-min'), tlsVersions), debug: switched(asked, 'debug') })

type Given<Of> = { [Key in keyof Of]?: Exclude<Of[Key], null> }

/** Null is what was not asked for, except in `besides`, where it takes something away. */
const given = <Of extends object, More extends object>(changes: Of, besides: More): Given<Of> & More => ({ ...(Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== null)) as Given<Of>), ...besides })

const orNone = <Flag extends string>(asked: Asked, flag: Flag): { [Key in Flag]?: string | null } => {
  const value = asked.value(flag)
  return value === null ? {} : ({ [flag]: value === 'none' ? null : value } as { [Key in Flag]: string | null })
}

function switched(asked: Asked, flag: string): boolean | null {
  const word = oneOf(flag, asked.value(flag), onOff)
  return word === null ? null : word === 'on'
}

function measured(asked: Asked, flag: string, parse: (text: string) => number | null, what: string): number | null {
  const typed = asked.value(flag)
  const value = typed === null ? null : parse(typed)
  if (typed !== null && value === null) throw usageFault(`--${flag} needs ${what}; “${typed.slice(0, 40)}” is none.`)
  return value
}
