import type { ParsedMessage } from '../src-main/processing/parsing/parsed-message.ts'

/** What the reference read; `crashed` where it gave nothing at all, `failed` what of it failed. Names and addresses are pairs. */
export type Reference = {
  crashed?: string
  failed: string[]
  from: [string, string][] | null
  to: [string, string][] | null
  subject: string | null
  date: string | null
  messageId: string | null
  text: string
  pages: number
  files: [string | null, number, string][]
}
export type Difference = { field: string; why: string; detail: string }

const squeeze = (text: string): string => text.normalize('NFC').replace(/[\s\u00a0\0]+/g, ' ').trim()
const shown = (value: unknown): string => JSON.stringify(value)?.slice(0, 300) ?? 'nothing'

/** What differs between the two, field by field, each with the class that it belongs to. */
export function differences(raw: Buffer, { content, forwardedFrom: _, ...parsed }: ParsedMessage, reference: Reference): Difference[] {
  if (reference.crashed !== undefined) return [{ field: 'all', why: 'the reference crashes', detail: reference.crashed }]
  const found: Difference[] = []
  const head = raw.toString('latin1', 0, Math.min(raw.length, 100_000)).split(/\r?\n\r?\n/)[0] ?? ''
  const compare = (field: string, ours: unknown, theirs: unknown, why: () => string): void => {
    if (shown(ours) !== shown(theirs)) found.push({ field, why: why(), detail: `${shown(ours)} against ${shown(theirs)}` })
  }
  const failed = (field: string): boolean => reference.failed.some((one) => one.startsWith(field))
  const addressesOf = (list: [string, string][] | null): string[] => (list ?? []).map(([, address]) => squeeze(address).toLowerCase())
  const namesOf = (list: [string, string][] | null): string[] => (list ?? []).map(([name]) => squeeze(name))

  const from = content.from === null ? [] : [content.from.address.toLowerCase()]
  compare('from', from, addressesOf(reference.from).slice(0, 1), () => addressReason(head, 'from', failed('from'), reference.from, from))
  if (shown(from) === shown(addressesOf(reference.from).slice(0, 1))) compare('from name', content.from === null ? [] : [squeeze(content.from.name)], namesOf(reference.from).slice(0, 1), () => nameReason(head))
  const to = content.to.map(({ address }) => address.toLowerCase())
  compare('to', to, addressesOf(reference.to), () => addressReason(head, 'to', failed('to'), reference.to, to))
  compare('subject', squeeze(content.subject), squeeze(reference.subject ?? ''), () => (failed('subject') ? 'the reference fails' : wordsReason(head, reference.subject ?? '')))
  compare('date', content.date, reference.date, () => (reference.date === null ? 'the reference reads none' : content.date === null ? 'only the reference reads one' : 'another time'))
  compare('messageId', content.messageId, reference.messageId, () => (failed('messageId') ? 'the reference fails' : content.messageId === null ? 'only the reference has one' : reference.messageId === null ? 'only ours' : squeeze(reference.messageId).includes(content.messageId.slice(1, -1)) ? 'written without brackets or with text beside it' : 'another'))
  if (reference.text !== '' || reference.pages === 0) compare('text', squeeze(content.text), squeeze(reference.text), () => textReason(raw, content, parsed, reference))
  compare('attachments', content.attachments.map(({ name, size }) => [name, size]).sort(), reference.files.map(([name, size]) => [name, size]).sort(), () => filesReason(raw, content, reference))
  return found
}

function addressReason(head: string, field: string, failed: boolean, theirs: [string, string][] | null, ours: string[]): string {
  if (failed) return 'the reference fails'
  if (new RegExp(`^${field}\\s*:`, 'im').exec(head) === null) return 'Sender stands in for it'
  const odd = (theirs ?? []).some(([, address]) => !address.includes('@') || /[\s"<>]/.test(address))
  if (odd || theirs?.length === 0) return ours.length > 0 ? 'the reference gives up on the address' : 'no address there; the reference makes one up'
  return ours.length < (theirs?.length ?? 0) ? 'the reference has more' : 'other'
}

const nameReason = (head: string): string => (/[\x80-\xff]/.test(head) ? 'raw 8-bit header' : /^from:.*\(/im.test(head) ? 'a comment serves as the name' : /=\?/.test(head) ? 'encoded words' : 'other')

function wordsReason(head: string, theirs: string): string {
  if (/[\x80-\xff]/.test(head)) return 'raw 8-bit header: the reference replaces the bytes'
  if (theirs.includes('\uFFFD')) return 'the reference replaces characters'
  return theirs.includes('=?') ? 'the reference leaves encoded words' : /=\?/.test(head) ? 'encoded words' : 'other'
}

function textReason(raw: Buffer, content: ParsedMessage['content'], parsed: Pick<ParsedMessage, 'headers' | 'bounce' | 'problem'>, reference: Reference): string {
  const source = raw.toString('latin1')
  if (parsed.problem !== null) return 'no message at all'
  if (content.protection !== null && /pkcs7-mime/i.test(source)) return 'S/MIME data are read'
  if (source.includes('-----BEGIN PGP SIGNED')) return 'the frame of a PGP signature is left out'
  if (content.protection?.endsWith('encrypted') === true && reference.text === '') return 'encrypted: ours says so'
  if (/ms-tnef|winmail/i.test(source)) return 'winmail.dat is read'
  if (/^begin [0-7]{3} /m.test(source)) return 'uuencoded files are taken out'
  if (/text\/calendar/i.test(source) && reference.text === '') return 'a meeting in words'
  if (/format=["']?flowed/i.test(source) && squeeze(content.text).replace(/[> ]/g, '') === squeeze(reference.text).replace(/[> ]/g, '')) return 'format=flowed is joined'
  if (reference.failed.length > 0) return 'the reference fails over the charset'
  if (reference.text.includes('\uFFFD') && !content.text.includes('\uFFFD')) return 'the reference replaces bytes it cannot read'
  if (/[\x80-\xff]/.test(source) && squeeze(content.text).length >= squeeze(reference.text).length * 0.5) return 'a wrong or missing charset is seen through'
  if (reference.text === '' && content.text !== '') return 'only ours has text'
  return content.text === '' ? 'only the reference has text' : 'other'
}

function filesReason(raw: Buffer, content: ParsedMessage['content'], reference: Reference): string {
  const source = raw.toString('latin1')
  const ours = content.attachments
  const sizes = (list: readonly number[]): string => [...list].sort((one, other) => one - other).join(' ')
  if (/ms-tnef|winmail/i.test(source)) return 'files of winmail.dat'
  if (/pkcs7-mime/i.test(source)) return 'S/MIME data are read'
  if (/^begin [0-7]{3} /m.test(source)) return 'uuencoded files'
  if (ours.length === reference.files.length) {
    const sameSizes = sizes(ours.map(({ size }) => size)) === sizes(reference.files.map(([, size]) => size))
    if (sameSizes) return reference.files.some(([name]) => name === null) ? 'a part without a name gets one' : 'another name'
    if (reference.files.some(([, , kind]) => kind.startsWith('message/'))) return 'an attached message, byte by byte'
    return reference.files.every(([name], index) => name === ours[index]?.name) ? 'another size' : 'another name and size'
  }
  if (reference.files.length > ours.length && reference.files.some(([, , kind]) => kind.startsWith('text/') || kind === 'multipart/mixed')) return 'a text is the message itself'
  return reference.files.length > ours.length ? 'the reference has more' : 'ours has more'
}
