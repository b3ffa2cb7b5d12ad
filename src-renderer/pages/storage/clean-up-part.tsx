import { Box, Button } from '@mui/material'
import type { StorageUsage } from '#contract/storage.ts'
import { Panel } from '../../components/page-frame.tsx'
import { sizeText } from '../../components/sizes.ts'
import { StatusMark } from '../../components/status-mark.tsx'
import { TimeAgo } from '../../components/times.tsx'
import { cleanedWords, removableWords } from './storage-words.ts'

/** What would go, what went last, and the button. */
export const CleanUpPart = ({ usage: { removable, lastCleanUp, partitions }, disabled, onCleanUp }: { usage: StorageUsage; disabled: boolean; onCleanUp: () => void }) => {
  const unused = partitions.find(({ what }) => what === 'unused')?.bytes ?? 0
  const isDue = removable.originals + removable.texts + removable.errorRecords > 0
  return (
    <Panel title="Clean-up" actions={<Button disabled={disabled} onClick={onCleanUp}>Clean up now…</Button>}>
      <Box sx={{ p: 1.5, display: 'grid', gap: 0.75, '& span': { whiteSpace: 'normal' } }}>
        <StatusMark tone={isDue ? 'neutral' : 'good'}>{removableWords(removable)}</StatusMark>
        {unused > 0 && <Box>{sizeText(unused)} of stored messages is not needed any more; a later clean-up gives it back.</Box>}
        <Box sx={{ color: 'text.secondary' }}>{lastCleanUp ? <>Last clean-up <TimeAgo at={lastCleanUp.at} />. {cleanedWords(lastCleanUp.answer)}</> : 'Nothing has been cleaned up yet.'} It runs by itself once a day.</Box>
      </Box>
    </Panel>
  )
}
