import { Tick } from '../../components/fields.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { useCall } from '../../main-process/use-call.ts'
import { SettingsForm, SettingsGroup } from '../../settings/settings-form.tsx'
import { useSettingsPart } from '../../settings/use-settings-part.ts'

/** Whether only verified senders may send, and what that would hold; for administrators. */
export const RequireVerified = () => {
  const form = useSettingsPart({ id: 'verified-senders', take: ({ sending: { requireVerifiedSenders } }) => ({ requireVerifiedSenders }), put: (settings, { requireVerifiedSenders }) => ({ ...settings, sending: { ...settings.sending, requireVerifiedSenders } }) })
  return (
    <SettingsForm form={form}>
      <SettingsGroup title="Sending">
        {form.draft && <Tick label="Send only under verified addresses" value={form.draft.requireVerifiedSenders} onChange={(requireVerifiedSenders) => form.change({ requireVerifiedSenders })} helper="Other mail is held in the outbox until its sender is verified; test mails are refused. Codes go out in any case." />}
        {form.draft?.requireVerifiedSenders && <StillUnverified />}
      </SettingsGroup>
    </SettingsForm>
  )
}

/** Servers whose mail would be held, said where it is decided. */
const StillUnverified = () => {
  const outgoing = useCall('outgoing.list', {}, { refreshOn: ['servers-changed', 'senders-changed'] }).value
  const senders = useCall('senders.list', {}, { refreshOn: ['senders-changed', 'servers-changed'] }).value
  if (outgoing === null || senders === null) return null
  const verified = new Set(senders.filter(({ verifiedAt }) => verifiedAt !== null).map(({ address }) => address.toLowerCase()))
  const held = outgoing.filter(({ server }) => server.replyTo !== '' && !verified.has(server.replyTo.toLowerCase())).map(({ server }) => `${server.name} (${server.replyTo})`)
  return held.length === 0 ? null : <StatusMark tone="warning">Not verified yet, so mail is held: {held.join(', ')}.</StatusMark>
}
