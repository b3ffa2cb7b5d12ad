import { Box, Button } from '@mui/material'
import { useState } from 'react'
import type { Partition } from '#contract/settings.ts'
import { useAsk } from '../../components/ask.tsx'
import { DataTable, type Column } from '../../components/data-table.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { LookOnly } from '../../components/look-only.tsx'
import { PageFrame, Panel } from '../../components/page-frame.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { callMain } from '../../main-process/call-main.ts'
import { useIsAdministrator } from '../../main-process/console-state.ts'
import { useCall } from '../../main-process/use-call.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
import { useAct, useToasts } from '../../problems/toasts.tsx'
import { useReasonRequired } from '../../settings/use-reason-required.ts'
import { PartitionDialog } from './partition-dialog.tsx'

const columns: Column<Partition>[] = [
  { id: 'name', header: 'Name', width: 'minmax(160px, 1fr)', cell: (partition) => <Box component="span" sx={{ fontWeight: 500 }}>{partition.name}</Box> },
  { id: 'outgoing', header: 'Outgoing server', width: 'minmax(160px, 1fr)', cell: (partition) => partition.outgoing ?? <Box component="span" sx={{ color: 'text.secondary' }}>that of the default partition</Box> },
  { id: 'priorities', header: 'Priorities', width: 'minmax(140px, 1fr)', cell: ({ priorities: { impacts, urgencies, priorities } }) => (impacts.length === 0 ? <Box component="span" sx={{ color: 'text.secondary' }}>no matrix</Box> : <span title={priorities.join(', ')}>{`${impacts.length} × ${urgencies.length}, ${priorities.length} priorities`}</span>) },
  { id: 'default', header: 'Role', width: '140px', cell: (partition) => (partition.default ? <StatusMark tone="good">Default</StatusMark> : '') }
]

/** Departments, each with the server that it sends through. */
export const PartitionsPage = () => {
  const { value: partitions, problem, reload } = useCall('partitions.list', {}, { refreshOn: ['settings-changed', 'servers-changed'] })
  const reasonRequired = useReasonRequired()
  const [selected, setSelected] = useState<string | null>(null)
  const [edited, setEdited] = useState<{ partition: Partition | null } | null>(null)
  const administrator = useIsAdministrator()
  const ask = useAsk()
  const act = useAct()
  const { say } = useToasts()
  const chosen = partitions?.find((partition) => partition.name === selected) ?? null
  const remove = async (partition: Partition): Promise<void> => {
    const goAhead = await ask({ title: `Delete ${partition.name}`, body: 'The partition goes. Servers and requests stay; a partition that a server still uses cannot be deleted.', confirm: 'Delete partition', dangerous: true, reason: reasonRequired ? 'required' : 'optional' })
    if (goAhead && (await act(() => callMain('partitions.delete', { name: partition.name, reason: goAhead.reason })))) say(`${partition.name} was deleted.`)
    reload()
  }
  return (
    <PageFrame title="Partitions" intro="A partition is a department with its own mail servers. Each incoming server belongs to one; each partition sends through one outgoing server and has priorities of its own.">
      <LookOnly what="partitions" />
      {problem && <ProblemNotice problem={problem} action={<Button onClick={reload}>Try again</Button>} />}
      <Panel
        footer={
          <>
            <Button variant="contained" color="primary" disabled={!administrator} onClick={() => setEdited({ partition: null })}>Add</Button>
            <Button disabled={!chosen} onClick={() => setEdited({ partition: chosen })}>Open</Button>
            <Button disabled={!chosen || !administrator} onClick={() => chosen && void remove(chosen)}>Delete</Button>
          </>
        }
      >
        {partitions?.length === 0 ? <EmptyState title="No partition yet">Add the first department; it becomes the default.</EmptyState> : <DataTable<Partition> label="Partitions" columns={columns} rows={partitions ?? []} keyOf={(partition) => partition.name} selected={selected} onSelect={(partition) => setSelected(partition.name)} minWidth={620} keys={{ open: (partition) => setEdited({ partition }), ...(administrator ? { remove: (partition) => void remove(partition) } : {}) }} />}
      </Panel>
      {edited && <PartitionDialog partition={edited.partition} standard={partitions?.find((each) => each.default) ?? null} first={partitions?.length === 0} reasonRequired={reasonRequired} onClose={() => setEdited(null)} onSaved={(name) => { setEdited(null); setSelected(name); reload() }} />}
    </PageFrame>
  )
}
