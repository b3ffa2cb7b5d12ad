import { servedAddress } from '../../model/is-for-mailbox.ts'
import type { Step } from '../step.ts'

/** Mail to addresses that the mailbox does not serve is taken or left alone, as the server says. */
export const recipients: Step = ({ parsed, server }) => {
  if (server === null) return { outcome: 'pass', detail: 'No mailbox is named, so every recipient is taken.' }
  if (server.addresses.length === 0) return { outcome: 'pass', detail: 'The mailbox names no addresses, so every recipient is taken.' }
  const { to, cc } = parsed.content
  const served = servedAddress({ to, cc, fields: parsed.headers }, server.addresses)
  if (served !== null) return { outcome: 'pass', detail: `Addressed to ${served}.` }
  const named = [...to, ...cc].slice(0, 5).map(({ address }) => address).join(', ') || 'nobody who is named'
  return server.otherRecipients === 'take'
    ? { outcome: 'pass', detail: `Addressed to ${named}, none of the addresses of this mailbox; other recipients are taken.` }
    : { outcome: 'dropped', detail: `Addressed to ${named}, none of the addresses of this mailbox; the message is left alone.`, leave: true }
}
