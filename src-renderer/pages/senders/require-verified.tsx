import { Tick } from '../../components/fields.tsx'
import { SettingsForm, SettingsGroup } from '../../settings/settings-form.tsx'
import { useSettingsPart } from '../../settings/use-settings-part.ts'

/** Whether only verified senders may send; for administrators. */
export const RequireVerified = () => {
  const form = useSettingsPart({ id: 'verified-senders', take: ({ sending: { requireVerifiedSenders } }) => ({ requireVerifiedSenders }), put: (settings, { requireVerifiedSenders }) => ({ ...settings, sending: { ...settings.sending, requireVerifiedSenders } }) })
  return (
    <SettingsForm form={form}>
      <SettingsGroup title="Sending">
        {form.draft && <Tick label="Send only under verified addresses" value={form.draft.requireVerifiedSenders} onChange={(requireVerifiedSenders) => form.change({ requireVerifiedSenders })} helper="Other mail is held in the outbox until its sender is verified; test mails are refused. Codes go out in any case." />}
      </SettingsGroup>
    </SettingsForm>
  )
}
