import { Box, Button } from '@mui/material'
import { useState } from 'react'
import { DropPlace } from '../../components/drop-place.tsx'
import { LookOnly } from '../../components/look-only.tsx'
import { Panel } from '../../components/page-frame.tsx'
import { saveText } from '../../components/save-file.ts'
import { callMain } from '../../main-process/call-main.ts'
import { useAct } from '../../problems/toasts.tsx'
import { ImportPreview } from './import-preview.tsx'
import { PickFileButton } from './pick-file-button.tsx'
import { usePickedFile, type PickedFile } from './picked-file.ts'
import { Imported, type Taken } from './taken.tsx'

type Needs = { picked: PickedFile | null; onPick: (file: PickedFile | null) => void; onCompare: () => void }

/** A file into this console: first what it would do, then its secrets and the reason, and afterwards the way back. */
export const ImportPart = ({ picked, onPick, onCompare }: Needs) => {
  const [taken, setTaken] = useState<Taken | null>(null)
  const pick = (file: PickedFile | null): void => {
    setTaken(null)
    onPick(file)
  }
  const take = usePickedFile(pick)
  return (
    <Panel title="Import" actions={picked && !taken && <PickFileButton label="Another configuration file" words="Choose another file" onPick={pick} />}>
      <Box sx={{ p: 2, display: 'grid', gap: 1.5 }}>
        <LookOnly what="the configuration" />
        {taken ? <Imported taken={taken} onDone={() => pick(null)} /> : picked ? <ImportPreview key={picked.turn} file={picked} onDone={() => pick(null)} onCompare={onCompare} onTaken={(answer) => { setTaken(answer); onPick(null) }} /> : (
          <>
            <DropPlace label="Configuration file" accept=".yaml,.yml,.json,.csv" busy={false} words="Drop a YAML or JSON file here, or a CSV file with a server a row. You see what would change before anything is changed." onFiles={([file]) => file && take(file)} />
            <TemplateLink />
          </>
        )}
      </Box>
    </Panel>
  )
}

/** Many servers are quicker written down in a spreadsheet. */
const TemplateLink = () => {
  const act = useAct()
  const save = (): void => void act(async () => saveText('servers.csv', 'text/csv', (await callMain('configuration.template', { csv: true })).text))
  return <Box sx={{ color: 'text.secondary' }}>Many servers? <Button variant="text" onClick={save}>Download a CSV template</Button> Its columns are the keys of the configuration file; secrets are named by where they come from, or asked for.</Box>
}
