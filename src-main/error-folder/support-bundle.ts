import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'
import type { CallAnswer, ParsedInput } from '#contract/calls.ts'
import { ProblemError } from '#contract/problem.ts'
import { wordsOf } from '#contract/problem-words.ts'
import type { CallContext, EventListener } from '../console.ts'
import type { Database } from '../database/database.ts'
import type { StoredError } from '../database/errors-table.ts'
import type { MailTables } from '../database/mail-tables.ts'
import { decodeWords } from '../processing/parsing/decode-words.ts'
import { serverOf, sourceNames } from '../receiving/source-names.ts'
import type { StoredMessages } from '../requests/stored-messages.ts'
import type { ServerSources } from '../servers/server-sources.ts'
import type { Downloads } from '../work/downloads.ts'
import { asRow } from './errors.ts'
import { namesIn } from './names-in-headers.ts'
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
  downloads: Pick<Downloads, 'begin'>
  announce: EventListener
  now: () => number
  /** Takes secrets out of a text. */
  redactSecrets: (text: string) => string
}
type Chosen = Pick<ParsedInput<'errors.export'>, 'server' | 'ids' | 'redact'>
type Part = { path: string; bytes: () => Promise<Buffer> }

/**
 * The support bundle: a zip with, for each mail of the error folder, its decrypted record as `mails/ID-subject.txt` and the message as
 * `.eml`, besides `error-log.txt`, `mailroom.log`, `versions.txt` and `configuration.yaml`. No secret is in it; with `redact` no
 * personal data either. It is made as fast as it is taken, with one mail in memory at a time. Throws ProblemError `cancelled`.
 */
export function createSupportBundle(needs: BundleNeeds) {
  const writeBundle = async (errors: readonly StoredError[], redact: boolean, output: Writable, signal: AbortSignal, progress: (done: number, total: number) => void): Promise<void> => {
    const redactor = redact ? createPersonalRedactor() : null
    if (redactor !== null) await learnNames(needs, errors, redactor)
    const parts = [...(await partsOfMails(needs, errors, redactor)), ...commonParts(needs, errors, redactor)]
    await writeZip(parts, output, signal, (done) => progress(Math.min(done, errors.length), errors.length), new Date(needs.now()))
  }
  return {
    /** The call `errors.export`. */
    async export({ workId, ...chosen }: ParsedInput<'errors.export'>, caller: CallContext): Promise<CallAnswer<'errors.export'>> {
      const errors = await chosenErrors(needs, chosen)
      const progress = (done: number, total: number): void => needs.announce('work-progressed', { workId, done, total, what: 'mails' })
      const fileName = `mailroom-support-${new Date(needs.now()).toISOString().slice(0, 10)}.zip`
      const write = (output: Writable, signal: AbortSignal): Promise<void> => writeBundle(errors, chosen.redact, output, signal, progress)
      return { ...needs.downloads.begin({ fileName, mediaType: 'application/zip', workId, write }, caller), mails: errors.length }
    }
  }
}

async function chosenErrors({ database, tables, sources }: BundleNeeds, { server, ids }: Chosen): Promise<StoredError[]> {
  const serverId = server === null ? null : await serverOf(sources, server)
  const all = ids === null ? await tables.errors.all(database, serverId) : await tables.errors.some(database, ids)
  return serverId === null ? all : all.filter((one) => one.serverId === serverId)
}

async function learnNames(needs: BundleNeeds, errors: readonly StoredError[], redactor: PersonalRedactor): Promise<void> {
  for (const one of errors) {
    const { headers } = await recordOf(needs, one)
    redactor.learn(namesIn(headers))
  }
}

async function partsOfMails(needs: BundleNeeds, errors: readonly StoredError[], redactor: PersonalRedactor | null): Promise<Part[]> {
  const names = await sourceNames(needs.sources)
  return errors.flatMap((one): Part[] => {
    const row = asRow(one, names)
    const path = `mails/${one.id}-${slug(redactor === null ? one.subject : redactor.text(one.subject))}`
    const text: Part = { path: `${path}.txt`, bytes: async () => Buffer.from(redacted(redactor, recordAsText(row, readableHeaders(await recordOf(needs, one)))), 'utf8') }
    const { content } = one
    return content === null ? [text] : [text, { path: `${path}.eml`, bytes: () => messageBytes(needs, content, redactor) }]
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
  redactor.learn(namesIn(parsed.headers))
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
