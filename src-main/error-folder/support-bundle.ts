import { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'
import type { CallAnswer, ParsedInput } from '#contract/calls.ts'
import { ProblemError } from '#contract/problem.ts'
import { wordsOf } from '#contract/problem-words.ts'
import type { EventListener } from '../console.ts'
import type { Database } from '../database/database.ts'
import type { StoredError } from '../database/errors-table.ts'
import type { MailTables } from '../database/mail-tables.ts'
import { decodeWords } from '../processing/parsing/decode-words.ts'
import { parseAddresses } from '../processing/parsing/parse-addresses.ts'
import type { StoredMessages } from '../requests/stored-messages.ts'
import type { ServerSources } from '../servers/server-sources.ts'
import type { Works } from '../work/works.ts'
import { asRow, errorSource } from './errors.ts'
import type { ErrorRecord, ErrorRecords } from './record.ts'
import { recordAsText } from './record-text.ts'
import { redactMessage } from './redact-message.ts'
import { createPersonalRedactor, type PersonalRedactor } from './redact-text.ts'

export type BundleNeeds = {
  database: Database
  tables: MailTables
  sources: Pick<ServerSources, 'incoming' | 'incomingNamed'>
  messages: StoredMessages
  records: Pick<ErrorRecords, 'read'>
  /** The configuration file; it holds no secret. */
  configurationYaml: () => Promise<string>
  /** Versions of product and platform, a line each. */
  versions: () => string
  /** The newest lines of the log, secrets taken out. */
  logText: () => Promise<string>
  works: Works
  announce: EventListener
  now: () => number
  /** Takes secrets out of a text. */
  redactSecrets: (text: string) => string
}
type Chosen = Pick<ParsedInput<'errors.export'>, 'server' | 'ids' | 'redact'>
/** Messages beyond this are left out, the oldest are kept: the answer of a call has to fit into one text. Their records are there. */
const mostMailBytes = 300_000_000
type Part = { path: string; bytes: () => Promise<Buffer> }

/**
 * The support bundle: a zip with, for each mail of the error folder, its decrypted record as `mails/ID-subject.txt` and the message as
 * `.eml`, besides `error-log.txt`, `mailroom.log`, `versions.txt` and `configuration.yaml`. No secret is in it; with `redact` no
 * personal data either. Throws ProblemError `cancelled`.
 */
export function createSupportBundle(needs: BundleNeeds) {
  /** Writes the zip to `output` as it is made; answers how many mails are in it. */
  const write = async (chosen: Chosen, output: Writable, signal: AbortSignal, progress: (done: number, total: number) => void): Promise<number> => {
    const errors = await chosenErrors(needs, chosen)
    const redactor = chosen.redact ? createPersonalRedactor() : null
    if (redactor !== null) await learnNames(needs, errors, redactor)
    const parts = [...(await partsOfMails(needs, errors, redactor)), ...commonParts(needs, errors, redactor)]
    await writeZip(parts, output, signal, (done) => progress(Math.min(done, errors.length), errors.length), new Date(needs.now()))
    return errors.length
  }
  const exportBundle = async (input: ParsedInput<'errors.export'>): Promise<CallAnswer<'errors.export'>> => {
    const signal = needs.works.start(input.workId)
    const chunks: Buffer[] = []
    try {
      const output = new Writable({ write: (chunk: Buffer, _encoding, done) => (chunks.push(chunk), done()) })
      const mails = await write(input, output, signal, (done, total) => needs.announce('work-progressed', { workId: input.workId, done, total, what: 'mails' }))
      const day = new Date(needs.now()).toISOString().slice(0, 10)
      return { fileName: `mailroom-support-${day}.zip`, mediaType: 'application/zip', base64: Buffer.concat(chunks).toString('base64'), mails }
    } finally {
      needs.works.end(input.workId)
    }
  }
  return { export: exportBundle, write }
}

async function chosenErrors({ database, tables, sources }: BundleNeeds, { server, ids }: Chosen): Promise<StoredError[]> {
  const serverId = server === null ? null : await errorSource(sources, server)
  const all = ids === null ? await tables.errors.all(database, serverId) : await tables.errors.some(database, ids)
  return serverId === null ? all : all.filter((one) => one.serverId === serverId)
}

const peopleFields = new Set(['from', 'to', 'cc', 'bcc', 'reply-to', 'sender'])
async function learnNames(needs: BundleNeeds, errors: readonly StoredError[], redactor: PersonalRedactor): Promise<void> {
  for (const one of errors) {
    const { headers } = await recordOf(needs, one)
    for (const { value } of headers.filter(({ name }) => peopleFields.has(name))) redactor.learn(parseAddresses(value).map(({ name }) => decodeWords(name)))
  }
}

async function partsOfMails(needs: BundleNeeds, errors: readonly StoredError[], redactor: PersonalRedactor | null): Promise<Part[]> {
  const names = new Map((await needs.sources.incoming()).map(({ id, server }) => [id, server.name]))
  let left = mostMailBytes
  return errors.flatMap((one): Part[] => {
    const row = asRow(one, names)
    const path = `mails/${one.id}-${slug(redactor === null ? one.subject : redactor.text(one.subject))}`
    const text: Part = { path: `${path}.txt`, bytes: async () => Buffer.from(redacted(redactor, recordAsText(row, readableHeaders(await recordOf(needs, one)))), 'utf8') }
    const { content } = one
    left -= content === null ? 0 : one.size
    return content === null || left < 0 ? [text] : [text, { path: `${path}.eml`, bytes: () => messageBytes(needs, content, redactor) }]
  })
}

/** A damaged record or message must not spoil the bundle that is to tell of it. */
async function recordOf({ records }: BundleNeeds, one: StoredError): Promise<ErrorRecord> {
  const none = { at: one.failedAt, server: one.server, uid: one.uid, exception: '', steps: [], headers: [] }
  return records.read(one.record).catch((thrown: unknown) => ({ ...none, problem: damaged(thrown) }))
}

async function messageBytes(needs: BundleNeeds, content: string, redactor: PersonalRedactor | null): Promise<Buffer> {
  try {
    return await intactBytes(needs, content, redactor)
  } catch (thrown) {
    return Buffer.from(wordsOf(damaged(thrown)).title)
  }
}
async function intactBytes({ messages }: BundleNeeds, content: string, redactor: PersonalRedactor | null): Promise<Buffer> {
  if (redactor === null) return messages.raw(content)
  const { raw, parsed } = await messages.parsed(content)
  const { from, to, cc, replyTo } = parsed.content
  redactor.learn([...(from === null ? [] : [from]), ...to, ...cc, ...replyTo].map(({ name }) => name))
  return redactMessage(raw, redactor)
}

function commonParts(needs: BundleNeeds, errors: readonly StoredError[], redactor: PersonalRedactor | null): Part[] {
  const asBytes = (text: string): Buffer => Buffer.from(redacted(redactor, needs.redactSecrets(text)), 'utf8')
  return [
    { path: 'error-log.txt', bytes: async () => asBytes(await errorLog(needs, errors)) },
    { path: 'mailroom.log', bytes: async () => asBytes(await needs.logText()) },
    { path: 'versions.txt', bytes: async () => asBytes(needs.versions()) },
    { path: 'configuration.yaml', bytes: async () => asBytes(await needs.configurationYaml()) }
  ]
}

/** A line for each failure, oldest first: when, where, which, why. */
async function errorLog(needs: BundleNeeds, errors: readonly StoredError[]): Promise<string> {
  const lines: string[] = []
  for (const one of errors)
    lines.push(`${one.failedAt} ${one.server} #${one.id} ${one.code} (${one.where}) "${one.subject}" from ${one.from || 'nobody'}: ${wordsOf((await recordOf(needs, one)).problem).title}\n`)
  return lines.join('')
}
function damaged(thrown: unknown): ProblemError['problem'] {
  if (thrown instanceof ProblemError) return thrown.problem
  throw thrown
}

const readableHeaders = (record: ErrorRecord): ErrorRecord => ({ ...record, headers: record.headers.map(({ name, value }) => ({ name, value: decodeWords(value) })) })
const redacted = (redactor: PersonalRedactor | null, text: string): string => (redactor === null ? text : redactor.text(text))
const slug = (subject: string): string => subject.normalize('NFKD').replace(/[^A-Za-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 40).toLowerCase() || 'no-subject'

async function writeZip(parts: readonly Part[], output: Writable, signal: AbortSignal, progress: (done: number) => void, mtime: Date): Promise<void> {
  const zip = new ZipFile()
  let begun = 0
  const failure = new AbortController()
  for (const { path, bytes } of parts)
    zip.addReadStreamLazy(path, { mtime }, (give) => {
      if (path.endsWith('.txt')) progress(begun++)
      bytes().then((content) => give(null, Readable.from([content])), (thrown: unknown) => failure.abort(thrown))
    })
  zip.end()
  try {
    await pipeline(zip.outputStream, output, { signal: AbortSignal.any([signal, failure.signal]) })
    progress(begun)
  } catch (thrown) {
    if (signal.aborted) throw new ProblemError({ code: 'cancelled' }, { cause: thrown })
    throw failure.signal.aborted ? failure.signal.reason : thrown
  }
}
