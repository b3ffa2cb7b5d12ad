import type { MailTemplate } from '#contract/mail-template.ts'
import type { Settings } from '#contract/settings.ts'
import { filledTemplate, type PlaceholderValues } from '../../model/fill-mail-template.ts'
import { withoutIdentifier } from '../../model/without-identifier.ts'
import { safeHtml } from '../parsing/safe-html.ts'
import { textFromHtml } from '../parsing/text-from-html.ts'

export type WrittenMail = { subject: string; text: string; html: string | null }

/**
 * A mail as it goes out and as it is shown: the template with its values, HTML without script, handlers, forms and whatever would be loaded from outside (pictures are
 * data: URLs), and a text beside it also where the template has HTML alone.
 */
export function writeMail(template: MailTemplate, values: PlaceholderValues, emailCommand: Settings['processing']['emailCommand']): WrittenMail {
  const { subject: filled, text, html: unsafe } = filledTemplate(template, values)
  const subject = withoutIdentifier(filled, emailCommand) || `Request ${values.number}`
  const html = unsafe === null || unsafe.trim() === '' ? null : safeHtml(unsafe, { remoteContent: false, cid: () => null }).html
  return { subject, text: text.trim() === '' && html !== null ? `${textFromHtml(html)}\n` : text, html }
}
