import type { BounceReport } from '#contract/bounce.ts'
import { sameAddress } from '../../model/is-for-mailbox.ts'
import { techniciansToTell } from '../../model/whom-to-tell.ts'
import type { AutomaticAnswer } from '../../requests/decide.ts'
import type { Step, StepInput } from '../step.ts'

/**
 * A report on mail that could not be delivered (RFC 3464) is tied to what we sent by its Message-ID alone: a report on any other mail
 * could have been made by anybody, so it marks no address. Whoever has got one mail of ours knows one Message-ID: a report on it says
 * something of its recipient alone, whomever else it names. A report on a notice to technicians makes no other notice.
 */
export const bounce: Step = (input, { replyTo }) => {
  const report = input.parsed.bounce ?? null
  if (report === null) return { outcome: 'pass', detail: 'This is no report on mail that was sent.' }
  const sent = report.messageId === null ? null : input.conversations.sent(report.messageId)
  if (sent === null) return { outcome: 'pass', detail: `It reports on ${report.messageId ?? 'mail that it does not name'}, which is no mail of ours: nothing is marked.` }
  const request = sent.request !== null && input.conversations.request(sent.request) !== null ? sent.request : null
  const tied = { ...report, recipients: aboutRecipient(report, sent.recipient), request }
  const found = { bounce: tied, answers: notices(input, tied, sent.recipient) }
  const told = `It reports that our mail to ${sent.recipient} ${describe(report)}.`
  if (request === null && replyTo === null) return { outcome: 'dropped', detail: `${told} That mail belongs to no request; the address is marked.`, found }
  return { outcome: 'pass', detail: told, found: { ...found, replyTo: request ?? replyTo } }
}

/** Where the mail was sent on from its recipient, the report names only where it got to. */
function aboutRecipient({ recipients }: BounceReport, address: string): BounceReport['recipients'] {
  const same = recipients.filter((one) => sameAddress(one.address, address))
  if (same.length > 0) return same
  const [first] = recipients
  return [first === undefined ? { address, action: 'failed', status: '', diagnostic: '' } : { ...first, address }]
}

function describe({ recipients }: BounceReport): string {
  const worst = recipients.find(({ action }) => action === 'failed') ?? recipients[0]
  if (worst === undefined) return 'could not be delivered'
  const said = [worst.status, worst.diagnostic.replace(/\s+/g, ' ').slice(0, 200)].filter((text) => text !== '').join(' ')
  const how = { failed: 'could not be delivered', delayed: 'is delayed', delivered: 'was delivered', relayed: 'was handed on', expanded: 'went to a list' }[worst.action]
  return said === '' ? how : `${how}: ${said}`
}

/** Technicians are told once of what failed for good, not of delays. */
function notices({ settings, people }: StepInput, report: BounceReport, recipient: string): AutomaticAnswer[] {
  const failed = report.recipients.filter(({ action }) => action === 'failed')
  const to = techniciansToTell(settings.alerts, 'mail-returned')
  if (failed.length === 0 || to.some((one) => sameAddress(one, recipient)) || people.byAddress(recipient)?.undeliverableSince) return []
  const list = failed.slice(0, 10).map(({ address, status, diagnostic }) => `- ${address}: ${[status, diagnostic].filter((text) => text !== '').join(' ') || 'no reason given'}`).join('\n')
  return to.map((address): AutomaticAnswer => ({
    to: address, kind: 'mail-returned-notice', subject: `Mail to ${failed[0]?.address ?? 'a person'} came back`,
    text: `Mail that Mailroom sent could not be delivered:\n\n${list}\n\nThe address is marked under People. Check it before anything is sent there again.\n`
  }))
}
