import { Box } from '@mui/material'
import type { Settings } from '#contract/settings.ts'
import { Choice, Tick } from '../../components/fields.tsx'
import { useIsAdministrator } from '../../main-process/console-state.ts'
import { useCall } from '../../main-process/use-call.ts'
import { useAct, useToasts } from '../../problems/toasts.tsx'
import { useChangeSettings } from '../../settings/change-settings.ts'

/** The format of outgoing mail, saved as soon as it is chosen. */
export const DefaultFormat = () => {
  const { value: settings, reload } = useCall('settings.get', {}, { refreshOn: ['settings-changed'] })
  const administrator = useIsAdministrator()
  const change = useChangeSettings()
  const act = useAct()
  const { say } = useToasts()
  if (!settings) return <Box sx={{ minHeight: 46 }} />
  const save = (emailFormat: Settings['emailFormat']): Promise<unknown> =>
    act(async () => {
      if (await change((fresh) => ({ ...fresh, emailFormat }))) say('The format of outgoing mail was saved.')
      reload()
    })
  const { emailFormat } = settings
  return (
    <Box sx={{ display: 'flex', gap: 3, alignItems: 'flex-start', flexWrap: 'wrap' }}>
      <Choice
        label="Default format" helper="Of the mail that goes out." width={180} disabled={!administrator} value={emailFormat.default} onChange={(format) => void save({ ...emailFormat, default: format })}
        options={[{ value: 'html', label: 'HTML' }, { value: 'plain', label: 'Plain text' }]}
      />
      <Box sx={{ pt: 2.25 }}><Tick label="Message format per person" value={emailFormat.perPerson} disabled={!administrator} onChange={(perPerson) => void save({ ...emailFormat, perPerson })} helper="Each person may then have a format of their own, under People." /></Box>
    </Box>
  )
}
