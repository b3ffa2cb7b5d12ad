import { buildMessage, type FilePart, type MessagePart, type TransferEncoding } from '../src-main/demo/build-message.ts'
import { createChance, type Chance } from './chance.ts'
import { languages, type Language } from './generated-text.ts'
import { brokenMessages, oddMessages } from './broken-messages.ts'
import type { ProblemCode } from '../src-contract/problem.ts'

export type Expectation =
  | { kind: 'question' }
  /** Names its parent in In-Reply-To and References. */
  | { kind: 'reply-by-reference'; parent: string }
  /** Carries `##RE-n##` in the subject. */
  | { kind: 'reply-by-subject'; request: number }
  | { kind: 'auto-reply' }
  /** Strange, yet readable: must become a request. */
  | { kind: 'odd'; what: string }
  /** Must end in an error record with one of these codes. */
  | { kind: 'broken'; what: string; codes: readonly ProblemCode[] }

/** `raw` has CRLF line ends and is what goes over the wire; `messageId` with angle brackets, null where the message has none. */
export type GeneratedMessage = { raw: Buffer; messageId: string | null; subject: string; expectation: Expectation }

/**
 * Mail for benches, one at a time: 70 % of 4–15 KB, 25 % with an attachment (30–300 KB), 5 % of 1–3 MB, evenly spread, in several
 * charsets, encodings and structures. The same seed gives the same bytes.
 */
export function* benchMessages(count: number, seed = 1): Generator<GeneratedMessage> {
  const chance = createChance(seed)
  for (let index = 0; index < count; index++) {
    const slot = index % 20
    const size = slot < 14 ? chance.between(4_000, 15_000) : slot < 19 ? chance.between(30_000, 300_000) : chance.between(1_000_000, 3_000_000)
    yield question(chance, { index, seed, size, attachment: slot >= 14 })
  }
}

/**
 * Mixed mail as it comes in over a day: questions first, then replies by reference and by `##RE-n##` (n counts from `firstRequest`,
 * among the first ten questions), auto-replies, odd ones and about one in fifteen that must end in errors.
 */
export const mixedMessages = (count: number, { seed = 2, firstRequest = 1 }: { seed?: number; firstRequest?: number } = {}): GeneratedMessage[] => {
  const chance = createChance(seed)
  const messages: GeneratedMessage[] = []
  const questions: GeneratedMessage[] = []
  const broken = brokenMessages(seed)
  const odd = oddMessages(seed)
  const turns = { broken: 0, odd: 0 }
  for (let index = 0; index < count; index++) {
    const slot = index < 20 ? 0 : index % 15
    const size = chance.between(1_500, 12_000)
    const fresh = { index, seed, size, attachment: index % 4 === 0 }
    const parent = questions.length === 0 ? null : chance.pick(questions)
    const next =
      slot === 3 && parent !== null ? replyByReference(chance, fresh, parent)
      : slot === 6 ? replyBySubject(chance, fresh, firstRequest + chance.between(0, 9))
      : slot === 9 ? autoReply(chance, fresh)
      : slot === 11 ? (odd[turns.odd++ % odd.length]?.(index) ?? question(chance, fresh))
      : slot === 14 ? (broken[turns.broken++ % broken.length]?.(index) ?? question(chance, fresh))
      : question(chance, fresh)
    if (next.expectation.kind === 'question') questions.push(next)
    messages.push(next)
  }
  return messages
}

type Fresh = { index: number; seed: number; size: number; attachment: boolean }

function question(chance: Chance, fresh: Fresh): GeneratedMessage {
  const language = chance.pick(languages)
  return written(chance, language, fresh, chance.pick(language.subjects), [], { kind: 'question' })
}

function replyByReference(chance: Chance, fresh: Fresh, parent: GeneratedMessage): GeneratedMessage {
  const id = parent.messageId ?? ''
  const threading: [string, string][] = [['In-Reply-To', id], ['References', `<unknown.${fresh.index}@elsewhere.example>\r\n ${id}`]]
  return written(chance, chance.pick(languages), fresh, `Re: ${parent.subject}`, threading, { kind: 'reply-by-reference', parent: id })
}

function replyBySubject(chance: Chance, fresh: Fresh, request: number): GeneratedMessage {
  return written(chance, chance.pick(languages), fresh, `AW: ##RE-${request}## Your request`, [], { kind: 'reply-by-subject', request })
}

function autoReply(chance: Chance, fresh: Fresh): GeneratedMessage {
  const headers: [string, string][] = [['Auto-Submitted', 'auto-replied'], ['Precedence', 'bulk'], ['X-Auto-Response-Suppress', 'All']]
  return written(chance, chance.pick(languages), { ...fresh, attachment: false }, 'Automatic reply: out of the office', headers, { kind: 'auto-reply' })
}

function written(chance: Chance, language: Language, fresh: Fresh, subject: string, extra: [string, string][], expectation: Expectation): GeneratedMessage {
  const charset = chance.pick(language.charsets)
  const messageId = `<m${fresh.index}.s${fresh.seed}.${chance.between(1e6, 9e6)}@mail.example.org>`
  let mark = 0
  const raw = buildMessage({
    charset,
    boundary: () => `=_part_${fresh.index}_${++mark}_${chance.between(1e6, 9e6)}`,
    headers: [...traceHeaders(chance, fresh), ['From', `${chance.pick(language.names)} <user${chance.between(1, 400)}@example.org>`], ['To', 'IT Support <it@example.com>'], ['Subject', subject], ['Date', dateOf(fresh.index)], ['Message-ID', messageId], ...extra],
    body: bodyOf(chance, language, charset, fresh)
  })
  return { raw, messageId, subject, expectation }
}

function traceHeaders(chance: Chance, fresh: Fresh): [string, string][] {
  const hop = (from: string, by: string): [string, string] => ['Received', `from ${from} by ${by} with ESMTPS id ${chance.between(1e8, 9e8).toString(36)};\r\n\t${dateOf(fresh.index)}`]
  return [['Return-Path', '<bounce@example.org>'], hop('mx1.example.org', 'mail.example.com'), hop('client.example.org', 'mx1.example.org')]
}

const dateOf = (index: number): string => new Date(Date.UTC(2026, 9, 1) + index * 97_000).toUTCString().replace('GMT', '+0000')

function bodyOf(chance: Chance, language: Language, charset: string, fresh: Fresh): MessagePart {
  const textSize = fresh.attachment ? chance.between(600, 4_000) : Math.max(300, fresh.size - 1_200)
  const encoding = chance.pick<TransferEncoding>(charset === 'us-ascii' || charset === 'iso-2022-jp' ? ['7bit', 'quoted-printable', 'base64'] : ['8bit', 'quoted-printable', 'base64'])
  const shape = chance.between(0, 3)
  const bothKinds = shape >= 2
  const words = prose(chance, language, charset, encoding, bothKinds ? textSize * 0.45 : textSize)
  const plain: MessagePart = { kind: 'text', subtype: 'plain', text: words, charset, encoding }
  const html: MessagePart = { kind: 'text', subtype: 'html', text: asHtml(words, shape === 3 && fresh.attachment), charset, encoding }
  const rich: MessagePart = shape === 3 && fresh.attachment ? { kind: 'multi', subtype: 'related', parts: [html, inlineImage(chance)] } : html
  const text: MessagePart = shape === 0 ? plain : shape === 1 ? html : { kind: 'multi', subtype: 'alternative', parts: [plain, rich] }
  return fresh.attachment ? { kind: 'multi', subtype: 'mixed', parts: [text, file(chance, Math.max(400, Math.floor((fresh.size - textSize) * 0.73)))] } : text
}

/** Lines of sentences until they take about `size` bytes on the wire. */
function prose(chance: Chance, language: Language, charset: string, encoding: TransferEncoding, size: number): string {
  const wanted = size / bytesPerCharacter(language, charset, encoding)
  let text = ''
  while (text.length < wanted) text += chance.pick(language.sentences) + (chance.draw() < 0.3 ? '\n\n' : '\n')
  return text
}

const measured = new Map<string, number>()
function bytesPerCharacter(language: Language, charset: string, encoding: TransferEncoding): number {
  const key = `${languages.indexOf(language)} ${charset} ${encoding}`
  const known = measured.get(key)
  if (known !== undefined) return known
  const text = language.sentences.join('\n')
  const ratio = buildMessage({ headers: [], charset, boundary: () => '', body: { kind: 'text', subtype: 'plain', text, charset, encoding } }).length / text.length
  measured.set(key, ratio)
  return ratio
}

const asHtml = (text: string, image: boolean): string =>
  `<html><head><meta name="generator" content="Editor"></head><body>${text.split('\n\n').map((paragraph) => `<p style="margin:0 0 8px">${paragraph.replaceAll('\n', '<br>\n')}</p>`).join('\n')}${image ? '<img src="cid:logo@example.org" width="32" height="32" alt="">' : ''}</body></html>\n`

const inlineImage = (chance: Chance): FilePart => ({ kind: 'file', name: 'logo.png', contentType: 'image/png', content: Buffer.concat([pngStart, chance.bytes(2_000)]), disposition: 'inline', contentId: 'logo@example.org' })

const pngStart = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')
const fileKinds = [
  { name: 'screenshot.png', contentType: 'image/png', start: pngStart },
  { name: 'Protokoll März.pdf', contentType: 'application/pdf', start: Buffer.from('%PDF-1.7\n') },
  { name: 'photo.jpg', contentType: 'image/jpeg', start: Buffer.from('ffd8ffe000104a464946', 'hex') },
  { name: 'figures.xlsx', contentType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', start: Buffer.from('504b0304140006000800', 'hex') },
  { name: 'архив.zip', contentType: 'application/zip', start: Buffer.from('504b030414000000', 'hex') }
]
function file(chance: Chance, size: number): FilePart {
  const kind = chance.pick(fileKinds)
  return { kind: 'file', name: kind.name, contentType: kind.contentType, content: Buffer.concat([kind.start, chance.bytes(size)]), disposition: 'attachment' }
}
