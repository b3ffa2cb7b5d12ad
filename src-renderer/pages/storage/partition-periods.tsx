import { Box, Link } from '@mui/material'
import { hashOf } from '../../components/hash-location.ts'
import { Panel } from '../../components/page-frame.tsx'
import { useCall } from '../../main-process/use-call.ts'
import { daysText } from '../../settings/retention-fields.tsx'

/** Partitions and the periods that hold for each, with the way to where they are set. */
export const PartitionPeriods = () => {
  const partitions = useCall('partitions.list', {}, { refreshOn: ['settings-changed'] }).value
  return (
    <Panel title="By partition">
      <Box component="ul" aria-label="Periods by partition" sx={{ listStyle: 'none', m: 0, p: 1.5, display: 'grid', gap: 0.75 }}>
        {partitions?.length === 0 && <Box component="li" sx={{ color: 'text.secondary' }}>There is no partition yet. Each can have periods of its own.</Box>}
        {partitions?.map(({ name, retention }) => (
          <Box component="li" key={name} sx={{ display: 'flex', gap: 1, flexWrap: 'wrap' }}>
            <Link href={hashOf('partitions', name)}>{name}</Link>
            <Box sx={{ color: 'text.secondary' }}>{retention === null ? 'as above' : `own periods: attachments and originals ${daysText(retention.originals)}, texts ${daysText(retention.texts)}, error records ${daysText(retention.errorRecords)}`}</Box>
          </Box>
        ))}
      </Box>
    </Panel>
  )
}
