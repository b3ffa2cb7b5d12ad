import { Box, Button } from '@mui/material'
import { useState } from 'react'
import type { Problem } from '#contract/problem.ts'
import { partition as partitionSchema, type Partition } from '#contract/settings.ts'
import { DialogFrame } from '../../components/dialog-frame.tsx'
import { Choice, TextLine, Tick } from '../../components/fields.tsx'
import { callMain, problemOf } from '../../main-process/call-main.ts'
import { useIsAdministrator } from '../../main-process/console-state.ts'
import { useCall } from '../../main-process/use-call.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'

type Needs = { partition: Partition | null; first: boolean; reasonRequired: boolean; onClose: () => void; onSaved: (name: string) => void }

/** Name, server and role of one partition. */
export const PartitionDialog = ({ partition, first, reasonRequired, onClose, onSaved }: Needs) => {
  const [draft, setDraft] = useState<Partition>(partition ?? { name: '', outgoing: null, default: first })
  const [reason, setReason] = useState('')
  const [errors, setErrors] = useState<Record<string, string>>({})
  const [problem, setProblem] = useState<Problem | null>(null)
  const administrator = useIsAdministrator()
  const servers = useCall('outgoing.list', {}).value?.map((view) => view.server.name) ?? []
  const names = draft.outgoing && !servers.includes(draft.outgoing) ? [...servers, draft.outgoing] : servers
  const save = async (): Promise<void> => {
    const parsed = partitionSchema.safeParse(draft)
    const faults: Record<string, string> = parsed.success ? {} : { name: parsed.error.issues[0]?.message ?? '' }
    if (reasonRequired && reason.trim() === '') faults['reason'] = 'Say why: the history keeps it.'
    setErrors(faults)
    if (Object.keys(faults).length > 0) return
    try {
      await callMain('partitions.save', { was: partition?.name ?? null, partition: draft, reason: reason.trim() || null })
      onSaved(draft.name)
    } catch (thrown) {
      setProblem(problemOf(thrown))
    }
  }
  return (
    <DialogFrame title={partition ? `Partition – ${partition.name}` : 'Add partition'} width={480} onClose={onClose} onSubmit={() => administrator && void save()} actions={<><Button onClick={onClose}>Cancel</Button><Button type="submit" variant="contained" color="primary" disabled={!administrator}>Save</Button></>}>
      <Box sx={{ display: 'grid', gap: 1.5 }}>
        <TextLine label="Name" value={draft.name} onChange={(name) => setDraft({ ...draft, name })} error={errors['name']} autoFocus disabled={!administrator} helper="Such as IT, HR or Support." />
        <Choice label="Outgoing server" value={draft.outgoing ?? ''} onChange={(outgoing) => setDraft({ ...draft, outgoing: outgoing || null })} disabled={!administrator} options={[{ value: '', label: 'That of the default partition' }, ...names.map((name) => ({ value: name, label: name }))]} helper="Answers of this partition go out through it." />
        <Tick label="Default partition" value={draft.default} onChange={(isDefault) => setDraft({ ...draft, default: isDefault })} disabled={!administrator || partition?.default === true || first} helper={partition?.default ? 'To change it, make another partition the default.' : 'Its outgoing server is used wherever none is named.'} />
        {reasonRequired && <TextLine label="Reason for this change" value={reason} onChange={setReason} error={errors['reason']} helper="Kept in the history." />}
        {problem && <ProblemNotice problem={problem} />}
      </Box>
    </DialogFrame>
  )
}
