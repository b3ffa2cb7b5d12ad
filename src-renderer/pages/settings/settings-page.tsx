import type { Settings } from '#contract/settings.ts'
import { ListLines, NumberLine, TextLine, Tick } from '../../components/fields.tsx'
import { PageFrame } from '../../components/page-frame.tsx'
import { useIsAdministrator } from '../../main-process/console-state.ts'
import { errorAt } from '../../settings/setting-errors.ts'
import { SettingsForm, SettingsGroup } from '../../settings/settings-form.tsx'
import { useSettingsPart, type SettingsPart } from '../../settings/use-settings-part.ts'

type Part = Pick<Settings, 'alerts' | 'fetching' | 'history'>
const part: SettingsPart<Part> = {
  id: 'settings',
  take: ({ alerts, fetching, history }) => ({ alerts, fetching, history }),
  put: (settings, typed) => ({ ...settings, ...typed })
}

/** Alerts, fetching and the history: what holds for the whole console and is no rule of processing. */
export const SettingsPage = () => {
  const form = useSettingsPart(part)
  const disabled = !useIsAdministrator()
  return (
    <PageFrame title="Alerts and fetching">
      <SettingsForm form={form}>{form.draft && <Fields draft={form.draft} change={form.change} errors={form.errors} disabled={disabled} />}</SettingsForm>
    </PageFrame>
  )
}

type Needs = { draft: Part; change: (part: Partial<Part>) => void; errors: Record<string, string>; disabled: boolean }

const Fields = ({ draft, change, errors, disabled }: Needs) => {
  const { alerts, fetching, history } = draft
  const setAlerts = (typed: Partial<Settings['alerts']>): void => change({ alerts: { ...alerts, ...typed } })
  return (
    <>
      <SettingsGroup title="Alerts">
        <Tick label="Tell when a mailbox cannot be reached" value={alerts.connectivity.enabled} disabled={disabled} onChange={(enabled) => setAlerts({ connectivity: { ...alerts.connectivity, enabled } })} helper="One notice when it is lost and one when it is back, on the bell." />
        {alerts.connectivity.enabled && <NumberLine label="After failures in a row" name="afterFailures" width={200} value={alerts.connectivity.afterFailures} disabled={disabled} onChange={(afterFailures) => setAlerts({ connectivity: { ...alerts.connectivity, afterFailures } })} error={errorAt(errors, 'alerts.connectivity.afterFailures')} />}
        <Tick label="Send mail when an application error occurs" value={alerts.applicationErrors.enabled} disabled={disabled} onChange={(enabled) => setAlerts({ applicationErrors: { ...alerts.applicationErrors, enabled } })} helper="The switch behind “Notify by mail” of an error folder, and behind notices of attachments that were taken off." />
        {alerts.applicationErrors.enabled && <ListLines label="Recipients" name="recipients" rows={2} mono values={alerts.applicationErrors.to} disabled={disabled} onChange={(to) => setAlerts({ applicationErrors: { ...alerts.applicationErrors, to } })} error={errorAt(errors, 'alerts.applicationErrors.to')} helper="The technicians who are told. One address a line." />}
      </SettingsGroup>
      <SettingsGroup title="Fetching">
        <NumberLine label="Mailboxes listened to at once" name="mostListening" width={420} value={fetching.mostListening} disabled={disabled} onChange={(mostListening) => change({ fetching: { ...fetching, mostListening } })} error={errorAt(errors, 'fetching.mostListening')} helper="Each holds one connection open. The others are asked at their interval; 0 switches listening off." />
        <TextLine label="Public address of this console" name="publicUrl" mono inputMode="url" value={fetching.publicUrl ?? ''} disabled={disabled} onChange={(publicUrl) => change({ fetching: { ...fetching, publicUrl: publicUrl.trim() || null } })} error={errorAt(errors, 'fetching.publicUrl')} placeholder="https://mailroom.example.com" helper="The https address under which the browser console is reached from the internet. Microsoft Graph then announces new mail there; empty: it is asked at the interval." />
      </SettingsGroup>
      <SettingsGroup title="History">
        <Tick label="Ask for a reason at every change" value={history.reasonRequired} disabled={disabled} onChange={(reasonRequired) => change({ history: { reasonRequired } })} helper="The reason is kept with the change." />
      </SettingsGroup>
    </>
  )
}
