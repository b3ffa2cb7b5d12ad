import { TextLine } from './fields.tsx'

type Needs = { required: boolean; value: string; onChange: (reason: string) => void; error?: string | undefined; disabled?: boolean; autoFocus?: boolean }

/** Why a change is made: the history keeps it. */
export const ReasonLine = ({ required, ...rest }: Needs) => <TextLine {...rest} name="reason" label={required ? 'Reason for this change' : 'Reason for this change (optional)'} helper="Kept in the history." />

/** The fault of a reason that is wanted and was not given. */
export const reasonFaults = (required: boolean, reason: string): { reason?: string } => (required && reason.trim() === '' ? { reason: 'Say why: the history keeps it.' } : {})
