import { sameAddress } from '../../model/is-for-mailbox.ts'
import type { AutomaticAnswer } from '../../requests/decide.ts'
import type { ParsedMessage } from '../parsing/parsed-message.ts'
import type { Findings, Step, StepInput } from '../step.ts'

/** Says which mail goes out because of this one: never because of automatic mail, never to ourselves, never too often (RFC 3834 2). */
export const answers: Step = (input, findings) => {
  const wanted = answersTo(input, findings)
  const notices = strippedNotices(input, findings)
  const more = { answers: [...findings.answers, ...notices] }
  if (wanted.length === 0) return { outcome: 'pass', detail: notices.length > 0 ? 'Technicians are told of what was taken off; the sender gets no answer.' : 'No answer goes out.', found: more }
  const { address } = findings.sender
  const silence = reasonForSilence(input, findings)
  if (silence !== null) return { outcome: 'pass', detail: `No answer goes to ${address}: ${silence}`, found: more }
  const before = input.recent.answersTo(address)
  if (before + wanted.length > input.settings.processing.answers.mostPerHour)
    return { outcome: 'pass', detail: `No answer goes to ${address}: it got ${before} within the last hour, which looks like a loop.`, found: { ...more, loop: { address, answers: before } } }
  return { outcome: 'pass', detail: `An answer goes to ${address}: ${wanted.map(({ subject }) => subject).join('; ')}`, found: { answers: [...wanted, ...more.answers] } }
}

function answersTo({ parsed, settings }: StepInput, findings: Findings): AutomaticAnswer[] {
  const { sender, replyTo, operation, stripped, commanded } = findings
  // The identifier of a command in our subject would make the reply to it a command again.
  const about = (commanded?.subject ?? parsed.content.subject).replace(/\s+/g, ' ').slice(0, 150) || 'your mail'
  const isNew = operation === 'add' || (operation === null && replyTo === null)
  const wanted: AutomaticAnswer[] = []
  if (settings.processing.answers.acknowledge && isNew)
    wanted.push({ to: sender.address, kind: 'acknowledgement', subject: `Received: ${about}`, text: 'We have received your mail and made a request of it. Please keep the number in the subject when you write about it.\n' })
  if (settings.processing.attachments.notify && stripped.length > 0)
    wanted.push({ to: sender.address, kind: 'attachments-stripped', subject: `Attachments taken off: ${about}`, text: `Your mail was received, but not all of its attachments:\n\n${strippedList(parsed, stripped)}\n` })
  return wanted
}

/** The first mails of a sender within an hour are told by mail; the bell tells of all. */
function strippedNotices({ parsed, settings, recent }: StepInput, { stripped, sender }: Findings): AutomaticAnswer[] {
  const { enabled, to } = settings.alerts.applicationErrors
  if (!enabled || !settings.processing.attachments.notify || stripped.length === 0) return []
  if (recent.mailsFrom(sender.address) >= settings.processing.answers.mostPerHour) return []
  const text = `From a mail of ${sender.address} with the subject "${parsed.content.subject.slice(0, 200)}" these attachments were taken off:\n\n${strippedList(parsed, stripped)}\n`
  return to.map((address): AutomaticAnswer => ({ to: address, kind: 'attachments-stripped-notice', subject: `Attachments taken off mail from ${sender.address}`, text }))
}

const mostListed = 20
const strippedList = ({ content }: ParsedMessage, stripped: Findings['stripped']): string =>
  stripped.slice(0, mostListed).map(({ index, stripped: { reason, remedy } }) => `- ${content.attachments[index]?.name.slice(0, 200) || 'a file without a name'}: ${reason}\n  ${remedy}`).join('\n') + (stripped.length > mostListed ? `\n- and ${stripped.length - mostListed} more` : '')

/** Why this sender gets no automatic answer; null where nothing stands against it. */
function reasonForSilence(input: StepInput, { automatic, sender, person }: Findings): string | null {
  const { server, parsed } = input
  const { address } = sender
  if (automatic !== null) return `it is automatic mail (${automatic.sign}).`
  if (/^(?:no-?reply|do-?not-?reply|mailer-daemon|postmaster)[@+]/i.test(address)) return 'nobody reads mail there.'
  const own = server === null ? [] : [...server.addresses, ...(server.auth.user.includes('@') ? [server.auth.user] : [])]
  if (own.some((one) => sameAddress(one, address))) return 'it is an address of this mailbox.'
  const suppress = parsed.headers.find(({ name }) => name === 'x-auto-response-suppress')?.value ?? ''
  // [MS-OXCMAIL] 2.2.3.2.14: the sender asks for no automatic answers.
  if (/\b(?:all|autoreply)\b/i.test(suppress)) return 'it asks for none (X-Auto-Response-Suppress).'
  return person?.undeliverableSince ? 'mail to it came back.' : null
}
