import { Box } from '@mui/material'
import type { Settings } from '#contract/settings.ts'
import { ListLines, NumberLine, Tick } from '../../components/fields.tsx'
import { errorAt } from '../../settings/setting-errors.ts'
import { SettingsGroup } from '../../settings/settings-form.tsx'
import { CategoriesPart } from './categories-part.tsx'
import { RulesTable } from './rules-table.tsx'

type Needs = { alerts: Settings['alerts']; change: (part: Partial<Settings['alerts']>) => void; errors: Record<string, string>; disabled: boolean }

/** What is told, after how long, to whom, and how often at most. */
export const AlertsPart = ({ alerts, change, errors, disabled }: Needs) => {
  const { connectivity, silence, applicationErrors } = alerts
  return (
    <>
      <SettingsGroup title="Alerts">
        <Tick label="Tell when a mailbox cannot be reached" value={connectivity.enabled} disabled={disabled} onChange={(enabled) => change({ connectivity: { ...connectivity, enabled } })} helper="One notice when it is lost and one when it is back, on the bell and by mail." />
        {connectivity.enabled && <Inset><NumberLine label="After failures in a row" name="afterFailures" width={200} value={connectivity.afterFailures} disabled={disabled} onChange={(afterFailures) => change({ connectivity: { ...connectivity, afterFailures } })} error={errorAt(errors, 'alerts.connectivity.afterFailures')} helper="A refused sign-in is told at once." /></Inset>}
        <Tick label="Tell when a mailbox is silent" value={silence.enabled} disabled={disabled} onChange={(enabled) => change({ silence: { ...silence, enabled } })} helper="When no mail comes where it usually would. Mailroom learns from four weeks what is usual by day and hour, so that nights and weekends are not told; a server can be left out in its settings." />
        {silence.enabled && <Inset><NumberLine label="After hours without mail" name="silentAfterHours" width={200} value={silence.afterHours} disabled={disabled} onChange={(afterHours) => change({ silence: { ...silence, afterHours } })} error={errorAt(errors, 'alerts.silence.afterHours')} /></Inset>}
        <Tick label="Send mail when an application error occurs" value={applicationErrors.enabled} disabled={disabled} onChange={(enabled) => change({ applicationErrors: { ...applicationErrors, enabled } })} helper="The switch behind “Notify by mail” of an error folder, and behind mail about attachments that were taken off, servers, silence, expiries and the disk." />
        {applicationErrors.enabled && <Inset><ListLines label="Recipients" name="recipients" rows={2} mono values={applicationErrors.to} disabled={disabled} onChange={(to) => change({ applicationErrors: { ...applicationErrors, to } })} error={errorAt(errors, 'alerts.applicationErrors.to')} helper="The technicians who are told. One address a line." /></Inset>}
        <NumberLine label="Mail about the same trouble at most every" name="mailEveryMinutes" width={420} suffix="minutes" value={alerts.mailEveryMinutes} disabled={disabled} onChange={(mailEveryMinutes) => change({ mailEveryMinutes })} error={errorAt(errors, 'alerts.mailEveryMinutes')} helper="The first goes at once; what happens again at the same server is told in one mail when this time is over." />
      </SettingsGroup>
      <CategoriesPart categories={alerts.categories} errors={errors} disabled={disabled} onChange={(categories) => change({ categories })} />
      <RulesTable rules={alerts.rules} technicians={applicationErrors.to} disabled={disabled} error={errorAt(errors, 'alerts.rules')} onChange={(rules) => change({ rules })} />
    </>
  )
}

const Inset = ({ children }: { children: React.ReactNode }) => <Box sx={{ pl: 3.25 }}>{children}</Box>
