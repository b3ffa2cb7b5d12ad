import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { CallInput } from '#contract/calls.ts'
import { mailAddress } from '#contract/fields.ts'
import { sampleHtml } from '#contract/sample-mail.ts'
import { mediaTypeOfFile } from '../model/media-type-of-file.ts'
import type { Asked, Flag, Tools } from './command.ts'
import { fileProblem, readInput } from './file-problem.ts'
import { usageFault } from './parse-command.ts'

type TypedMail = CallInput<'outgoing.send'>['mail']

/** Flags that say what a mail is. */
export const mailFlags: Readonly<Record<string, Flag>> = {
  to: { value: 'ADDRESS', repeatable: true, help: 'a recipient; several with commas' }, cc: { value: 'ADDRESS', repeatable: true, help: 'a recipient of a copy' }, bcc: { value: 'ADDRESS', repeatable: true, help: 'a recipient that the others do not see' },
  subject: { value: 'TEXT', help: 'the subject' }, text: { value: 'TEXT', help: 'the message; with --html alone it is made of the HTML' },
  html: { value: 'FILE', help: 'the message as HTML, sent beside the text; pictures as data: URLs' }, sample: { help: 'HTML with a picture, made of the text' },
  attach: { value: 'FILE', repeatable: true, help: 'a file that is sent along; may be given several times' }
}

/** A mail as the flags say. Throws ProblemError for flags that contradict each other, and for files that cannot be read. */
export async function mailFromFlags(asked: Asked, tools: Pick<Tools, 'terminal'>): Promise<TypedMail> {
  const to = addresses(asked, 'to')
  if (to.length === 0) throw usageFault('“outgoing send” needs --to ADDRESS.')
  if (asked.has('html') && asked.has('sample')) throw usageFault('Give --html or --sample, not both.')
  const [subject, text] = [asked.value('subject'), asked.value('text')]
  const html = await htmlOf(asked, tools)
  const words = text ?? (asked.has('html') ? '' : null)
  return { to, cc: addresses(asked, 'cc'), bcc: addresses(asked, 'bcc'), ...(subject === null ? {} : { subject }), ...(words === null ? {} : { text: words }), ...(html === null ? {} : { html }), ...(asked.has('attach') ? { attachments: await filesOf(asked, tools) } : {}) }
}

async function htmlOf(asked: Asked, tools: Pick<Tools, 'terminal'>): Promise<string | null> {
  if (asked.has('sample')) return sampleHtml(asked.value('text') ?? 'This message was sent by Mailroom to test an outgoing mail server.')
  const file = asked.value('html')
  if (file === null) return null
  const html = (await readInput(file, tools)).toString('utf8').replace(/^\ufeff/, '')
  if (html.length > 5_000_000) throw usageFault(`${file} has more than 5 MB; send pictures as attachments.`)
  return html
}

/** Bytes of one file, and of all, as the contract has it. */
const mostBytes = 100_000_000

async function filesOf(asked: Asked, tools: Pick<Tools, 'terminal'>): Promise<NonNullable<TypedMail['attachments']>> {
  const files = asked.values('attach')
  if (files.length > 20) throw usageFault('At most 20 files go with one mail.')
  let bytes = 0
  for (const file of files) {
    const found = await stat(file).catch((error: unknown) => { throw fileProblem(file, error) })
    if (found.size > mostBytes) throw usageFault(`${file} has ${Math.round(found.size / 1_000_000)} MB; a file has at most 100 MB.`)
    bytes += found.size
  }
  if (bytes > mostBytes) throw usageFault(`The files have ${Math.round(bytes / 1_000_000)} MB together; at most 100 MB go with one mail.`)
  const attachments = []
  for (const file of files) attachments.push({ name: nameOf(file), mediaType: mediaTypeOfFile(file), base64: (await readInput(file, tools)).toString('base64') })
  return attachments
}

const nameOf = (file: string): string => basename(file).replace(/[\r\n\0/\\]/g, '_').slice(-255)

/** Addresses, several with commas, with or without a name as in `Bo <bo@example.com>`; the name is not sent. Throws ProblemError that names the flag and the one that is none. */
function addresses(asked: Asked, flag: string): string[] {
  const found = typedIn(asked, flag)
  for (const address of found) {
    const { success, error } = mailAddress.safeParse(address)
    if (!success) throw usageFault(`--${flag}: “${address}” is no address. ${error.issues[0]?.message ?? ''}`)
  }
  return found
}
const typedIn = (asked: Asked, flag: string): string[] =>
  asked.values(flag).flatMap((value) => (value.match(/(?:"(?:[^"\\]|\\.)*"|<[^<>]*>|[^,])+/g) ?? []).map(addressIn).filter((address) => address !== ''))

const addressIn = (written: string): string => (/<([^<>]*)>\s*$/.exec(written)?.[1] ?? written).trim()
