import type { Settings } from '#contract/settings.ts'
import { NumberLine, TextLine, Tick } from '../../components/fields.tsx'
import { PageFrame } from '../../components/page-frame.tsx'
import { useIsAdministrator } from '../../main-process/console-state.ts'
import { errorAt } from '../../settings/setting-errors.ts'
import { SettingsForm, SettingsGroup } from '../../settings/settings-form.tsx'
import { AlertsPart } from './alerts-part.tsx'
import { SendingPart } from './sending-part.tsx'
import { useSettingsPart, type SettingsPart } from '../../settings/use-settings-part.ts'

type Part = Pick<Settings, 'alerts' | 'fetching' | 'sending' | 'history'>
const part: SettingsPart<Part> = {
  id: 'settings',
  take: ({ alerts, fetching, sending, history }) => ({ alerts, fetching, sending, history }),
  put: (settings, typed) => ({ ...settings, ...typed })
}

/** Alerts, fetching, sending and the history: what holds for the whole console and is no rule of processing. */
export const SettingsPage = () => {
  const form = useSettingsPart(part)
  const disabled = !useIsAdministrator()
  return (
    <PageFrame title="Alerts, fetching, sending">
      <SettingsForm form={form}>{form.draft && <Fields draft={form.draft} change={form.change} errors={form.errors} disabled={disabled} />}</SettingsForm>
    </PageFrame>
  )
}

type Needs = { draft: Part; change: (part: Partial<Part>) => void; errors: Record<string, string>; disabled: boolean }

const Fields = ({ draft, change, errors, disabled }: Needs) => {
  const { alerts, fetching, sending, history } = draft
  const setAlerts = (typed: Partial<Settings['alerts']>): void => change({ alerts: { ...alerts, ...typed } })
  return (
    <>
      <AlertsPart alerts={alerts} change={setAlerts} errors={errors} disabled={disabled} />
      <SettingsGroup title="Fetching">
        <NumberLine label="Mailboxes listened to at once" name="mostListening" width={420} value={fetching.mostListening} disabled={disabled} onChange={(mostListening) => change({ fetching: { ...fetching, mostListening } })} error={errorAt(errors, 'fetching.mostListening')} helper="Each holds one connection open. The others are asked at their interval; 0 switches listening off." />
        <TextLine label="Public address of this console" name="publicUrl" mono inputMode="url" value={fetching.publicUrl ?? ''} disabled={disabled} onChange={(publicUrl) => change({ fetching: { ...fetching, publicUrl: publicUrl.trim() || null } })} error={errorAt(errors, 'fetching.publicUrl')} placeholder="https://mailroom.example.com" helper="The https address under which the browser console is reached from the internet. Microsoft Graph then announces new mail there; empty: it is asked at the interval." />
      </SettingsGroup>
      <SendingPart sending={sending} change={(typed) => change({ sending: { ...sending, ...typed } })} errors={errors} disabled={disabled} />
      <SettingsGroup title="History">
        <Tick label="Ask for a reason at every change" value={history.reasonRequired} disabled={disabled} onChange={(reasonRequired) => change({ history: { reasonRequired } })} helper="The reason is kept with the change." />
      </SettingsGroup>
    </>
  )
}
