import { Box, Button } from '@mui/material'
import { useState } from 'react'
import { DataTable, type Column } from '../../components/data-table.tsx'
import { DropPlace } from '../../components/drop-place.tsx'
import { Choice } from '../../components/fields.tsx'
import { PageFrame, Panel } from '../../components/page-frame.tsx'
import { ProgressStrip } from '../../components/progress-strip.tsx'
import { plural } from '../../components/sizes.ts'
import { StatusMark } from '../../components/status-mark.tsx'
import { useCall } from '../../main-process/use-call.ts'
import { wordsOf } from '#contract/problem-words.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
import { differencesOf, verdicts } from '../../processed/processed-words.ts'
import { TriedMessage } from './tried-message.tsx'
import { useTries, type Tried } from './use-tries.ts'

const nobody = 'No server in particular'
const notCompared = '\u0000'

/** A dry run: what would become of messages, step by step. Nothing is stored or sent. */
export const TryMessagePage = () => {
  const [server, setServer] = useState('')
  const [other, setOther] = useState(notCompared)
  const { value: views, problem } = useCall('incoming.list', {}, { refreshOn: ['servers-changed'] })
  const work = useTries()
  const names = views?.map((view) => view.server.name) ?? []
  const places = (at: string, compared: string) => ({ server: at, other: compared === notCompared ? null : compared })
  const options = [{ value: '', label: nobody }, ...names.map((name) => ({ value: name, label: name }))]
  return (
    <PageFrame title="Try a message" intro="Take messages from files through the same steps as fetched mail and see where each ends and why. Nothing is stored or sent.">
      {problem && <ProblemNotice problem={problem} />}
      <Box sx={{ display: 'flex', gap: 1.5, flexWrap: 'wrap' }}>
        <Choice label="As if fetched by" width={240} value={server} disabled={work.busy !== null} options={options} onChange={(next) => { setServer(next); void work.again(places(next, other)) }} />
        <Choice label="Compare with" width={240} value={other} disabled={work.busy !== null} options={[{ value: notCompared, label: 'Nothing' }, ...options.filter(({ value }) => value !== server)]} onChange={(next) => { setOther(next); void work.again(places(server, next)) }} helper="The same message at another server." />
      </Box>
      <DropPlace label="Message file" several compact={work.tries.length > 0} busy={work.busy !== null} words={work.tries.length > 0 ? 'Drop more message files (.eml) here' : 'Drop message files (.eml) here, one or several'} onFiles={(files) => void work.add(files, places(server, other))} />
      {work.busy && work.busy.total > 1 && <Panel><ProgressStrip what="Trying messages" done={work.busy.done} total={work.busy.total} /></Panel>}
      {work.tries.length > 1 && <TriedTable tries={work.tries} shown={work.shown} compared={other !== notCompared} onShow={work.show} onRemove={work.remove} onClear={work.clear} />}
      {work.shown && <TriedMessage key={work.shown.id} tried={work.shown} busy={work.busy !== null} again={() => void work.again(places(server, other), work.shown ? [work.shown.id] : [])} />}
    </PageFrame>
  )
}

type TableNeeds = { tries: readonly Tried[]; shown: Tried | null; compared: boolean; onShow: (id: number) => void; onRemove: (id: number) => void; onClear: () => void }

const TriedTable = ({ tries, shown, compared, onShow, onRemove, onClear }: TableNeeds) => (
  <Panel title={plural(tries.length, 'message')} actions={<Button onClick={onClear}>Clear the list</Button>}>
    <Box sx={{ maxHeight: 272, overflow: 'auto' }}>
      <DataTable label="Messages tried" columns={columns(compared)} rows={tries} keyOf={({ id }) => id} selected={shown?.id ?? null} onSelect={({ id }) => onShow(id)} keys={{ remove: ({ id }) => onRemove(id) }} minWidth={560} />
    </Box>
  </Panel>
)

const columns = (compared: boolean): Column<Tried>[] => [
  { id: 'file', header: 'File', width: 'minmax(140px, 1fr)', cell: ({ file }) => <Box component="span" title={file.name} sx={{ fontWeight: 500 }}>{file.name}</Box> },
  { id: 'outcome', header: 'Outcome', width: '140px', cell: Outcome },
  { id: 'why', header: 'Why', width: 'minmax(180px, 1.6fr)', cell: ({ answer, problem }) => <Box component="span" sx={{ color: 'text.secondary' }}>{problem ? wordsOf(problem).title : (answer?.reason ?? answer?.steps.at(-1)?.detail ?? '')}</Box> },
  ...(compared ? [{ id: 'other', header: 'Compared', width: '150px', cell: Compared } satisfies Column<Tried>] : [])
]
const Outcome = ({ answer, problem }: Tried) => (problem ? <StatusMark tone="bad">Not tried</StatusMark> : answer ? <StatusMark tone={verdicts[answer.outcome].tone}>{verdicts[answer.outcome].short}</StatusMark> : null)
const Compared = ({ answer, other }: Tried) => {
  if (!answer || !other) return null
  const count = differencesOf(answer, other.answer).length
  return count === 0 ? <StatusMark tone="good">The same</StatusMark> : <StatusMark tone="warning">{plural(count, 'difference')}</StatusMark>
}
