import { createHash } from 'node:crypto'
import { ProblemError, type Peer } from '#contract/problem.ts'
import type { Auth } from '#contract/fields.ts'
import type { DownloadedMessage, ListedMessage } from '../incoming-transport.ts'
import { bareMessageId } from '../../model/bare-message-id.ts'
import { messageIdOf } from '../message-id.ts'
import type { Presented } from '../present-credentials.ts'
import { tokenErrorWords, tokenFarewell, tokenMechanism, tokenMechanisms, tokenResponse } from '../sasl-token.ts'
import type { Pop3Command, Pop3Connection } from './pop3-connection.ts'
import type { Pop3Response } from './response-reader.ts'
import { pop3Problem, saysMessageGone } from './pop3-problem.ts'

/** What CAPA said (RFC 2449): upper-case keyword to its arguments; empty where the server knows no CAPA. */
export type Pop3Capabilities = ReadonlyMap<string, readonly string[]>

export type Pop3SessionNeeds = { server: string; peer: Peer; user: string; auth: Auth; encrypted: boolean; maxMessageSize: number }

/** A POP3 dialogue beyond the greeting; message numbers stay inside. Every method throws ProblemError. */
export type Pop3Session = {
  capabilities(): Promise<Pop3Capabilities>
  signIn(presented: Presented): Promise<void>
  /** All messages, oldest first, by UIDL, or by a hash of their headers where the server has no UIDL. */
  list(): Promise<ListedMessage[]>
  /** Throws `message-unreadable` where the server refuses one, `message-too-large` where more comes than LIST told; the others can still be had. */
  download(messages: readonly ListedMessage[]): AsyncGenerator<DownloadedMessage>
  /** Headers and the first lines of a message, or all of it where the server has no TOP; null when it is not there. */
  top(id: string, lines: number): Promise<Buffer | null>
  /** Headers of the newest messages, by their id; empty where the server has no TOP. Nothing is downloaded. */
  headers(): Promise<ReadonlyMap<string, Buffer>>
  /** The message with this Message-ID among the newest; null where none has it. */
  find(messageId: string): Promise<DownloadedMessage | null>
  /** Deletes at the end of the session: nothing is gone before `quit` resolves (RFC 1939 section 6). */
  markDeleted(ids: readonly string[]): Promise<void>
  quit(): Promise<void>
  /** Ends without a goodbye: nothing is deleted. */
  end(): void
}

/** Bytes and commands asked for ahead of the consumer, which is all that can pile up here. */
const aheadBytes = 2_000_000
const aheadCommands = 32
const longestListing = 64_000_000
/** How many headers are read for an inventory: each is a command and an answer. */
const newestShown = 500
/** A probe that came back is among the newest. */
const newestSearched = 200

export const createPop3Session = (connection: Pop3Connection, needs: Pop3SessionNeeds): Pop3Session => {
  let capabilities: Pop3Capabilities = new Map()
  let numbers: Map<string, { number: number; size: number }> | null = null
  const deleted = new Set<string>()

  const refusal = (command: string, response: Pop3Response): ProblemError =>
    new ProblemError(pop3Problem({ command, said: response.text.replace(/^-ERR ?/i, ''), server: needs.server, user: needs.user, auth: needs.auth, peer: needs.peer, encrypted: needs.encrypted }))
  const unreadable = (response: Pop3Response): ProblemError => {
    const refused = refusal('RETR', response)
    return refused.problem.code === 'server-busy' ? refused : new ProblemError({ code: 'message-unreadable', reason: response.text }, { cause: refused })
  }
  /** LIST may tell less than what comes. */
  const whole = (id: string, size: number, raw: Buffer): DownloadedMessage => {
    if (size > raw.length) throw new ProblemError({ code: 'message-too-large', size, limit: needs.maxMessageSize })
    return { id, size, raw }
  }
  const must = async (command: string, sent: Pop3Command): Promise<Pop3Response> => {
    const response = await connection.send(sent)
    if (!response.ok) throw refusal(command, response)
    return response
  }

  /** Sends ahead where the server allows it; answers in order. A consumer that stops leaves answers that nobody reads. */
  async function* inOrder<Item>(items: readonly Item[], weight: (item: Item) => number, command: (item: Item) => Pop3Command): AsyncGenerator<[Item, Pop3Response]> {
    const ahead: { item: Item; answer: Promise<Pop3Response> }[] = []
    const limit = capabilities.has('PIPELINING') ? aheadCommands : 1
    let bytes = 0
    let next = 0
    for (;;) {
      for (let item = items[next]; item !== undefined && ahead.length < limit && (ahead.length === 0 || bytes + weight(item) <= aheadBytes); item = items[++next]) {
        const answer = connection.send(command(item))
        // A failure is met when its turn comes.
        answer.catch(() => undefined)
        ahead.push({ item, answer })
        bytes += weight(item)
      }
      const first = ahead.shift()
      if (first === undefined) return
      const response = await first.answer
      bytes -= weight(first.item)
      yield [first.item, response]
    }
  }

  const listSizes = async (): Promise<Map<number, number>> => {
    const { body } = await must('LIST', { line: 'LIST', lines: longestListing })
    return new Map(linesOf(body).map((line) => { const [number, size] = line.split(/\s+/); return [Number(number), Number(size)] }))
  }
  const listIds = async (sizes: Map<number, number>): Promise<Map<number, string>> => {
    const response = await connection.send({ line: 'UIDL', lines: longestListing })
    if (response.ok) return new Map(linesOf(response.body).map((line) => { const [number, ...id] = line.split(' '); return [Number(number), id.join(' ')] }))
    const ids = new Map<number, string>()
    for await (const [number, top] of inOrder([...sizes.keys()], () => 4_000, (message) => ({ line: `TOP ${message} 0`, lines: 1_000_000 }))) {
      if (!top.ok) throw refusal('UIDL', response)
      ids.set(number, hashOfHeaders(top.body ?? Buffer.alloc(0)))
    }
    return ids
  }
  const listing = async (): Promise<Map<string, { number: number; size: number }>> => {
    if (numbers !== null) return numbers
    const sizes = await listSizes()
    const ids = await listIds(sizes)
    const found = new Map<string, { number: number; size: number }>()
    for (const [number, size] of sizes) {
      const id = ids.get(number)
      if (id !== undefined) found.set(uniqueAmong(found, id), { number, size })
    }
    numbers = found
    return found
  }

  /** In two lines, as Exchange takes it: https://learn.microsoft.com/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth */
  const signInByToken = async (presented: Presented): Promise<void> => {
    const offered = capabilities.get('SASL') ?? []
    const mechanism = capabilities.size === 0 ? tokenMechanisms[0] : tokenMechanism(offered)
    if (mechanism === null) throw new ProblemError({ code: 'sign-in-method-not-offered', server: needs.server, offered: [...offered] })
    const ready = await connection.send({ line: `AUTH ${mechanism}` })
    if (!goesOn(ready)) throw refusal('sign-in', ready)
    const answer = await connection.send({ line: tokenResponse(mechanism, presented, needs.peer), shown: `AUTH ${mechanism} ***` })
    if (answer.ok) return
    const refused = goesOn(answer) ? await connection.send({ line: tokenFarewell[mechanism] }) : answer
    const words = goesOn(answer) ? tokenErrorWords(answer.text.slice(1)) : ''
    if (refused.ok) return
    throw refusal('sign-in', words === '' ? refused : { ...refused, text: `${refused.text} (${words})` })
  }

  return {
    async capabilities() {
      const response = await connection.send({ line: 'CAPA', lines: 100_000 })
      capabilities = new Map(linesOf(response.body).map((line) => { const [name = '', ...rest] = line.toUpperCase().split(' '); return [name, rest] }))
      return capabilities
    },
    async signIn(presented) {
      if (presented.kind === 'token') return signInByToken(presented)
      const { user, secret } = presented
      const sasl = capabilities.get('SASL')
      const plain = `AUTH PLAIN ${Buffer.from(`\0${user}\0${secret}`).toString('base64')}`
      // RFC 5034: a longer first response would need another round trip.
      if (sasl?.includes('PLAIN') === true && (plain.length <= 255 || !capabilities.has('USER'))) return void (await must('sign-in', { line: plain, shown: 'AUTH PLAIN ***' }))
      if (capabilities.size > 0 && !capabilities.has('USER')) throw new ProblemError({ code: 'sign-in-method-not-offered', server: needs.server, offered: [...(sasl ?? [])] })
      if (/[\r\n\0]/.test(user + secret)) throw new ProblemError({ code: 'credentials-refused', server: needs.server, user, serverSaid: 'not sent: a line break cannot be part of a POP3 sign-in' })
      await must('sign-in', { line: `USER ${user}` })
      await must('sign-in', { line: `PASS ${secret}`, shown: 'PASS ***' })
    },
    async list() {
      return [...(await listing())].filter(([id]) => !deleted.has(id)).map(([id, { size }]) => ({ id, size }))
    },
    async *download(messages) {
      const known = await listing()
      const there = messages.flatMap(({ id }) => { const place = known.get(id); return place === undefined || deleted.has(id) ? [] : [{ id, ...place }] })
      for await (const [{ id }, response] of inOrder(there, ({ size }) => size, ({ number }) => ({ line: `RETR ${number}`, lines: needs.maxMessageSize }))) {
        if (response.body !== null) yield whole(id, response.size, response.body)
        else if (!saysMessageGone(response.text)) throw unreadable(response)
      }
    },
    async top(id, lines) {
      const place = (await listing()).get(id)
      if (place === undefined) return null
      const top = await connection.send({ line: `TOP ${place.number} ${lines}`, lines: 2_000_000 })
      return top.ok ? top.body : (await connection.send({ line: `RETR ${place.number}`, lines: 2_000_000 })).body
    },
    async headers() {
      const found = new Map<string, Buffer>()
      if (capabilities.size > 0 && !capabilities.has('TOP')) return found
      const newest = [...(await listing())].slice(-newestShown)
      for await (const [[id], top] of inOrder(newest, () => 4_000, ([, { number }]) => ({ line: `TOP ${number} 0`, lines: 1_000_000 }))) {
        if (!top.ok && found.size === 0 && !saysMessageGone(top.text)) return found
        if (top.ok) found.set(id, top.body ?? Buffer.alloc(0))
      }
      return found
    },
    async find(messageId) {
      const wanted = bareMessageId(messageId)
      const newest = [...(await listing())].filter(([id]) => !deleted.has(id)).slice(-newestSearched).reverse()
      for await (const [[id, { number, size }], top] of inOrder(newest, () => 4_000, ([, place]) => ({ line: `TOP ${place.number} 0`, lines: 1_000_000 }))) {
        if (!top.ok || wanted === '' || messageIdOf(top.body ?? Buffer.alloc(0)) !== wanted) continue
        const { body } = await connection.send({ line: `RETR ${number}`, lines: needs.maxMessageSize })
        return body === null ? null : { id, size, raw: body }
      }
      return null
    },
    async markDeleted(ids) {
      const known = await listing()
      const there = [...new Set(ids)].filter((id) => known.has(id) && !deleted.has(id))
      for await (const [id, response] of inOrder(there, () => 100, (message) => ({ line: `DELE ${known.get(message)?.number}` }))) {
        if (!response.ok && !saysMessageGone(response.text)) throw refusal('DELE', response)
        deleted.add(id)
      }
    },
    async quit() {
      await must('QUIT', { line: 'QUIT' })
      connection.end()
    },
    end: () => connection.end()
  }
}

/** A continuation (RFC 5034 section 4). */
const goesOn = ({ text }: Pop3Response): boolean => /^\+(?: |$)/.test(text)

const linesOf = (body: Buffer | null): string[] => (body === null ? [] : body.toString('utf8').split('\r\n').filter((line) => line !== ''))

/** RFC 1939 lets a server give equal ids to equal messages; the second becomes `id#2`. */
function uniqueAmong(found: ReadonlyMap<string, unknown>, id: string): string {
  let unique = id
  for (let count = 2; found.has(unique); count++) unique = `${id}#${count}`
  return unique
}

/** Fields that servers add when a message is looked at are left out, so that the hash stays the same. */
const hashOfHeaders = (headers: Buffer): string =>
  createHash('sha256').update(headers.toString('latin1').split('\r\n').filter((line) => !/^(?:X-)?(?:Status|UIDL|Mozilla-Status2?):/i.test(line)).join('\n'), 'latin1').digest('hex').slice(0, 40)
