import { TextLine } from '../../components/fields.tsx'
import type { PartNeeds } from './form-parts.ts'

/** The mailbox where it is not that of the user who signs in: a shared one. */
export const MailboxField = ({ server, change, errors, disabled }: Pick<PartNeeds, 'server' | 'change' | 'errors' | 'disabled'>) => (
  <TextLine name="mailbox" label="Mailbox, if it is another one" mono value={server.mailbox ?? ''} onChange={(mailbox) => change({ mailbox: mailbox.trim() })} error={errors['mailbox']} disabled={disabled} helper="Address of a shared mailbox that the sign-in user may open. Empty: the user’s own." />
)
