import { Box, Button } from '@mui/material'
import { useState } from 'react'
import type { EarlierConfiguration } from '#contract/calls.ts'
import { DataTable, type Column } from '../../components/data-table.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { LookOnly } from '../../components/look-only.tsx'
import { Panel } from '../../components/page-frame.tsx'
import { saveText } from '../../components/save-file.ts'
import { plural } from '../../components/sizes.ts'
import { LocalTime } from '../../components/times.tsx'
import { callMain } from '../../main-process/call-main.ts'
import { useIsAdministrator } from '../../main-process/console-state.ts'
import { useCall } from '../../main-process/use-call.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
import { useAct, useToasts } from '../../problems/toasts.tsx'
import { useRollback } from './taken.tsx'

const columns: readonly Column<EarlierConfiguration>[] = [
  { id: 'at', header: 'Until', width: '130px', cell: ({ at }) => <LocalTime at={at} /> },
  { id: 'before', header: 'Before', width: 'minmax(200px, 2fr)', cell: ({ before }) => <span title={before}>{before}</span> },
  { id: 'who', header: 'By', width: 'minmax(90px, 1fr)', cell: ({ who }) => who },
  { id: 'servers', header: 'Servers', width: '180px', cell: ({ incoming, outgoing }) => `${incoming} incoming, ${outgoing} outgoing` }
]

/** The configurations from before imports, to be looked at, compared and gone back to. */
export const EarlierPart = ({ onCompare }: { onCompare: (id: number) => void }) => {
  const { value: rows, problem, reload } = useCall('configuration.earlier', {}, { refreshOn: ['servers-changed', 'settings-changed'] })
  const [selected, setSelected] = useState<number | null>(null)
  const administrator = useIsAdministrator()
  const rollBack = useRollback()
  const act = useAct()
  const { say } = useToasts()
  // The newest is what an undo most often goes back to.
  const chosen = rows?.find(({ id }) => id === selected) ?? rows?.[0] ?? null
  const download = ({ id, at }: EarlierConfiguration): void => void act(async () => saveText(`mailroom-${at.slice(0, 10)}-${id}.yaml`, 'application/yaml', (await callMain('configuration.earlier-file', { id })).yaml))
  const goBack = (row: EarlierConfiguration): void =>
    void rollBack(row.id, `Go back to the configuration before ${row.before}`).then((answer) => answer !== null && say(`The configuration is what it was: ${plural(answer.added.length, 'entry', 'entries')} added, ${answer.changed.length} changed, ${answer.removed.length} deleted.`))
  return (
    <>
      <LookOnly what="the configuration" />
      {problem && <ProblemNotice problem={problem} action={<Button onClick={reload}>Try again</Button>} />}
      <Panel
        title="Earlier configurations"
        footer={chosen && (
          <>
            <Button onClick={() => onCompare(chosen.id)}>Compare with this console</Button>
            <Button onClick={() => download(chosen)}>Download</Button>
            <Box sx={{ flex: 1 }} />
            <Button variant="contained" color="primary" disabled={!administrator} onClick={() => goBack(chosen)}>Go back to this…</Button>
          </>
        )}
      >
        {rows?.length === 0 && <EmptyState title="Nothing was imported yet.">Before every import and every way back the configuration is kept here; the newest twenty stay.</EmptyState>}
        {rows && rows.length > 0 && <DataTable label="Earlier configurations" columns={columns} rows={rows} keyOf={({ id }) => id} selected={chosen?.id ?? null} onSelect={({ id }) => setSelected(id)} keys={{ open: ({ id }) => onCompare(id) }} minWidth={620} />}
      </Panel>
    </>
  )
}
