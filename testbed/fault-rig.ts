import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { IncomingServer } from '#contract/incoming-server.ts'
import { ProblemError } from '#contract/problem.ts'
import type { RoundLimits } from '../src-main/fetching/round.ts'
import type { Dovecot } from './dovecot.ts'
import type { FaultProxy } from './fault-proxy.ts'
import { openFetchOffice, plainServer, type FetchOffice, type OfficeOptions } from './fetch-office.ts'
import type { GeneratedMessage } from './message-generator.ts'
import { messageHash } from './message-hash.ts'

/** What is done with mail after it was taken in; the first word is the protocol. */
export const faultModes = ['imap mark-seen', 'imap move', 'imap delete', 'imap move by copy', 'pop3 delete'] as const
export type FaultMode = (typeof faultModes)[number]

/** Everything that there is of each message, by what is in it: in the ledger, in requests, in error records, in the folders of the server. */
export type Whereabouts = { ledger: Counts; requests: Counts; errors: Counts; folders: Counts }
type Counts = Map<string, number>
export type Compared = { lost: number; doubled: number; otherwise: string[] }
export type FaultRow = Compared & { fault: string; mode: FaultMode; taken: number; errors: number; rounds: number; told: string[] }

const scaledLimits: { round: Partial<RoundLimits>; office: OfficeOptions } = {
  round: { batchMessages: 20, deadlineMs: 1_500, stuckAfterMs: 500, closeMs: 300 },
  office: { connection: { connectMs: 1_000, handshakeMs: 700, greetingMs: 700, silenceMs: 500 }, quiet: true }
}

/** Patience for runs in which nothing is slow but the machine. */
export const patient: Pick<RunNeeds, 'round' | 'office'> = { round: { deadlineMs: 60_000, stuckAfterMs: 30_000 }, office: { connection: {}, quiet: true } }

export function serverOf(mode: FaultMode, port: number, user: string): IncomingServer {
  const [protocol, afterFetch] = mode.split(' ') as ['imap' | 'pop3', IncomingServer['afterFetch']]
  return plainServer({ protocol, port, push: false, afterFetch, ...(afterFetch === 'move' ? { moveTo: 'Done' } : {}), auth: { method: 'password', user, secret: 'keychain' } } as Partial<IncomingServer>)
}

/** Fetches again and again until nothing is left to be done; at most `most` rounds. `between` is called after each with its problem. */
export async function fetchUntilQuiet(office: FetchOffice, server: IncomingServer, { most = 12, between = async () => undefined, onProgress = () => undefined }: { most?: number; between?: (code: string | null) => Promise<void>; onProgress?: (done: number) => void } = {}): Promise<{ rounds: number; told: string[]; taken: number; errors: number }> {
  const told: string[] = []
  let [rounds, taken, errors] = [0, 0, 0]
  for (; rounds < most; ) {
    const result = await office.fetch(server, onProgress)
    rounds++
    taken += result.fetched
    errors += result.errors
    if (result.problem !== null) told.push(result.problem.code)
    await between(result.problem?.code ?? null)
    if (result.problem === null && result.fetched === 0) break
  }
  return { rounds, told, taken, errors }
}

/** Where each message is now, on the server and in the console. Throws where something that is stored cannot be read. */
export async function whereabouts(office: FetchOffice, dovecot: Dovecot, user: string): Promise<Whereabouts> {
  const found: Whereabouts = { ledger: new Map(), requests: new Map(), errors: new Map(), folders: new Map() }
  const names = new Map<string, string>()
  const nameOf = async (content: string): Promise<string> => {
    const known = names.get(content)
    if (known !== undefined) return known
    const name = messageHash(await office.messages.raw(content))
    names.set(content, name)
    return name
  }
  for (const { fingerprint, outcome } of await office.database.all<{ fingerprint: string | null; outcome: string }>('SELECT fingerprint, outcome FROM ledger')) count(found.ledger, `${fingerprint ?? 'unread'} ${outcome}`)
  for (const { content, kind } of await office.database.all<{ content: string; kind: string }>('SELECT content, kind FROM entries')) count(found.requests, `${await nameOf(content)} ${kind}`)
  for (const { content, place, code } of await office.database.all<{ content: string | null; place: string; code: string }>('SELECT content, place, code FROM errors')) count(found.errors, `${content === null ? 'unread' : await nameOf(content)} ${code} ${place}`)
  for (const folder of ['INBOX', 'Errors', 'Done']) for (const { raw, flags } of dovecot.mailbox(user, folder).messages()) count(found.folders, `${messageHash(raw)} ${folder}${flags.includes('S') ? ' seen' : ''}`)
  return found
}

/** What a disturbed run has that the undisturbed one has not, message by message. */
export function compare(undisturbed: Whereabouts, disturbed: Whereabouts): Compared {
  let [lost, doubled] = [0, 0]
  const otherwise: string[] = []
  for (const part of ['ledger', 'requests', 'errors', 'folders'] as const) {
    const [before, after] = [bare(undisturbed[part]), bare(disturbed[part])]
    let [fewer, more] = [0, 0]
    for (const key of new Set([...before.keys(), ...after.keys()])) {
      const difference = (after.get(key) ?? 0) - (before.get(key) ?? 0)
      if (difference < 0) fewer -= difference
      if (difference > 0) more += difference
    }
    lost = Math.max(lost, fewer)
    doubled = Math.max(doubled, more)
    const changed = [...disturbed[part]].filter(([key, times]) => undisturbed[part].get(key) !== times).map(([key]) => key.slice(key.indexOf(' ') + 1))
    otherwise.push(...tally(changed).map((words) => `${part}: ${words}`))
  }
  return { lost, doubled, otherwise }
}

const count = (counts: Counts, key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1)
const bare = (counts: Counts): Counts => {
  const merged: Counts = new Map()
  for (const [key, times] of counts) merged.set(key.slice(0, key.indexOf(' ')), (merged.get(key.slice(0, key.indexOf(' '))) ?? 0) + times)
  return merged
}
const tally = (words: readonly string[]): string[] => [...new Set(words)].map((word) => `${words.filter((one) => one === word).length} ${word}`)

export type Ground = { dovecot: Dovecot; proxy: FaultProxy; messages: readonly GeneratedMessage[] }
export type RunNeeds = { fault: string; mode: FaultMode; port?: (ground: Ground) => number; change?: Partial<IncomingServer>; office?: OfficeOptions; round?: Partial<RoundLimits>; dataFolder?: string
  onProgress?: (done: number) => void; between?: (code: string | null) => Promise<void>; most?: number }

let users = 0
/** Delivers the messages to a user of its own and runs rounds over the proxy until all is quiet. */
export async function runOver(ground: Ground, { fault, mode, change = {}, office: options = {}, round = {}, onProgress, between, most, ...given }: RunNeeds): Promise<Omit<FaultRow, keyof Compared> & { found: Whereabouts; struck: number }> {
  const user = `user${++users}`
  for (const { raw } of ground.messages) ground.dovecot.deliver(user, raw)
  const dataFolder = given.dataFolder ?? mkdtempSync(join(tmpdir(), 'mailroom-fault-'))
  const office = await openFetchOffice(dataFolder, ground.dovecot.password, { ...scaledLimits.round, ...round }, { ...scaledLimits.office, ...options })
  try {
    const server = { ...serverOf(mode, ground.proxy.port, user), ...change }
    const ran = await fetchUntilQuiet(office, server, { onProgress, between, most })
    return { fault, mode, ...ran, told: tally(ran.told), found: await whereabouts(office, ground.dovecot, user), struck: ground.proxy.struck() }
  } finally {
    await office.close()
    if (given.dataFolder === undefined) rmSync(dataFolder, { recursive: true, force: true })
  }
}

/** The code of a problem that work ends with; null where it is well. */
export const codeOf = (work: () => Promise<unknown>): Promise<string | null> => work().then(() => null, (thrown: unknown) => (thrown instanceof ProblemError ? thrown.problem.code : String(thrown)))
