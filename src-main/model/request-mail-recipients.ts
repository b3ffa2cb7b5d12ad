import { mailAddress } from '#contract/fields.ts'
import type { RequestMailEvent } from '#contract/mail-template.ts'
import type { RequestValues } from '#contract/request-values.ts'
import type { Settings } from '#contract/settings.ts'
import { firstAddress } from './first-address.ts'
import type { AutomaticMail } from './is-automatic-mail.ts'
import { countedAs, domainOf, sameAddress } from './is-for-mailbox.ts'
import { usableAddress } from './usable-address.ts'

export type RequestMailRule = Settings['requestMails'][number]

/** What happened to a request, as far as it matters to whom that is told. `cc` are addresses. */
export type RequestHappening = {
  event: RequestMailEvent
  partition: string
  requester: string
  values: RequestValues
  cc: readonly string[]
  /** The mail that did it; null: somebody did it in the console. */
  cause: { writer: string; automatic: AutomaticMail | null; /** Another console like this one wrote it. */ byConsole: boolean; /** [MS-OXCMAIL] 2.2.3.2.14 */ asksForSilence: boolean } | null
}

/** What is known of those who may get mail; addresses in any case. `answersTo` and `mailsFrom` count the last hour; `answersTo` is asked for a domain (`@example.com`) as well. */
export type MailGuards = {
  isOurs(address: string): boolean
  /** Whether an address of ours is in its domain. */
  isOurDomain(address: string): boolean
  isUnusable(address: string): boolean
  answersTo(address: string): number
  mailsFrom(address: string): number
  mostPerHour: number
  /** Address of the one person of this name; null where there is none, or more than one. */
  addressOfName(name: string): string | null
}

/** `isAnswer`: it goes to somebody who wrote, and counts as an answer to them. */
export type RequestMailRecipient = { rule: RequestMailRule; to: string; isAnswer: boolean }
/** `silent` says in sentences who gets none and why; `loop` names who got, or wrote, as many as are allowed. */
export type RequestMailRecipients = { recipients: RequestMailRecipient[]; silent: string[]; loop: { address: string; answers: number } | null }

/** So many people in Cc of a mail are told: whoever writes must not have us write to a thousand others. */
const mostInCc = 25
/** Others than the writer hear of much mail of a web form or a technician, and yet not for ever of a machine that answers under another address than we write to. */
const othersShare = 10

/** Behind a gateway each mail of a loop may come from another address; yet many people write from the domain of a large provider. */
const domainShare = 50

/** Enabled rules for an event in a partition. */
export const rulesFor = (rules: readonly RequestMailRule[], event: RequestMailEvent, partition: string): RequestMailRule[] =>
  rules.filter((rule) => rule.enabled && rule.event === event && (rule.partitions.length === 0 || rule.partitions.includes(partition)))

/** Address of the technician of a request; null where none is known. */
export const technicianAddress = ({ technician = '', technicianEmail = '' }: RequestValues, addressOfName: MailGuards['addressOfName']): string | null =>
  firstAddress(technicianEmail) ?? firstAddress(technician) ?? (technician === '' ? null : addressOfName(technician))

/**
 * Whom the rules tell of what happened, each address once a rule. Nobody who wrote is answered because of automatic mail (RFC 3834 2), nobody at an address of ours or
 * one that mail came back from, nor more often within an hour than answers may go to one address, or fifty times that to one domain that is not ours. Technicians and addresses that a rule names hear of requests
 * that automatic mail makes, which is no answer to it; not, where another console wrote it. Whoever is told of what somebody else wrote hears of at most ten times as many mails
 * of one writer; those in Cc, whom the writer chose, of as many.
 */
export function requestMailRecipients(rules: readonly RequestMailRule[], happening: RequestHappening, guards: MailGuards): RequestMailRecipients {
  const found: RequestMailRecipients = { recipients: [], silent: [], loop: null }
  const given = new Map<string, number>()
  for (const rule of rulesFor(rules, happening.event, happening.partition)) {
    if (rule.to.includes('technician') && technicianAddress(happening.values, guards.addressOfName) === null) found.silent.push(`Rule ${rule.name}: no technician is told: the request has none with an address.`)
    for (const one of named(rule, happening, guards)) {
      const { to, isAnswer } = one
      const silence = isAnswer ? whyNoAnswer(to, happening, guards) : whyNotTold(to, happening, guards)
      const tooMany = silence === null ? whatIsTooMany(one, happening, { ...guards, answersTo: (whom) => guards.answersTo(whom) + (given.get(countedAs(whom)) ?? 0) }) : null
      if (silence !== null) found.silent.push(`Rule ${rule.name}: no mail goes to ${to || 'nobody'}: ${silence}`)
      else if (tooMany !== null) {
        const { said, ...loop } = tooMany
        found.loop ??= loop
        found.silent.push(`Rule ${rule.name}: no mail goes to ${to}: ${said} within the last hour, which looks like a loop.`)
      } else {
        found.recipients.push({ rule, to, isAnswer })
        if (isAnswer) for (const key of [countedAs(to), domainOf(to)]) given.set(key, (given.get(key) ?? 0) + 1)
      }
    }
  }
  return found
}

type Named = Pick<RequestMailRecipient, 'to' | 'isAnswer'> & { isInCc: boolean }

/** Why an address gets no more for now, in the middle of a sentence, and who is in the loop; null where it may get another. */
function whatIsTooMany(one: Named, happening: RequestHappening, guards: MailGuards): (NonNullable<RequestMailRecipients['loop']> & { said: string }) | null {
  const { to, isAnswer } = one
  const writer = happening.cause?.writer ?? ''
  const got = isAnswer ? guards.answersTo(to) : 0
  if (got >= guards.mostPerHour) return { address: to, answers: got, said: `it got ${got}` }
  // What somebody does in the console is no loop.
  const inDomain = isAnswer && happening.cause !== null ? answersToFullDomain(to, guards) : null
  if (inDomain !== null) return { address: domainOf(to).slice(1), answers: inDomain, said: `addresses of ${domainOf(to).slice(1)} got ${inDomain}` }
  const wrote = guards.mailsFrom(writer)
  return wrote >= mostWritten(one, happening, guards) ? { address: to, answers: wrote, said: `${writer} wrote ${wrote}` } : null
}

/** How many answers the domain of an address got, where it gets no more for now; null where it may get others, as a domain of ours always may. */
export function answersToFullDomain(address: string, { answersTo, isOurDomain, mostPerHour }: Pick<MailGuards, 'answersTo' | 'isOurDomain' | 'mostPerHour'>): number | null {
  const got = answersTo(domainOf(address))
  return got >= mostPerHour * domainShare && !isOurDomain(address) ? got : null
}

/** Of how many mails of one writer an address hears. What somebody writes must not reach any number of strangers under our name. */
function mostWritten({ to, isAnswer, isInCc }: Named, { event, cause }: RequestHappening, { mostPerHour }: MailGuards): number {
  if (sameAddress(to, cause?.writer ?? '')) return isAnswer ? Infinity : mostPerHour
  return isInCc && event === 'request-created' ? mostPerHour : mostPerHour * othersShare
}

/** Those whom a rule names; who is named twice is told once, as the one who wrote. */
function named({ to }: RequestMailRule, { requester, cc, values }: RequestHappening, guards: MailGuards): Named[] {
  const technician = to.includes('technician') ? technicianAddress(values, guards.addressOfName) : null
  const all: Named[] = [
    ...(to.includes('requester') ? [requester] : []).map((address) => ({ to: address, isAnswer: true, isInCc: false })),
    ...(to.includes('cc') ? cc.slice(0, mostInCc) : []).map((address) => ({ to: address, isAnswer: true, isInCc: true })),
    ...(technician === null ? [] : [technician]).map((address) => ({ to: address, isAnswer: false, isInCc: false })),
    ...to.filter((one) => one.includes('@')).map((address) => ({ to: address, isAnswer: false, isInCc: false }))
  ]
  return all.filter((one, index) => all.findIndex((other) => sameAddress(other.to, one.to)) === index)
}

function whyNobodyMay(to: string, guards: MailGuards): string | null {
  if (!mailAddress.safeParse(to).success || usableAddress(to) === null) return 'that is no address.'
  if (guards.isOurs(to)) return 'it is an address of ours.'
  return guards.isUnusable(to) ? 'mail to it came back.' : null
}

/** Addresses at which nobody reads (RFC 3834 2). */
export const isReadByNobody = (address: string): boolean => /^(?:(?:[^@]*[-_.])?(?:no|do[-_.]?not)[-_.]?reply(?:[-_.+][^@]*)?|(?:mailer-daemon|postmaster)(?:\+[^@]*)?)@/i.test(address)

function whyNoAnswer(to: string, { event, cause }: RequestHappening, guards: MailGuards): string | null {
  const nobody = whyNobodyMay(to, guards)
  if (nobody !== null) return nobody
  if (isReadByNobody(to)) return 'nobody reads mail there.'
  if (cause === null) return null
  const isWriter = sameAddress(to, cause.writer)
  // A request that a program closes is told to the one who made it, unless that is the program.
  const answersMail = event === 'request-created' || event === 'reply-received'
  if (cause.automatic !== null && (isWriter || answersMail)) return `it is automatic mail (${cause.automatic.sign}).`
  return cause.asksForSilence && isWriter ? 'it asks for none (X-Auto-Response-Suppress).' : null
}

function whyNotTold(to: string, { event, cause }: RequestHappening, guards: MailGuards): string | null {
  const nobody = whyNobodyMay(to, guards)
  if (nobody !== null || cause === null || cause.automatic === null) return nobody
  const { automatic, byConsole, writer } = cause
  if (byConsole) return 'another console wrote the mail.'
  const isNews = event !== 'reply-received' && automatic.kind !== 'answer' && automatic.kind !== 'bounce'
  return isNews && !sameAddress(to, writer) ? null : `it is automatic mail (${automatic.sign}).`
}
