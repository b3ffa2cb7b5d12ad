import { ownCode, ownMailField } from '../../model/own-mail-field.ts'
import { isAutomaticMail, type AutomaticMail } from '../../model/is-automatic-mail.ts'
import { sameAddress } from '../../model/is-for-mailbox.ts'
import type { Step, StepInput } from '../step.ts'

const kinds: Record<AutomaticMail['kind'], string> = {
  answer: 'an automatic answer', bounce: 'a bounce', notification: 'an automatic notification', list: 'mail of a mailing list', bulk: 'bulk mail'
}

/** Recognises automatic mail, which is never answered, and drops our own that came back (RFC 3834 2): by its field, its Message-ID, or its sender. */
export const loopGuard: Step = (input) => {
  const { parsed, conversations } = input
  const { messageId } = parsed.content
  const from = parsed.content.from?.address ?? ''
  const own = parsed.headers.find(({ name }) => name === ownMailField.toLowerCase())
  if (own?.value.trim() === ownCode) return { outcome: 'dropped', detail: 'This is a code that the console sent itself; it stays in the mailbox for whoever is to read it.', leave: true }
  if (own !== undefined) return { outcome: 'dropped', detail: 'This is a notice that the console sent itself and that came back.' }
  const sent = messageId === null ? null : conversations.sent(messageId)
  if (sent !== null) return { outcome: 'dropped', detail: `Its Message-ID ${messageId} is that of a mail which we sent to ${sent.recipient}: our own mail came back.` }
  const automatic = isAutomaticMail(parsed.headers, from) ?? ((parsed.bounce ?? null) === null ? null : ({ kind: 'bounce', sign: 'a delivery status report (RFC 3464)' } as const))
  if (automatic === null) return { outcome: 'pass', detail: 'Nothing shows that this is automatic mail.' }
  if (automatic.kind === 'answer' && ownAddresses(input).some((own) => sameAddress(own, from)))
    return { outcome: 'dropped', detail: `This is an automatic answer (${automatic.sign}) from ${from}, an address of this mailbox: our own mail came back.` }
  return { outcome: 'pass', detail: `This is ${kinds[automatic.kind]} (${automatic.sign}). It is taken, but not answered.`, found: { automatic } }
}

function ownAddresses({ server }: StepInput): string[] {
  if (server === null) return []
  return server.auth.user.includes('@') ? [...server.addresses, server.auth.user] : server.addresses
}
