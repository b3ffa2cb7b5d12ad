import { Box, Button } from '@mui/material'
import { useState } from 'react'
import type { Problem } from '#contract/problem.ts'
import { partition as partitionSchema, type Partition } from '#contract/settings.ts'
import { DialogFrame } from '../../components/dialog-frame.tsx'
import { faultsByPath, focusFirstFault } from '../../components/field-faults.ts'
import { Choice, TextLine, Tick } from '../../components/fields.tsx'
import { ReasonLine, reasonFaults } from '../../components/reason-line.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { useDraft } from '../../components/use-draft.ts'
import { callMain, problemOf } from '../../main-process/call-main.ts'
import { useIsAdministrator } from '../../main-process/console-state.ts'
import { useCall } from '../../main-process/use-call.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
import { matrixDraft, matrixOf, nameFaults } from './matrix-draft.ts'
import { MatrixSection } from './matrix-section.tsx'
import { RetentionSection } from './retention-section.tsx'

type Needs = { partition: Partition | null; /** With whose settings a new one begins; null: the first there is. */ standard: Partition | null; first: boolean; reasonRequired: boolean; onClose: () => void; onSaved: (name: string) => void }

/** Name, server, role and priorities of one partition. */
export const PartitionDialog = ({ partition, standard, first, reasonRequired, onClose, onSaved }: Needs) => {
  const stored = partition ?? partitionSchema.parse({ name: 'new', default: first, ...(standard && { priorities: standard.priorities, retention: standard.retention }) })
  const { draft, change, dirty, leave } = useDraft({ name: partition?.name ?? '', outgoing: stored.outgoing ?? theDefault, default: stored.default, retention: stored.retention, matrix: matrixDraft(stored.priorities), reason: '' })
  const [faults, setFaults] = useState<Record<string, string>>({})
  const [problem, setProblem] = useState<Problem | null>(null)
  const disabled = !useIsAdministrator()
  const servers = useCall('outgoing.list', {}).value?.map((view) => view.server.name) ?? []
  const isNamed = draft.outgoing !== theDefault && draft.outgoing !== ownCopy
  const names = isNamed && !servers.includes(draft.outgoing) ? [...servers, draft.outgoing] : servers
  const refuse = (found: Record<string, string>): void => { setFaults(found); focusFirstFault() }
  const save = async (): Promise<void> => {
    const parsed = partitionSchema.safeParse({ name: draft.name.trim(), outgoing: isNamed ? draft.outgoing : null, default: draft.default, retention: draft.retention, priorities: matrixOf(draft.matrix) })
    const found = { ...(parsed.success ? {} : faultsByPath(parsed.error.issues)), ...nameFaults(draft.matrix), ...reasonFaults(reasonRequired, draft.reason) }
    if (Object.keys(found).length > 0 || !parsed.success) return refuse(found)
    setFaults({})
    setProblem(null)
    try {
      await callMain('partitions.save', { was: partition?.name ?? null, partition: parsed.data, copyOutgoing: draft.outgoing === ownCopy, reason: draft.reason.trim() || null })
      onSaved(parsed.data.name)
    } catch (thrown) {
      const caught = problemOf(thrown)
      if (caught.code === 'name-taken') refuse({ name: 'There is a partition of that name already.' })
      else if (caught.code === 'invalid-input') refuse(faultsByPath(caught.issues, 'partition'))
      else setProblem(caught)
    }
  }
  return (
    <DialogFrame
      title={partition ? `Partition – ${partition.name}` : 'Add partition'} width={780} onClose={() => leave(onClose)} onSubmit={() => !disabled && void save()}
      actions={
        <>
          <Box role="status" sx={{ flex: 1 }}>{Object.keys(faults).length > 0 && <StatusMark tone="warning">Correct the marked fields.</StatusMark>}</Box>
          <Button onClick={() => leave(onClose)}>{dirty ? 'Cancel' : 'Close'}</Button>
          {!disabled && <Button type="submit" variant="contained" color="primary">Save</Button>}
        </>
      }
    >
      <Box sx={{ display: 'grid', gap: 1.5, minWidth: 0 }}>
        <Box sx={{ display: 'grid', gridTemplateColumns: { xs: '1fr', sm: '1fr 1fr' }, gap: 1.5 }}>
          <TextLine name="name" label="Name" value={draft.name} onChange={(name) => change({ name })} error={faults['name']} autoFocus={!disabled} disabled={disabled} helper="Such as IT, HR or Support." />
          <Choice name="outgoing" label="Outgoing server" value={draft.outgoing} onChange={(outgoing) => change({ outgoing })} error={faults['outgoing']} disabled={disabled} options={[{ value: theDefault, label: 'That of the default partition' }, ...(partition || !standard?.outgoing ? [] : [{ value: ownCopy, label: 'A copy of the default’s server', hint: `begins as ${standard.outgoing}, secrets too; change it in E-mail settings` }]), ...names.map((name) => ({ value: name, label: name }))]} helper={draft.outgoing === ownCopy ? 'It gets the name of the partition.' : 'Answers of this partition go out through it.'} />
        </Box>
        <Tick label="Default partition" value={draft.default} onChange={(isDefault) => change({ default: isDefault })} disabled={disabled || partition?.default === true || first} helper={partition?.default ? 'To change it, make another partition the default.' : 'Its outgoing server is used wherever none is named.'} />
        <RetentionSection retention={draft.retention} faults={faults} disabled={disabled} onChange={(retention) => change({ retention })} />
        <MatrixSection draft={draft.matrix} faults={faults} disabled={disabled} onChange={(matrix) => change({ matrix })} />
        {reasonRequired && <ReasonLine required value={draft.reason} onChange={(reason) => change({ reason })} error={faults['reason']} disabled={disabled} />}
        {problem && <ProblemNotice problem={problem} />}
      </Box>
    </DialogFrame>
  )
}

/** What stands for no server of one's own, and for one that is still to be made; neither can be the name of a server. */
const theDefault = ''
const ownCopy = '='
