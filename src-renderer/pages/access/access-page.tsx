import { NumberLine } from '../../components/fields.tsx'
import { PageFrame } from '../../components/page-frame.tsx'
import { useConsoleState, useIsAdministrator } from '../../main-process/console-state.ts'
import { errorAt } from '../../settings/setting-errors.ts'
import { SettingsForm, SettingsGroup } from '../../settings/settings-form.tsx'
import { useSettingsPart } from '../../settings/use-settings-part.ts'
import { LookOnly } from '../../components/look-only.tsx'
import { PinPanel } from './pin-panel.tsx'
import { TokensPanel } from './tokens-panel.tsx'

/** Who may change things: the PIN of this window, and the tokens of the browser console. */
export const AccessPage = () => {
  const { host } = useConsoleState()
  const administrator = useIsAdministrator()
  return (
    <PageFrame title="Access" intro="Who may change things. Support looks, tests and exports; an administrator changes everything, and the history keeps who did.">
      <LookOnly what="who has access" />
      {host === 'desktop' && <PinPanel />}
      {administrator && <TokensPanel />}
      {administrator && host === 'desktop' && <LockTime />}
    </PageFrame>
  )
}

const LockTime = () => {
  const form = useSettingsPart({ id: 'access', take: ({ access }) => ({ access }), put: (settings, part) => ({ ...settings, ...part }) })
  return (
    <SettingsForm form={form}>
      <SettingsGroup title="Locking">
        {form.draft && <NumberLine label="Lock the window after (minutes)" name="lockAfterMinutes" width={420} value={form.draft.access.lockAfterMinutes} onChange={(lockAfterMinutes) => form.change({ access: { lockAfterMinutes } })} error={errorAt(form.errors, 'access.lockAfterMinutes')} helper="Without a key, a click or a touch for so long, the window asks for the PIN again." />}
      </SettingsGroup>
    </SettingsForm>
  )
}
