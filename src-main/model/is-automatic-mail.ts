/** Header fields as parsed: name in lower case. */
type Field = { name: string; value: string }

/** What kind of automatic mail it is and the field that shows it, for people to read. */
export type AutomaticMail = { kind: 'answer' | 'bounce' | 'notification' | 'list' | 'bulk'; sign: string }

/**
 * Recognises mail that no person wrote to us and that must not be answered (RFC 3834, RFC 3464, RFC 2919); null for personal mail.
 * X-Auto-Response-Suppress only asks for silence and proves nothing.
 */
export function isAutomaticMail(fields: readonly Field[], fromAddress: string): AutomaticMail | null {
  const value = (name: string): string | null => fields.find((field) => field.name === name)?.value.trim() ?? null
  for (const rule of rules) {
    const found = rule(value, fromAddress.toLowerCase())
    if (found !== null) return found
  }
  return null
}

type Rule = (value: (name: string) => string | null, from: string) => AutomaticMail | null
const shown = (name: string, value: string): string => `${name}: ${value.replace(/\s+/g, ' ').slice(0, 100)}`

const rules: readonly Rule[] = [
  (value) => {
    const report = /^multipart\/report\b/i.test(value('content-type') ?? '') ? (value('content-type') as string) : null
    if (report === null) return null
    if (/delivery-status/i.test(report)) return { kind: 'bounce', sign: 'a delivery status report (RFC 3464)' }
    return { kind: 'notification', sign: /disposition-notification/i.test(report) ? 'a read receipt (RFC 8098)' : 'a report (RFC 6522)' }
  },
  (value, from) => (/^(?:mailer-daemon|postmaster)(?:@|$)/.test(from) && value('return-path')?.replace(/\s/g, '') === '<>' ? { kind: 'bounce', sign: `From ${from} with an empty Return-Path` } : null),
  (_, from) => (/^mailer-daemon(?:@|$)/.test(from) ? { kind: 'bounce', sign: `From ${from}` } : null),
  (value) => {
    const submitted = value('auto-submitted')
    const keyword = /^[a-z-]+/i.exec(submitted ?? '')?.[0].toLowerCase() ?? ''
    if (submitted === null || keyword === '' || keyword === 'no') return null
    return { kind: keyword === 'auto-replied' ? 'answer' : 'notification', sign: shown('Auto-Submitted', submitted) }
  },
  (value) => {
    for (const name of ['x-autoreply', 'x-autorespond', 'x-auto-reply', 'x-autoresponder', 'x-autoreply-from', 'x-mail-autoreply']) {
      const text = value(name)
      if (text !== null && text.toLowerCase() !== 'no') return { kind: 'answer', sign: shown(name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase()), text) }
    }
    return null
  },
  (value) => {
    const precedence = value('precedence')?.toLowerCase() ?? ''
    if (precedence === 'auto_reply') return { kind: 'answer', sign: 'Precedence: auto_reply' }
    if (precedence === 'list') return { kind: 'list', sign: 'Precedence: list' }
    return precedence === 'bulk' || precedence === 'junk' ? { kind: 'bulk', sign: `Precedence: ${precedence}` } : null
  },
  (value) => {
    const list = value('list-id')
    return list === null ? null : { kind: 'list', sign: shown('List-Id', list) }
  },
  (value) => (value('return-path')?.replace(/\s/g, '') === '<>' ? { kind: 'answer', sign: 'an empty Return-Path' } : null)
]
