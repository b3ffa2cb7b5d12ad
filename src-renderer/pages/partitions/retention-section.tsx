import { Box, Typography } from '@mui/material'
import type { RetentionPeriods } from '#contract/storage.ts'
import { Choice } from '../../components/fields.tsx'
import { useCall } from '../../main-process/use-call.ts'
import { daysText, RetentionFields } from '../../settings/retention-fields.tsx'

type Needs = { retention: RetentionPeriods | null; faults: Record<string, string>; disabled: boolean; onChange: (retention: RetentionPeriods | null) => void }

/** For how long mail of the partition is kept: as everywhere, or by periods of its own. */
export const RetentionSection = ({ retention, faults, disabled, onChange }: Needs) => {
  const common = useCall('settings.get', {}, { refreshOn: ['settings-changed'] }).value?.retention ?? null
  const asEverywhere = common === null ? '' : `Attachments and originals ${daysText(common.originals)}, texts ${daysText(common.texts)}, error records ${daysText(common.errorRecords)}.`
  return (
    <Box component="section" aria-label="Retention" sx={{ display: 'grid', gap: 1.25 }}>
      <Typography variant="h3">Retention</Typography>
      <Choice label="Mail of this partition is kept" width={420} value={retention === null ? 'common' : 'own'} disabled={disabled} onChange={(chosen) => onChange(chosen === 'common' ? null : { originals: common?.originals ?? null, texts: common?.texts ?? null, errorRecords: common?.errorRecords ?? null })} options={[{ value: 'common', label: 'as on the page Storage' }, { value: 'own', label: 'for periods of its own' }]} helper={retention === null ? asEverywhere : undefined} />
      {retention !== null && <RetentionFields periods={retention} onChange={onChange} disabled={disabled} errorAt={(key) => faults[`retention.${key}`]} />}
    </Box>
  )
}
