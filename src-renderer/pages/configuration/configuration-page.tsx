import { Box, Tab, Tabs } from '@mui/material'
import { useState } from 'react'
import { goTo, hashOf, useHashLocation, withSearch } from '../../components/hash-location.ts'
import { PageFrame } from '../../components/page-frame.tsx'
import { BackupPart } from './backup-part.tsx'
import { ComparePart } from './compare-part.tsx'
import { EarlierPart } from './earlier-part.tsx'
import { ExportPart } from './export-part.tsx'
import { ImportPart } from './import-part.tsx'
import { MissingSecrets } from './missing-secrets.tsx'
import type { PickedFile } from './picked-file.ts'

const parts = [['export', 'Export'], ['compare', 'Compare'], ['import', 'Import'], ['earlier', 'Earlier'], ['backup', 'Backup']] as const
type PartName = (typeof parts)[number][0]

/** The whole configuration as one file without secrets, and the whole data folder as one with them: out, beside each other, in, and back. */
export const ConfigurationPage = () => {
  const { path, search } = useHashLocation()
  const part: PartName = parts.find(([name]) => name === path[1])?.[0] ?? 'export'
  const [picked, setPicked] = useState<PickedFile | null>(null)
  const show = (name: PartName): void => goTo(hashOf('configuration', name))
  return (
    <PageFrame title="Configuration and backup" fill minHeight={520} intro={part === 'backup' ? 'The whole data folder in one file, with all mail and all secrets, sealed by a passphrase.' : 'Prepare everything without a network, carry one file to another console, compare and import it. No secret is ever in the file: it names where each comes from.'}>
      <Tabs value={part} onChange={(_event, name: PartName) => show(name)} variant="scrollable" aria-label="Configuration and backup" sx={{ borderBottom: 1, borderColor: 'divider', flex: 'none' }}>
        {parts.map(([name, title]) => <Tab key={name} value={name} label={title} id={`configuration-${name}`} aria-controls="configuration-part" />)}
      </Tabs>
      <Box role="tabpanel" id="configuration-part" aria-labelledby={`configuration-${part}`} sx={{ flex: 1, minHeight: 0, display: 'flex', flexDirection: 'column', gap: 1.5, ...(part === 'compare' ? {} : { overflow: 'auto', '& > *': { flexShrink: 0 } }) }}>
        {(part === 'export' || (part === 'import' && picked === null)) && <MissingSecrets />}
        {part === 'export' && <ExportPart />}
        {part === 'compare' && <ComparePart picked={picked} onPick={setPicked} earlier={search.get('earlier')} onImport={() => show('import')} />}
        {part === 'import' && <ImportPart picked={picked} onPick={setPicked} onCompare={() => show('compare')} />}
        {part === 'earlier' && <EarlierPart onCompare={(id) => goTo(withSearch(hashOf('configuration', 'compare'), { earlier: String(id) }))} />}
        {part === 'backup' && <BackupPart />}
      </Box>
    </PageFrame>
  )
}
