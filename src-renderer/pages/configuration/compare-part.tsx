import { Box, Button } from '@mui/material'
import { useState } from 'react'
import { Details } from '../../components/details.tsx'
import { DropPlace } from '../../components/drop-place.tsx'
import { Choice } from '../../components/fields.tsx'
import { Panel } from '../../components/page-frame.tsx'
import { plural } from '../../components/sizes.ts'
import { useCall, type Loaded } from '../../main-process/use-call.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
import { sourcesOf, type Source } from './compare-sources.ts'
import { DifferenceList, type KindWords } from '../../components/difference-list.tsx'
import { Faults } from './file-issues.tsx'
import { PickFileButton } from './pick-file-button.tsx'
import { usePickedFile, type PickedFile } from './picked-file.ts'
import { SideBySide } from './side-by-side.tsx'

type Needs = { picked: PickedFile | null; onPick: (file: PickedFile) => void; earlier: string | null; onImport: () => void }

const kinds: KindWords = { added: { tone: 'good', words: 'Only on the right' }, changed: { tone: 'draft', words: 'Different' }, removed: { tone: 'bad', words: 'Only here' } }

/** Two configurations beside each other: this console, a file, another file, or an earlier one. */
export const ComparePart = ({ picked, onPick, earlier, onImport }: Needs) => {
  const [other, setOther] = useState<PickedFile | null>(null)
  const [leftId, setLeftId] = useState('console')
  const [rightId, setRightId] = useState<string | null>(earlier === null ? null : `earlier-${earlier}`)
  const present = useCall('configuration.export', {}, { refreshOn: ['servers-changed', 'settings-changed'] })
  const earlierOnes = useCall('configuration.earlier', {}, { refreshOn: ['servers-changed', 'settings-changed'] }).value ?? []
  const sources = sourcesOf(present.value?.yaml ?? null, [picked, other], earlierOnes)
  const left = sources.find(({ id }) => id === leftId) ?? sources[0]
  const right = sources.find(({ id }) => id === (rightId ?? (picked ? `file-${picked.turn}` : ''))) ?? null
  const leftText = useText(left ?? null)
  const rightText = useText(right)
  const pickRight = (file: PickedFile): void => {
    onPick(file)
    setRightId(`file-${file.turn}`)
  }
  const takeRight = usePickedFile(pickRight)
  const pickLeft = (file: PickedFile): void => {
    setOther(file)
    setLeftId(`file-${file.turn}`)
  }
  if (!right || !left)
    return (
      <Panel title="Compare">
        <Box sx={{ p: 2, display: 'grid', gap: 1.5 }}>
          <DropPlace label="Configuration file to compare" accept=".yaml,.yml,.json,.csv" busy={false} words="Drop the file of another console here, to see it beside this one." onFiles={([file]) => file && takeRight(file)} />
          {earlierOnes.length > 0 && <Choice label="Or an earlier configuration of this console" width={420} value="" options={[{ value: '', label: 'Choose one' }, ...optionsOf(sources.filter(({ earlier: id }) => id !== null))]} onChange={(id) => id !== '' && setRightId(id)} />}
        </Box>
      </Panel>
    )
  const problem = present.problem ?? leftText.problem ?? rightText.problem
  return (
    <>
      {problem && <ProblemNotice problem={problem} />}
      <Box sx={{ display: 'grid', gridTemplateColumns: 'minmax(0, 1fr) minmax(0, 1fr)', gap: 1.5, alignItems: 'end', flex: 'none' }}>
        <Side label="Left" source={left} sources={sources} onChoose={setLeftId} onPick={pickLeft} />
        <Side label="Right" source={right} sources={sources} onChoose={setRightId} onPick={pickRight} />
      </Box>
      {left.id === 'console' && rightText.value !== null && <FieldByField yaml={rightText.value} file={right.title} onImport={right.id.startsWith('file-') && picked !== null && right.id === `file-${picked.turn}` ? onImport : null} />}
      {leftText.value !== null && rightText.value !== null && <SideBySide left={{ title: left.title, text: leftText.value }} right={{ title: right.title, text: rightText.value }} />}
    </>
  )
}

const optionsOf = (sources: readonly Source[]): { value: string; label: string }[] => sources.map(({ id, title }) => ({ value: id, label: title }))

/** The text of a source; an earlier configuration is asked for. */
const useText = (source: Source | null): Pick<Loaded<string>, 'value' | 'problem'> => {
  const asked = useCall('configuration.earlier-file', source?.earlier === null || source === null ? null : { id: source.earlier })
  return { value: source?.yaml ?? asked.value?.yaml ?? null, problem: asked.problem }
}

const Side = ({ label, source, sources, onChoose, onPick }: { label: string; source: Source; sources: readonly Source[]; onChoose: (id: string) => void; onPick: (file: PickedFile) => void }) => (
  <Box sx={{ display: 'flex', gap: 1, alignItems: 'end', minWidth: 0 }}>
    <Choice label={label} value={source.id} options={optionsOf(sources)} onChange={onChoose} />
    <Box sx={{ pb: '3px' }}><PickFileButton label={`Configuration file on the ${label.toLowerCase()}`} words="File…" onPick={onPick} /></Box>
  </Box>
)

/** What differs in meaning, whatever way the file is written. */
const FieldByField = ({ yaml, file, onImport }: { yaml: string; file: string; onImport: (() => void) | null }) => {
  const { value, problem } = useCall('configuration.diff', { yaml }, { refreshOn: ['servers-changed', 'settings-changed'] })
  if (problem) return <ProblemNotice problem={problem} />
  if (!value) return null
  if (value.issues.length > 0) return <Faults file={file} issues={value.issues} />
  const count = value.differences.length
  return (
    <Box sx={{ flex: '0 1 auto', minHeight: 28, maxHeight: '45%', overflow: 'auto' }}>
      <Box sx={{ display: 'flex', alignItems: 'start', gap: 1 }}>
        <Box sx={{ flex: 1, minWidth: 0 }}>
          {count === 0 ? <Box role="status">Both say the same: importing {file} would change nothing.</Box> : <Details label={`${plural(count, 'difference')} in meaning, field by field`} hint="servers, partitions and settings, whatever way the file is written"><DifferenceList differences={value.differences} kinds={kinds} /></Details>}
        </Box>
        {onImport && count > 0 && <Button onClick={onImport}>Import this file…</Button>}
      </Box>
    </Box>
  )
}
