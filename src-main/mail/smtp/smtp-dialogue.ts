import { isAscii as isAsciiOnly } from 'node:buffer'
import type { Socket } from 'node:net'
import { hostname } from 'node:os'
import type { Peer } from '#contract/problem.ts'
import { wireError } from '../connection/line-wire.ts'
import type { Transcript } from '../connection/transcript.ts'
import type { OutgoingMessage, SendAnswer } from '../outgoing-transport.ts'
import type { Presented } from '../present-credentials.ts'
import { envelopeAddress, isAscii } from './envelope-address.ts'
import { messageData } from './message-data.ts'
import type { SmtpStage } from './smtp-problem.ts'
import { exchangeSecret, type SignInMethod } from './smtp-sign-in.ts'
import { createSmtpWire, type SmtpReply } from './smtp-wire.ts'

/** What EHLO said (RFC 5321 4.1.1.1): extension lines without codes, methods of AUTH, and SIZE in bytes (RFC 1870), null where it is not told. */
export type Ehlo = { lines: string[]; authMethods: string[]; maxSize: number | null }

/**
 * A failed step. `said` is the server's reply; '' means that the connection failed. `refused` are the recipients it is about. `wasWhole`: the whole message
 * had gone out, so nobody can say whether it was taken.
 */
export type SmtpFailure = { stage: SmtpStage; said: string; cause: unknown; refused: string[]; wasWhole: boolean }

/** A dialogue after the greeting and STARTTLS, for any number of messages. Rejects with what `explain` makes of a failure. */
export type SmtpDialogue = {
  ehlo(): Promise<Ehlo>
  signIn(method: SignInMethod, presented: Presented): Promise<void>
  /** Resolves when the server took the message for at least one recipient. */
  send(message: OutgoingMessage): Promise<SendAnswer>
  /** Whether another message can be sent. */
  isUsable(): boolean
  end(): void
}

/** `silenceMs` bounds every wait for the server but the last of a message, for which it has `endOfMessageMs` (RFC 5321 4.5.3.2.6: ten minutes). */
export type SmtpDialogueNeeds = Peer & { silenceMs: number; endOfMessageMs: number; signal: AbortSignal; transcript: Transcript | null; explain: (failure: SmtpFailure) => Promise<Error> }

/** SMTP (RFC 5321) with PIPELINING (2920), SIZE (1870), 8BITMIME (6152) and SMTPUTF8 (6531) on a socket whose greeting has been read. */
export function createSmtpDialogue(socket: Socket, { silenceMs, endOfMessageMs, signal, transcript, explain, ...peer }: SmtpDialogueNeeds): SmtpDialogue {
  const wire = createSmtpWire(socket, { silenceMs, transcript, signal })
  let offered: Ehlo = { lines: [], authMethods: [], maxSize: null }
  /** Replies and commands belong together, and the server wants more of them. */
  let isInStep = true
  /** A transaction was begun and not ended. */
  let isOpen = false

  const refused = async (stage: SmtpStage, { code, said }: SmtpReply, recipients: string[] = []): Promise<never> => {
    // What is no refusal, and not what was asked for either, may be the reply to something else.
    if (code === 421 || !isNo({ code })) isInStep = false
    throw await explain({ stage, said, cause: null, refused: recipients, wasWhole: false })
  }
  const lost = async (stage: SmtpStage, cause: unknown, wasWhole = false): Promise<never> => {
    isInStep = false
    throw await explain({ stage, said: wasWhole ? '' : (wire.saidUnasked()?.said ?? ''), cause, refused: [], wasWhole })
  }
  const heard = <Answer>(stage: SmtpStage, work: Promise<Answer>, wasWhole = false): Promise<Answer> => work.catch((cause: unknown) => lost(stage, cause, wasWhole))
  const has = (extension: string): boolean => offered.lines.some((line) => line.toUpperCase().split(' ')[0] === extension)

  /** The command for each recipient; null for one that the server cannot be given. */
  const envelopeOf = async ({ from, recipients, raw }: OutgoingMessage): Promise<{ mail: string; recipients: (string | null)[] }> => {
    const takesUtf8 = has('SMTPUTF8')
    const sender = envelopeAddress(from, takesUtf8)
    if (sender === null) return refused('sender', notTaken)
    const commands = recipients.map((recipient) => envelopeAddress(recipient, takesUtf8)).map((address) => (address === null ? null : `RCPT TO:<${address}>`))
    if (commands.every((command) => command === null)) return refused('recipient', notTaken, recipients)
    const words = [has('SIZE') ? ` SIZE=${raw.length}` : '', has('8BITMIME') && !isAsciiOnly(raw) ? ' BODY=8BITMIME' : '', takesUtf8 && ![from, ...recipients].every(isAscii) ? ' SMTPUTF8' : '']
    return { mail: `MAIL FROM:<${sender}>${words.join('')}`, recipients: commands }
  }

  /** Replies to MAIL, each RCPT and DATA, as far as they came; DATA is left out, and null, where nobody is to get the message. */
  async function open(mail: string, recipients: readonly string[]): Promise<{ mail: SmtpReply; recipients: SmtpReply[]; data: SmtpReply | null }> {
    const first = isOpen ? ['RSET', mail] : [mail]
    isOpen = true
    if (has('PIPELINING')) {
      const replies = await heard('sender', wire.commands([...first, ...recipients, 'DATA']))
      const own = replies.slice(first.length - 1)
      // A server that sends us away says why before it closes (RFC 5321 3.8): what it left unanswered then means nothing more.
      if (replies.cut !== undefined && !own.some(isNo)) return lost('sender', replies.cut)
      return { mail: own[0] ?? nothingSaid, recipients: own.slice(1, 1 + recipients.length), data: own[1 + recipients.length] ?? null }
    }
    let started = nothingSaid
    for (const line of first) started = (await heard('sender', wire.commands([line])))[0] ?? nothingSaid
    const answers: SmtpReply[] = []
    if (isFine(started)) for (const recipient of recipients) answers.push(...(await heard('recipient', wire.commands([recipient]))))
    const data = answers.some(isFine) ? (await heard('message', wire.commands(['DATA'])))[0] ?? null : null
    return { mail: started, recipients: answers, data }
  }

  async function body(raw: Buffer): Promise<SmtpReply> {
    transcript?.note(`Message: {${raw.length} bytes}`)
    const { lines, end } = messageData(raw)
    await heard('message', wire.write(lines))
    const early = wire.saidUnasked()
    if (early !== null) return early
    // From here on the server may have all of it.
    const [, reply] = await Promise.allSettled([wire.write(end), wire.reply(endOfMessageMs)])
    if (reply.status === 'rejected') return lost('message', reply.reason, true)
    return isFine(reply.value) || isNo(reply.value) ? reply.value : lost('message', wireError('NOT_THE_PROTOCOL', reply.value.said), true)
  }

  async function nothing(): Promise<void> {
    // RFC 2920 3.1: DATA was taken though nobody is to get the message; an empty one ends it.
    await Promise.all([wire.write(Buffer.from('.\r\n')), wire.reply()]).catch((error: unknown) => transcript?.note(`The connection ended with the refusal: ${String(error)}`))
  }

  return {
    async ehlo() {
      const name = ownName(socket)
      let [reply = nothingSaid] = await heard('ehlo', wire.commands([`EHLO ${name}`]))
      if ([500, 501, 502, 504, 550].includes(reply.code)) [reply = nothingSaid] = await heard('ehlo', wire.commands([`HELO ${name}`]))
      if (reply.code !== 250) return refused('ehlo', reply)
      offered = ehloFrom(reply.said)
      return offered
    },
    async signIn(method, presented) {
      const { reply, words } = await heard('sign-in', exchangeSecret(wire, method, presented, peer))
      if (reply.code !== 235) await refused('sign-in', { ...reply, said: words === '' ? reply.said : `${reply.said} (${words})` })
    },
    async send(message) {
      const envelope = await envelopeOf(message)
      const { mail, recipients, data } = await open(envelope.mail, envelope.recipients.filter((command) => command !== null))
      const answers = recipients.values()
      const replies = envelope.recipients.map((command) => (command === null ? notTaken : (answers.next().value ?? recipients.find(isNo) ?? nothingSaid)))
      const turnedDown = message.recipients.map((address, index) => ({ address, reply: replies[index] ?? nothingSaid })).filter(({ reply }) => !isFine(reply))
      const isForSomebody = isFine(mail) && turnedDown.length < message.recipients.length
      if (data?.code === 354 && !isForSomebody) await nothing()
      if (!isFine(mail)) return refused('sender', mail)
      if (!isForSomebody) return refused('recipient', turnedDown[0]?.reply ?? nothingSaid, message.recipients)
      if (data?.code !== 354) return refused('message', data ?? recipients.find(isNo) ?? nothingSaid)
      const taken = await body(message.raw)
      isOpen = false
      if (!isFine(taken)) return refused('message', taken)
      return {
        serverSaid: taken.said, accepted: message.recipients.filter((one) => turnedDown.every(({ address }) => address !== one)),
        refused: turnedDown.map(({ address, reply }) => ({ address, serverSaid: reply.said }))
      }
    },
    isUsable: () => isInStep && wire.isUsable(),
    end: () => wire.end()
  }
}

const nothingSaid: SmtpReply = { code: 0, said: '' }
/** Our own words, in the form of a reply. */
const notTaken: SmtpReply = { code: 553, said: '553 5.6.7 The server takes no such address: it does not offer SMTPUTF8, or it is no address.' }
const isNo = ({ code }: Pick<SmtpReply, 'code'>): boolean => code >= 400 && code < 600
const isFine = ({ code }: SmtpReply): boolean => code >= 200 && code < 300

/** RFC 5321 4.1.3: without a name that others know, the address. */
function ownName({ localAddress = '127.0.0.1' }: Socket): string {
  const name = hostname()
  if (/^[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$/.test(name)) return name
  const address = localAddress.replace(/^::ffff:/, '').replace(/%.*$/, '')
  return address.includes(':') ? `[IPv6:${address}]` : `[${address}]`
}

function ehloFrom(said: string): Ehlo {
  const lines = said.split('\n').slice(1).map((line) => line.replace(/^\d{3}[ -]/, '').trim())
  const argument = (name: string): string => lines.find((line) => line.toUpperCase().startsWith(name))?.slice(name.length) ?? ''
  const size = Number(argument('SIZE'))
  return { lines, authMethods: argument('AUTH').toUpperCase().split(/[\s=]+/).filter((method) => method !== ''), maxSize: size > 0 ? size : null }
}
