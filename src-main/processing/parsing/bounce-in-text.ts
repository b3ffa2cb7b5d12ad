import type { BounceReport } from '#contract/bounce.ts'

type Recipient = BounceReport['recipients'][number]

const longest = 20_000
const mostRecipients = 200
/** Where the copy of the original begins; what stands there is not about the delivery. */
const copyBegins = /^(?:-{2,} ?(?:Below this line is a copy of the message|This is a copy of|Original message|Message header follows|Unsent message (?:below|follows)|Returned message|The following is)|-+ Original message -+|Original message (?:follows|headers?)|Delivery status:|Content-Type: message\/rfc822)/im
/** Sentences of mail systems that say that something was not delivered: qmail, Exim, Gmail, Postfix, sendmail, Exchange, Yahoo, Lotus Notes, iPlanet. */
const failure = /wasn't able to deliver your message|couldn'?t be delivered|wasn'?t delivered|(?:have|had) (?:permanent )?(?:fatal|delivery) errors|did not reach the following recipient|delivery to the following recipients? (?:has )?failed|delivery has failed to these recipients|unable to deliver (?:your )?(?:the )?(?:following )?(?:e?-?mail|message)|undeliverable|undelivered mail returned|delivery (?:status notification )?\(?failure|failed permanently|cannot be delivered|not (?:be )?delivered|delivery problem|not a (?:valid|known) user|user(?:'s)? mailbox|user unknown|no such user|delivery failed|returned to sender|unknown user|address(?:es)? (?:had|failed)|address not found|returned mail|nicht zugestellt|n'a pas pu être|no se pudo entregar|non è stato possibile/i
const delay = /(?:has been|was|is) delayed|delivery (?:attempts )?(?:is |will )?(?:be |continue )?(?:delayed|to be (?:re)?tried)|still being (?:re)?tried|will (?:be retried|keep trying|continue trying)|not (?:yet )?been delivered (?:yet|after)|warning message only|do not need to resend/i
const address = '[^\\s<>()\\[\\]:;,"]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9._-]{0,250}[A-Za-z0-9])?'
/** An address on a line of its own or at its beginning, with the reason behind it: `<a@b>:`, `  a@b`, `a@b on Fri …`, `To: a@b`. */
const recipientLine = new RegExp(`^[ \\t*]{0,12}(?:(?:Recipient|To|Recipient address|Original address|Address|Final-Recipient|Failed recipient|RCPT To|Intended recipient)\\s{0,3}:\\s{0,6}(?:rfc822;\\s?)?)?(?:<(${address})>|"?(${address})"?)[ \\t]*(?:\\(expanded from:[^)]{0,300}\\)[ \\t]*)?(?:$|[:,;.(-]|\\bon\\b|\\.\\.\\.)`, 'i')
/** The recipient as the copied header names it: asked where no line is clearer. */
const namedLine = new RegExp(`^[ \\t]{0,12}(?:To|Recipient|Intended recipient)\\s{0,3}:[^<\\n]{0,80}<(${address})>`, 'i')
const somewhere = new RegExp(`<(${address})>|(?:^|[\\s"'(:;])(${address})`, 'g')

/**
 * Whom mail did not reach, by the text that a mail system wrote about it: qmail (QSBMF), Exim, Postfix, Gmail, sendmail, Exchange.
 * `named` are addresses that its header names as failed, `own` those that the report itself went to: they wrote the mail. Empty where the
 * text does not say so clearly.
 */
export function bounceInText(text: string, named: readonly string[], own: readonly string[]): Recipient[] {
  const copy = copyBegins.exec(text.slice(0, longest))
  const said = text.slice(0, copy?.index ?? longest)
  const flat = said.replace(/\s+/g, ' ')
  const isDelay = delay.test(flat)
  if (!isDelay && !failure.test(flat) && named.length === 0) return []
  const recipients = new Map<string, Recipient>()
  const senders = new Set(own.map((one) => one.toLowerCase()))
  const lines = said.split('\n')
  const take = (pattern: RegExp): void =>
    lines.forEach((line, index) => {
      const found = line.length > 400 ? null : pattern.exec(line)
      const written = found?.[1] ?? found?.[2]
      if (written === undefined || senders.has(written.toLowerCase()) || recipients.size >= mostRecipients) return
      if (!/\b(?:sent by|from|sender)\b[^@]{0,20}$/i.test(before(lines, index))) add(recipients, written, reasonBehind(lines, index), isDelay)
    })
  take(recipientLine)
  if (recipients.size === 0) take(namedLine)
  for (const one of named) add(recipients, one, reasonOf(said, one), isDelay)
  if (recipients.size === 0) for (const one of onlyAddress(said, senders)) add(recipients, one, reasonOf(said, one), isDelay)
  return [...recipients.values()]
}

/** The last line above with anything in it. */
const before = (lines: readonly string[], index: number): string => lines.slice(Math.max(0, index - 3), index).findLast((line) => line.trim() !== '')?.trim() ?? ''

function add(recipients: Map<string, Recipient>, written: string, diagnostic: string, isDelay: boolean): void {
  const at = written.lastIndexOf('@')
  const address = `${written.slice(0, at)}@${written.slice(at + 1).toLowerCase()}`
  const status = statusIn(diagnostic)
  const known = recipients.get(address.toLowerCase())
  if (known !== undefined && (known.diagnostic !== '' || diagnostic === '')) return
  const fitting = status.startsWith(isDelay ? '4' : '5') ? status : isDelay ? '4.0.0' : status.startsWith('4') ? status : '5.0.0'
  recipients.set(address.toLowerCase(), { address, action: isDelay ? 'delayed' : 'failed', status: fitting, diagnostic })
}

/** What stands on the line behind the address and in the lines below up to a blank one. */
function reasonBehind(lines: readonly string[], index: number): string {
  const first = (lines[index] ?? '').replace(/^[^@]*@[^\s>:,;(]*>?[ \t:,;.-]*/, '')
  const below: string[] = []
  for (const line of lines.slice(index + 1, index + 9)) {
    if (line.trim() === '' && (below.length > 0 || first !== '')) break
    if (recipientLine.test(line)) break
    if (line.trim() !== '') below.push(line.trim())
  }
  return [first.trim(), ...below].filter((one) => one !== '').join(' ').slice(0, 1_000)
}

const reasonOf = (said: string, address: string): string => {
  const lines = said.split('\n')
  const index = lines.findIndex((line) => line.toLowerCase().includes(address.toLowerCase()))
  const rest = index === -1 ? '' : reasonBehind(lines, index)
  return rest !== '' ? rest : (/^.*\b[45]\d\d[ -][^\n]{0,500}$/m.exec(said)?.[0].trim() ?? '')
}

/** The address in a text that names a single one. */
function onlyAddress(said: string, senders: ReadonlySet<string>): string[] {
  const found = new Set([...said.matchAll(somewhere)].map(([, angle, bare]) => (angle ?? bare ?? '').toLowerCase()).filter((one) => !/^(?:postmaster|mailer-daemon|abuse|helpdesk|support)@/.test(one) && !senders.has(one)))
  return found.size === 1 ? [...found] : []
}

/** The enhanced status code in an answer (RFC 3463), otherwise the class of its SMTP code; '' without either. */
export function statusIn(diagnostic: string): string {
  const enhanced = /(?:^|[\s#(:;-])([245]\.\d{1,3}\.\d{1,3})(?![\d.])/.exec(diagnostic)?.[1]
  if (enhanced !== undefined) return enhanced
  const code = /(?:^|[\s#(:;])([45])\d\d(?=[\s#:;-])/.exec(diagnostic)?.[1]
  return code === undefined ? '' : `${code}.0.0`
}
