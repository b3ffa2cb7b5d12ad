import type { Socket } from 'node:net'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import type { Peer } from '#contract/problem.ts'
import type { OutgoingMessage, SendAnswer } from '../outgoing-transport.ts'
import type { Presented } from '../present-credentials.ts'
import { tokenErrorWords, tokenFarewell, tokenMechanisms, tokenResponse, type TokenMechanism } from '../sasl-token.ts'
import type { Transcript } from '../connection/transcript.ts'
import type { SmtpStage } from './smtp-problem.ts'

/** What EHLO said (RFC 5321 4.1.1.1): extension lines without codes, methods of AUTH, and SIZE in bytes (RFC 1870), null where it is not told. */
export type Ehlo = { lines: string[]; authMethods: string[]; maxSize: number | null }

/** A failed step. `said` is the server's reply; '' means that the connection failed, `messageBegun` once the message itself was under way. */
export type SmtpFailure = { stage: SmtpStage; said: string; cause: unknown; messageBegun: boolean }

/** Methods of AUTH in the order in which they are chosen, for a password and for a token. */
export const signInMethods = { password: ['PLAIN', 'LOGIN', 'CRAM-MD5'], token: tokenMechanisms } as const
export type SignInMethod = (typeof signInMethods)[Presented['kind']][number]

/** A dialogue after the greeting and STARTTLS. Rejects with what `explain` makes of a failure. */
export type SmtpDialogue = {
  ehlo(): Promise<Ehlo>
  signIn(method: SignInMethod, presented: Presented): Promise<void>
  /** Resolves when the server took the message for at least one recipient. */
  send(message: OutgoingMessage): Promise<SendAnswer>
  end(): void
}

/** `silenceMs` bounds every wait for the server. */
export type SmtpDialogueNeeds = Peer & { encrypted: boolean; silenceMs: number; transcript: Transcript | null; explain: (failure: SmtpFailure) => Promise<Error> }

/** nodemailer on a socket whose greeting has been read. */
export const createSmtpDialogue = (socket: Socket, { host, port, encrypted, silenceMs, transcript, explain }: SmtpDialogueNeeds): SmtpDialogue => {
  let lastReply = ''
  let messageBegun = false
  let tokenError = ''
  const heard = (kind: 'client' | 'server', text: string): void => {
    if (kind === 'server') {
      lastReply = text
      messageBegun ||= text.startsWith('354')
    }
    for (const line of text.split(/\r?\n/)) transcript?.[kind](line)
  }
  const connection = new SMTPConnection({
    connection: socket, host, secure: encrypted, secured: encrypted, ignoreTLS: true, logger: loggerFor(heard), transactionLog: true,
    customAuth: Object.fromEntries(tokenMechanisms.map((mechanism) => [mechanism, showToken(mechanism, { host, port }, (words) => (tokenError = words))])),
    connectionTimeout: silenceMs, greetingTimeout: silenceMs, socketTimeout: silenceMs
  })
  let fail = (_cause: unknown): void => undefined
  connection.on('error', (cause) => fail(cause))
  connection.on('end', () => fail(new Error('The connection was closed.')))

  const step = <Answer>(stage: SmtpStage, run: (done: (cause: unknown, answer: Answer) => void) => void): Promise<Answer> =>
    new Promise((resolve, reject) => {
      let over = false
      fail = (cause) => {
        if (over) return
        over = true
        const said = replyIn(cause)
        explain({ stage: stageOf(cause) ?? stage, said: said === '' || tokenError === '' ? said : `${said} (${tokenError})`, cause, messageBegun }).then(reject, reject)
      }
      run((cause, answer) => {
        if (cause !== null && cause !== undefined) return fail(cause)
        over = true
        resolve(answer)
      })
    })

  return {
    async ehlo() {
      // nodemailer wants to begin with a greeting.
      socket.unshift(Buffer.from('220 read before\r\n'))
      await step<void>('ehlo', (done) => connection.connect((cause) => done(cause, undefined)))
      return ehloFrom(lastReply)
    },
    signIn: (method, { user, secret }) => step<void>('sign-in', (done) => connection.login({ user, pass: secret, method }, (cause) => done(cause, undefined))),
    async send({ from, recipients, raw }) {
      const use8BitMime = raw.some((byte) => byte > 0x7f)
      transcript?.note(`Message: {${raw.length} bytes}`)
      const info = await step<SMTPConnection.SentMessageInfo | undefined>('message', (done) => connection.send({ from, to: recipients, size: raw.length, use8BitMime }, raw, done))
      const refused = (info?.rejectedErrors ?? []).map((error) => ({ address: error.recipient ?? '', serverSaid: replyIn(error) }))
      return { serverSaid: info?.response ?? '', accepted: info?.accepted ?? [], refused }
    },
    end() {
      connection.quit()
      connection.close()
    }
  }
}

/** nodemailer's transaction log: what was sent, secrets replaced, and each reply. */
function loggerFor(heard: (kind: 'client' | 'server', text: string) => void) {
  const ignore = (): void => undefined
  const debug = (entry: unknown, text: unknown): void => {
    const kind = typeof entry === 'object' && entry !== null && 'tnx' in entry ? entry.tnx : null
    if (kind === 'server' || kind === 'client') heard(kind, String(text))
  }
  return { level: ignore, trace: ignore, debug, info: ignore, warn: ignore, error: ignore, fatal: ignore }
}

function ehloFrom(reply: string): Ehlo {
  const lines = reply.split(/\r?\n/).slice(1).map((line) => line.replace(/^\d{3}[ -]/, '').trim())
  const argument = (name: string): string => lines.find((line) => line.toUpperCase().startsWith(name))?.slice(name.length) ?? ''
  const size = Number(argument('SIZE'))
  return { lines, authMethods: argument('AUTH').toUpperCase().split(/[\s=]+/).filter((method) => method !== ''), maxSize: size > 0 ? size : null }
}

/** An exchange of RFC 4954 with the token as initial response; an error of RFC 7628 3.2.2 is told before the exchange ends. */
const showToken = (mechanism: TokenMechanism, peer: Peer, tell: (words: string) => void) => async ({ auth, sendCommand }: SMTPConnection.CustomAuthenticationContext): Promise<void> => {
  const { user, pass } = auth.credentials
  const first = await sendCommand(`AUTH ${mechanism} ${tokenResponse(mechanism, { user, secret: pass }, peer)}`)
  if (first.status === 334) tell(tokenErrorWords(first.text))
  const { status } = first.status === 334 ? await sendCommand(tokenFarewell[mechanism]) : first
  if (status !== 235) throw new Error('The token was not taken.')
}

const replyIn = (cause: unknown): string => (typeof cause === 'object' && cause !== null && 'response' in cause && typeof cause.response === 'string' ? cause.response : '')

/** nodemailer names the command that was refused. */
function stageOf(cause: unknown): SmtpStage | null {
  const command = typeof cause === 'object' && cause !== null && 'command' in cause ? cause.command : null
  return command === 'MAIL FROM' ? 'sender' : command === 'RCPT TO' ? 'recipient' : command === 'DATA' ? 'message' : null
}
