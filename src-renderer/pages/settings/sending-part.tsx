import { Box, Link } from '@mui/material'
import type { Settings } from '#contract/settings.ts'
import { NumberLine, Tick } from '../../components/fields.tsx'
import { hashOf } from '../../components/hash-location.ts'
import { StatusMark } from '../../components/status-mark.tsx'
import { useCall } from '../../main-process/use-call.ts'
import { errorAt } from '../../settings/setting-errors.ts'
import { SettingsGroup } from '../../settings/settings-form.tsx'

type Needs = { sending: Settings['sending']; change: (part: Partial<Settings['sending']>) => void; errors: Record<string, string>; disabled: boolean }

/** Under which addresses mail goes out, when it is given up, and how long what went stays to be seen. */
export const SendingPart = ({ sending, change, errors, disabled }: Needs) => (
  <SettingsGroup title="Sending">
    <Tick label="Send only under verified addresses" value={sending.requireVerifiedSenders} disabled={disabled} onChange={(requireVerifiedSenders) => change({ requireVerifiedSenders })} helper="Mail under an address that nobody has verified by a code is held in the outbox until somebody has." />
    <Box sx={{ ml: 3.25, mt: -0.5 }}>{sending.requireVerifiedSenders && <Unverified />}<Link underline="always" href={hashOf('senders')}>Verify addresses under Verified senders</Link></Box>
    <NumberLine label="Give up after" name="giveUpAfterHours" width={200} suffix="hours" value={sending.giveUpAfterHours} disabled={disabled} onChange={(giveUpAfterHours) => change({ giveUpAfterHours })} error={errorAt(errors, 'sending.giveUpAfterHours')} helper="A mail that no server takes is tried until then." />
    <NumberLine label="Keep what was sent" name="keepSentDays" width={200} suffix="days" value={sending.keepSentDays} disabled={disabled} onChange={(keepSentDays) => change({ keepSentDays })} error={errorAt(errors, 'sending.keepSentDays')} helper="Sent and refused mail stays so long in the outbox; 0: not at all." />
  </SettingsGroup>
)

/** Which addresses of ours would be held back now. */
const Unverified = () => {
  const senders = useCall('senders.list', {}, { refreshOn: ['senders-changed', 'servers-changed'] }).value
  if (senders === null) return null
  const open = senders.filter(({ kind, verifiedAt }) => kind === 'sender' && verifiedAt === null).map(({ address }) => address)
  if (senders.some(({ verifiedAt }) => verifiedAt !== null) && open.length === 0) return null
  return <Box role="note" sx={{ mb: 0.5, '& span': { whiteSpace: 'normal' } }}><StatusMark tone="warning">{open.length === 0 ? 'No address is verified yet: all mail would be held.' : `Not verified yet, so mail under them is held: ${open.join(', ')}.`}</StatusMark></Box>
}
