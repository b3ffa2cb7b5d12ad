import { builtInAcknowledgement } from '#contract/mail-template.ts'
import { placeholderValues } from '../../model/fill-mail-template.ts'
import { domainOf, hasDomainOf, isAmong, sameAddress } from '../../model/is-for-mailbox.ts'
import { plainLine } from '../../model/plain-line.ts'
import { answersToFullDomain, isReadByNobody } from '../../model/request-mail-recipients.ts'
import { usableAddress } from '../../model/usable-address.ts'
import { techniciansToTell } from '../../model/whom-to-tell.ts'
import { withoutIdentifier } from '../../model/without-identifier.ts'
import { isNotice, type AutomaticAnswer } from '../../requests/decide.ts'
import { asksForSilence, requestMails, toldOfRequest } from '../mails/request-mails.ts'
import { writeMail } from '../mails/write-mail.ts'
import type { ParsedMessage } from '../parsing/parsed-message.ts'
import type { Findings, Step, StepInput } from '../step.ts'
import { makesRequest } from './template.ts'

/**
 * Says which mail goes out because of this one: answers to its sender, and what the rules for mail about requests want. Nobody is answered because of automatic mail, at
 * an address of ours, or too often (RFC 3834 2). Whom a rule tells of a new request gets no acknowledgement besides.
 */
export const answers: Step = (input, findings) => {
  const byRules = requestMails(input, findings)
  const wanted = answersTo(input, findings).filter(({ kind, to }) => kind !== 'acknowledgement' || !byRules.mails.some((mail) => sameAddress(mail.to, to)))
  const { allowed, because, loop } = allowedAnswers(input, findings, wanted, byRules.mails)
  const notices = strippedNotices(input, findings)
  const all = [...allowed, ...byRules.mails]
  const told = [
    ...all.map(({ to, subject }) => `Mail goes to ${to}: ${subject.replace(/\.$/, '')}.`).slice(0, mostListed), ...(because === null ? [] : [because]), ...byRules.silent.slice(0, mostListed),
    ...(notices.length > 0 ? ['Technicians are told of what was taken off.'] : [])
  ]
  return { outcome: 'pass', detail: told.join(' ') || 'No answer goes out.', found: { answers: [...all, ...findings.answers, ...notices], loop: loop ?? byRules.loop } }
}

type Allowed = { allowed: AutomaticAnswer[]; because: string | null; loop: Findings['loop'] }

function allowedAnswers(input: StepInput, findings: Findings, wanted: AutomaticAnswer[], others: readonly AutomaticAnswer[]): Allowed {
  const { address } = findings.sender
  if (wanted.length === 0) return { allowed: [], because: null, loop: null }
  const silence = reasonForSilence(input, findings)
  if (silence !== null) return { allowed: [], because: `No answer goes to ${address}: ${silence}`, loop: null }
  const before = input.recent.answersTo(address) + others.filter((mail) => !isNotice(mail) && sameAddress(mail.to, address)).length
  const { mostPerHour } = input.settings.processing.answers
  const inDomain = answersToFullDomain(address, { answersTo: input.recent.answersTo, isOurDomain: (one) => hasDomainOf(input.outgoing.ours, one), mostPerHour })
  if (inDomain !== null) return { allowed: [], because: `No answer goes to ${address}: addresses of ${domainOf(address).slice(1)} got ${inDomain} within the last hour, which looks like a loop.`, loop: { address: domainOf(address).slice(1), answers: inDomain } }
  const room = Math.max(0, mostPerHour - before)
  if (wanted.length <= room) return { allowed: wanted, because: null, loop: null }
  // With room for one it is that of what was taken off: whoever gets it knows that the mail came in.
  if (room > 0) return { allowed: wanted.slice(-room), because: `No other answer goes to ${address}: more than ${before + room} an hour would be too many.`, loop: null }
  return { allowed: [], because: `No answer goes to ${address}: it got ${before} within the last hour, which looks like a loop.`, loop: { address, answers: before } }
}

function answersTo(input: StepInput, findings: Findings): AutomaticAnswer[] {
  const { parsed, settings } = input
  const { sender, stripped, commanded } = findings
  // The identifier of a command in our subject would make the reply to it a command again.
  const about = withoutIdentifier(plainLine(commanded?.subject ?? parsed.content.subject, 150), settings.processing.emailCommand) || 'your mail'
  const wanted: AutomaticAnswer[] = []
  if (settings.processing.answers.acknowledge && makesRequest(findings)) wanted.push(...acknowledgement(input, findings))
  if (settings.processing.attachments.notify && stripped.length > 0)
    wanted.push({ to: sender.address, kind: 'attachments-stripped', subject: `Attachments taken off: ${about}`, text: `Your mail was received, but not all of its attachments:\n\n${strippedList(parsed, stripped)}\n` })
  return wanted
}

function acknowledgement(input: StepInput, findings: Findings): AutomaticAnswer[] {
  const { answers: { template }, emailCommand } = input.settings.processing
  const told = toldOfRequest(input, findings)
  return told === null ? [] : [{ to: findings.sender.address, kind: 'acknowledgement', ...writeMail(template ?? builtInAcknowledgement, placeholderValues(told), emailCommand) }]
}

/** The first mails of a sender within an hour are told by mail; the bell tells of all. */
function strippedNotices({ parsed, settings, recent }: StepInput, { stripped, sender }: Findings): AutomaticAnswer[] {
  if (!settings.processing.attachments.notify || stripped.length === 0) return []
  if (recent.mailsFrom(sender.address) >= settings.processing.answers.mostPerHour) return []
  const text = `From a mail of ${sender.address} with the subject "${parsed.content.subject.slice(0, 200)}" these attachments were taken off:\n\n${strippedList(parsed, stripped)}\n`
  return techniciansToTell(settings.alerts, 'attachments-stripped').map((address): AutomaticAnswer => ({ to: address, kind: 'attachments-stripped-notice', subject: `Attachments taken off mail from ${sender.address}`, text }))
}

const mostListed = 20
const strippedList = ({ content }: ParsedMessage, stripped: Findings['stripped']): string =>
  stripped.slice(0, mostListed).map(({ index, stripped: { reason, remedy } }) => `- ${content.attachments[index]?.name.slice(0, 200) || 'a file without a name'}: ${reason}\n  ${remedy}`).join('\n') + (stripped.length > mostListed ? `\n- and ${stripped.length - mostListed} more` : '')

/** Why this sender gets no automatic answer; null where nothing stands against it. */
function reasonForSilence(input: StepInput, { automatic, sender, person }: Findings): string | null {
  const { server, parsed, outgoing } = input
  const { address } = sender
  if (automatic !== null) return `it is automatic mail (${automatic.sign}).`
  if (usableAddress(address) === null) return 'that is no address.'
  if (isReadByNobody(address)) return 'nobody reads mail there.'
  const own = server === null ? [] : [...server.addresses, ...(server.auth.user.includes('@') ? [server.auth.user] : [])]
  if (own.some((one) => sameAddress(one, address))) return 'it is an address of this mailbox.'
  if (isAmong(outgoing.ours, address)) return 'it is an address of ours.'
  if (asksForSilence(parsed.headers)) return 'it asks for none (X-Auto-Response-Suppress).'
  return person?.undeliverableSince ? 'mail to it came back.' : null
}
