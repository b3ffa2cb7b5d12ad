import { Box } from '@mui/material'
import type { StorageUsage } from '#contract/storage.ts'
import { Mono } from '../../components/mono.tsx'
import { Panel } from '../../components/page-frame.tsx'
import { plural, sizeText } from '../../components/sizes.ts'
import { LocalTime } from '../../components/times.tsx'
import { ownerName, partNames } from './storage-words.ts'

/** Bars with their numbers: by part of the data folder, and stored messages by partition. */
export const UsagePart = ({ usage: { parts, partitions, folder, freeOnDisk } }: { usage: StorageUsage }) => {
  const total = parts.reduce((sum, { bytes }) => sum + bytes, 0)
  const stored = parts.find(({ part }) => part === 'messages')?.bytes ?? 0
  return (
    <>
      <Panel title={`On this disk: ${sizeText(total)}`} footer={<Box sx={{ color: 'text.secondary', overflowWrap: 'anywhere' }}><Mono>{folder}</Mono>, {sizeText(freeOnDisk)} free</Box>}>
        <Rows label="Space by part" rows={parts.map(({ part, bytes, files }) => ({ name: partNames[part], bytes, more: plural(files, 'file') }))} of={total} />
      </Panel>
      <Panel title="Stored messages by partition">
        <Rows label="Stored messages by partition" of={stored} rows={partitions.map((row) => ({ name: ownerName(row), bytes: row.bytes, more: row.what === 'unused' ? 'goes at a later clean-up' : plural(row.messages, 'message'), oldest: row.oldest }))} />
      </Panel>
    </>
  )
}

type Row = { name: string; bytes: number; more: string; oldest?: string | null }

const Rows = ({ label, rows, of }: { label: string; rows: readonly Row[]; of: number }) => (
  <Box component="ul" aria-label={label} sx={{ listStyle: 'none', m: 0, p: 1.5, display: 'grid', gap: 1 }}>
    {rows.map(({ name, bytes, more, oldest }) => (
      <Box component="li" key={`${name} ${more}`} sx={{ display: 'grid', gap: 0.4 }}>
        <Box sx={{ display: 'flex', gap: 1, alignItems: 'baseline', flexWrap: 'wrap' }}>
          <Box sx={{ flex: 1, minWidth: 120, overflowWrap: 'anywhere' }}>{name}</Box>
          <Box sx={{ color: 'text.secondary', fontSize: 12.5 }}>{more}{oldest ? <>, oldest <LocalTime at={oldest} /></> : ''}</Box>
          <Box sx={{ width: 84, textAlign: 'right', fontVariantNumeric: 'tabular-nums' }}>{sizeText(bytes)}</Box>
        </Box>
        <Box aria-hidden sx={{ height: 6, borderRadius: 1, bgcolor: 'action.hover', overflow: 'hidden' }}><Box sx={{ height: '100%', width: `${of === 0 ? 0 : Math.min(100, (bytes / of) * 100)}%`, minWidth: bytes > 0 ? 2 : 0, bgcolor: 'primary.main' }} /></Box>
      </Box>
    ))}
  </Box>
)
