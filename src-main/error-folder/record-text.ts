import type { ErrorRow } from '#contract/error-record.ts'
import { wordsOf } from '#contract/problem-words.ts'
import type { HeaderField } from '../processing/parsing/parsed-message.ts'
import type { ErrorRecord } from './record.ts'

/** Header fields as they are written in a message; bytes above ASCII as UTF-8 where they are that, else as latin1. */
export const headersAsText = (headers: readonly HeaderField[]): string => headers.map(({ name, value }) => `${titleCase(name)}: ${readable(value)}\n`).join('')

/** The bytes of a message as text for people: UTF-8 where possible, line ends as LF. */
export const rawAsText = (raw: Buffer): string => raw.toString('utf8').replaceAll('\r\n', '\n')

/** A record as people read it: what, where and when, the cause in words, the steps, the technical text, the headers. */
export function recordAsText(row: ErrorRow, record: ErrorRecord): string {
  const { title, advice } = wordsOf(record.problem)
  const facts: [string, string][] = [
    ['Error record', String(row.id)], ['Failed at', row.failedAt], ['Server', row.server], ['Message on the server', record.uid], ['Mail is now', places[row.where]],
    ['Subject', row.subject], ['From', row.from], ['Message-ID', row.messageId ?? 'none'], ['Size', `${row.size} bytes`]
  ]
  return [
    ...facts.map(([name, value]) => `${name}: ${value}`), '',
    `Problem: ${record.problem.code}`, title, advice, `Details: ${JSON.stringify(record.problem)}`, '',
    'Steps:', ...(record.steps.length === 0 ? ['none'] : record.steps.map(({ step, outcome, detail }) => `- ${step}: ${outcome}. ${detail}`)), '',
    'Exception:', record.exception === '' ? 'none' : record.exception, '',
    'Headers:', record.headers.length === 0 ? 'none; the message was not downloaded or has no headers\n' : headersAsText(record.headers)
  ].join('\n')
}

const places = { 'error-folder': 'in the error folder', inbox: 'back in the inbox', skipped: 'left on the server, skipped', replayed: 'where it was; a copy of it was processed' } as const satisfies Record<ErrorRow['where'], string>
const titleCase = (name: string): string => name.replace(/(^|-)\p{L}/gu, (start) => start.toUpperCase())
const readable = (value: string): string => {
  const text = Buffer.from(value, 'latin1').toString('utf8')
  return text.includes('\ufffd') ? value : text
}
