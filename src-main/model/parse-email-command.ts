import { commandFields, type CommandField } from '#contract/request-values.ts'
import type { Settings } from '#contract/settings.ts'
import { enclosedValues, type Enclosed } from './enclosed-values.ts'
import { findRecordIds, withoutRecordIds } from './find-request-id.ts'

export type CommandOperation = 'add' | 'edit' | 'close' | 'pick-up'

/**
 * An e-mail command as written. `fields` are those that ServiceDesk Plus documents, `additional` those by the labels of templates; of
 * several values the last. `unknown` are names that no field has. `subject` and `text` are the mail's without identifier, ids and
 * commands. `requestId` is the id in the text, else the one in the subject; `idIssue` says why an id that is there names no request.
 */
export type EmailCommand = {
  operation: CommandOperation | null
  /** An operation that is none of the four, as written. */
  unknownOperation: string | null
  fields: Partial<Record<CommandField, string>>
  additional: Record<string, string>
  unknown: string[]
  /** Names that have no closing delimiter. */
  open: string[]
  requestId: number | null
  idIssue: string | null
  resources: ResourceAnswer[]
  subject: string
  text: string
}
export type ResourceAnswer = { resource: string; question: string; answer: string }

type Mail = { subject: string; text: string }
type Rules = Pick<Settings['processing'], 'emailCommand' | 'baseDelimiter'>

/** Longest text that is looked through, in characters; commands stand at its beginning. */
export const longestCommand = 100_000

/**
 * Reads an e-mail command (ServiceDesk Plus MSP, "Email Command"): `$Field=value$` and `@@resource.question=answer@@` in the text of
 * mail whose subject contains the exact identifier. null where commands are off or the subject does not contain it. Names are
 * compared without regard to case; `labels` are those of additional fields.
 */
export function parseEmailCommand(mail: Mail, { emailCommand, baseDelimiter }: Rules, labels: readonly string[] = []): EmailCommand | null {
  if (!emailCommand.enabled || !mail.subject.includes(emailCommand.subjectContains)) return null
  const subject = mail.subject.replaceAll(emailCommand.subjectContains, ' ')
  const questions = enclosedValues(mail.text.slice(0, longestCommand), '@@', isQuestion)
  const answers = questions.pairs.filter(({ known }) => known)
  const text = without(mail.text.slice(0, longestCommand), answers)
  const names = namesOf(labels)
  const found = enclosedValues(text, emailCommand.delimiter, (name) => names.has(name.toLowerCase()))
  const read = readFields(found.pairs, names)
  return {
    ...operationOf(read.plain.get('Operation')),
    fields: Object.fromEntries(commandFields.flatMap((field) => (read.plain.has(field) ? [[field, read.plain.get(field) ?? '']] : []))),
    additional: Object.fromEntries(read.additional),
    unknown: [...read.unknown],
    open: [...new Set([...found.open, ...questions.open])],
    ...requestIdOf(read.plain.get('RequestID'), subject, baseDelimiter),
    resources: lastAnswers(answers),
    subject: subjectOf(subject, baseDelimiter),
    text: without(text, found.pairs.filter(({ known }) => known))
  }
}

type Name = { name: string; isLabel: boolean }
const documented = ['Operation', 'RequestID', ...commandFields]
const namesOf = (labels: readonly string[]): Map<string, Name> =>
  new Map([...labels.map((name): [string, Name] => [name.trim().toLowerCase(), { name, isLabel: true }]), ...documented.map((name): [string, Name] => [name.toLowerCase(), { name, isLabel: false }])])

function readFields(pairs: readonly Enclosed[], names: ReadonlyMap<string, Name>) {
  const [plain, additional, unknown] = [new Map<string, string>(), new Map<string, string>(), new Set<string>()]
  for (const { name, value } of pairs) {
    const known = names.get(name.toLowerCase())
    if (known === undefined) {
      // A price or a formula in the text is no field that somebody meant.
      if (/^\p{L}[\p{L}\p{N} ._-]{0,99}$/u.test(name) && unknown.size < 50) unknown.add(name)
    } else if (known.isLabel) additional.set(known.name, value)
    else plain.set(known.name, value)
  }
  return { plain, additional, unknown }
}

const operations: Record<string, CommandOperation> = { addrequest: 'add', editrequest: 'edit', closerequest: 'close', pickuprequest: 'pick-up' }
function operationOf(value: string | undefined): Pick<EmailCommand, 'operation' | 'unknownOperation'> {
  if (value === undefined) return { operation: null, unknownOperation: null }
  const key = value.toLowerCase()
  return Object.hasOwn(operations, key) ? { operation: operations[key] ?? null, unknownOperation: null } : { operation: null, unknownOperation: value }
}

function requestIdOf(inText: string | undefined, subject: string, baseDelimiter: string): Pick<EmailCommand, 'requestId' | 'idIssue'> {
  if (inText !== undefined) {
    const found = /^[!@#$%^&]{0,10}\s?(?:RE-)?(\d{1,15})\s?[!@#$%^&]{0,10}$/i.exec(inText)
    const number = Number(found?.[1] ?? 0)
    return number > 0 ? { requestId: number, idIssue: null } : { requestId: null, idIssue: `The RequestID "${inText.slice(0, 60)}" is no id of a request.` }
  }
  const ids = findRecordIds(subject, baseDelimiter)
  const requests = [...new Set(ids.flatMap(({ module, number }) => (module === 'RE' ? [number] : [])))]
  if (requests.length > 1) return { requestId: null, idIssue: `The subject names several requests (${requests.slice(0, 10).join(', ')}).` }
  return { requestId: requests[0] ?? null, idIssue: null }
}

const question = /^([A-Za-z]\w{0,60})\s?\.\s?([A-Za-z]\w{0,60})$/
const isQuestion = (name: string): boolean => question.test(name)

/** Of a key that is there several times, the last; keys are compared without regard to case. */
function lastAnswers(pairs: readonly Enclosed[]): ResourceAnswer[] {
  const answers = new Map<string, ResourceAnswer>()
  for (const { name, value } of pairs) {
    const [, resource = '', asked = ''] = question.exec(name) ?? []
    answers.set(`${resource}.${asked}`.toLowerCase(), { resource, question: asked, answer: value })
  }
  return [...answers.values()]
}

function without(text: string, pairs: readonly Enclosed[]): string {
  const kept = pairs.map(({ start }, index) => text.slice(pairs[index - 1]?.end ?? 0, start))
  return [...kept, text.slice(pairs.at(-1)?.end ?? 0)].join('')
}

/** A subject without ids; '' where only the marks of answers and forwarding are left. */
function subjectOf(subject: string, baseDelimiter: string): string {
  const left = withoutRecordIds(subject, baseDelimiter).slice(0, 2000).replace(/\s+/g, ' ').trim()
  return /^(?:(?:re|aw|antw|sv|vs|fwd?|wg|tr|rif|odp) ?: ?){0,50}$/i.test(left) ? '' : left
}
