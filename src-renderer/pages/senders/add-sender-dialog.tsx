import { Box, Button } from '@mui/material'
import { useState } from 'react'
import { mailAddress } from '#contract/fields.ts'
import type { Problem } from '#contract/problem.ts'
import type { SenderKind } from '#contract/sender-address.ts'
import { DialogFrame } from '../../components/dialog-frame.tsx'
import { Choice, TextLine } from '../../components/fields.tsx'
import { ReasonLine, reasonFaults } from '../../components/reason-line.tsx'
import { callMain, problemOf } from '../../main-process/call-main.ts'
import { useCall } from '../../main-process/use-call.ts'
import { useWork } from '../../main-process/use-work.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'

const kinds = [
  { value: 'sender' as const, label: 'Sender', hint: 'Mail goes out under it' },
  { value: 'group' as const, label: 'Group', hint: 'Several people read it; notifications go there' }
]

/** Takes an address in; its code is sent at once. */
export const AddSenderDialog = ({ reasonRequired, onClose, onAdded }: { reasonRequired: boolean; onClose: () => void; onAdded: (address: string) => void }) => {
  const { value: servers } = useCall('outgoing.list', {})
  const [address, setAddress] = useState('')
  const [kind, setKind] = useState<SenderKind>('sender')
  const [reason, setReason] = useState('')
  const [tried, setTried] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const work = useWork()
  const parsed = mailAddress.safeParse(address.trim())
  const missing = reasonFaults(reasonRequired, reason).reason
  const refused = problem?.code === 'invalid-input' ? problem.issues.find(({ path }) => path === 'address')?.message : undefined
  const add = async (): Promise<void> => {
    setTried(true)
    if (!parsed.success || missing !== undefined || work.running) return
    setProblem(null)
    try {
      onAdded((await work.run((workId) => callMain('senders.add', { address: parsed.data, kind, reason: reason.trim() || null, workId }))).address)
    } catch (thrown) {
      setProblem(problemOf(thrown))
    }
  }
  return (
    <DialogFrame
      title="Add an address" width={480} onClose={onClose} onSubmit={() => void add()}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="contained" color="primary" disabled={work.running}>{work.running ? 'Sending the code…' : 'Add and send the code'}</Button>
        </>
      }
    >
      <Box sx={{ display: 'grid', gap: 1.5 }}>
        <TextLine label="Address" name="address" inputMode="email" value={address} onChange={setAddress} error={(tried && !parsed.success ? parsed.error.issues[0]?.message : undefined) ?? refused} helper="The code goes there through the outgoing server that sends as it, else through the default one." suggestions={[...new Set((servers ?? []).map(({ server }) => server.replyTo).filter((one) => one !== ''))]} autoFocus />
        <Choice label="Kind" value={kind} options={kinds} onChange={setKind} />
        <ReasonLine required={reasonRequired} value={reason} onChange={setReason} error={tried ? missing : undefined} />
        {problem && refused === undefined && <ProblemNotice problem={problem} />}
      </Box>
    </DialogFrame>
  )
}
