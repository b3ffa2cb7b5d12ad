import type { MailAuthentication } from '#contract/authentication.ts'
import { describeAuthentication } from '../../model/describe-authentication.ts'
import { forwarderOf } from '../../model/forwarder-of.ts'
import { sameAddress } from '../../model/is-for-mailbox.ts'
import type { Findings, Step, StepAnswer, StepInput } from '../step.ts'

/**
 * What the server wants of mail whose sender's domain does not stand for it (SPF, DKIM, DMARC): ignore, mark, drop, or the error folder.
 * Forwarding breaks SPF and often DKIM (RFC 7960 3), so mail of a mailbox that forwards here is marked at most.
 */
export const authentication: Step = (input, findings) => {
  const { parsed, server } = input
  if (server === null) return { outcome: 'pass', detail: 'No mailbox is named, so nothing is asked of the sender\'s domain.' }
  if (server.authentication.policy === 'ignore') return { outcome: 'pass', detail: 'This mailbox does not check SPF, DKIM and DMARC.' }
  const found = parsed.authentication ?? null
  if (found === null) return { outcome: 'pass', detail: 'SPF, DKIM and DMARC are checked while mail is fetched; of this message nothing is known.' }
  const said = describeAuthentication(found)
  return found.verdict === 'fail' ? failed(input, findings, said, found) : { outcome: 'pass', detail: `${verdicts[found.verdict]}: ${said}.` }
}

const verdicts: Record<Exclude<MailAuthentication['verdict'], 'fail'>, string> = {
  pass: 'The sender\'s domain stands for this message', none: 'The sender\'s domain says nothing of who may write in its name', unknown: 'Nothing can be said of the sender\'s domain, since DNS gave no answer'
}

function failed(input: StepInput, findings: Findings, said: string, { dmarc, spf }: MailAuthentication): StepAnswer {
  const sender = input.parsed.content.from?.address ?? findings.sender.address
  const domain = dmarc.domain || spf.domain || sender.slice(sender.lastIndexOf('@') + 1)
  const detail = `The domain ${domain} does not stand for this message: ${said}.`
  const policy = input.server?.authentication.policy ?? 'mark'
  const through = forwardedBy(input, findings)
  if (through !== null) return { outcome: 'pass', detail: `${detail} It was forwarded by ${through}, which can break both, so it is marked only.`, found: { mark: `${detail} It was forwarded by ${through}.` } }
  // RFC 7489 6.3: the domain asks that nothing be done about mail that fails.
  if (dmarc.policy === 'none' && spf.result !== 'fail') return { outcome: 'pass', detail: `${detail} The domain asks that nothing be done about such mail, so it is marked only.`, found: { mark: detail } }
  if (policy === 'drop') return { outcome: 'dropped', detail }
  if (policy === 'error-folder') return { outcome: 'error', detail, problem: { code: 'sender-not-authentic', sender, reason: said } }
  return { outcome: 'pass', detail: `${detail} It is marked.`, found: { mark: detail } }
}

/** The mailbox that forwarded the message here; null where none is known to have. */
function forwardedBy({ parsed, server }: StepInput, { sender }: Findings): string | null {
  const from = parsed.content.from?.address ?? ''
  if (from !== '' && sender.address !== '' && !sameAddress(sender.address, from)) return from
  return forwarderOf(parsed.headers, server?.forwarders ?? [])
}
