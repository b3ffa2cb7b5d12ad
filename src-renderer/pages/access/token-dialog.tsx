import { Box, Button, Typography } from '@mui/material'
import { useState } from 'react'
import type { Role } from '#contract/calls.ts'
import { entityName, mailAddress } from '#contract/fields.ts'
import type { Problem } from '#contract/problem.ts'
import { CopyLine } from '../../components/copy-line.tsx'
import { DialogFrame } from '../../components/dialog-frame.tsx'
import { Choice, TextLine } from '../../components/fields.tsx'
import { ReasonLine, reasonFaults } from '../../components/reason-line.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { callMain, problemOf } from '../../main-process/call-main.ts'
import { useConsoleState } from '../../main-process/console-state.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'

const roleOptions = [
  { value: 'support' as const, label: 'Support', hint: 'Looks, tests and exports' },
  { value: 'administrator' as const, label: 'Administrator', hint: 'Changes everything' }
]

/** Makes a token, and shows it this one time. */
export const TokenDialog = ({ reasonRequired, onClose }: { reasonRequired: boolean; onClose: () => void }) => {
  const [made, setMade] = useState<MadeNeeds | null>(null)
  return made === null ? <NewToken reasonRequired={reasonRequired} onClose={onClose} onMade={setMade} /> : <MadeToken {...made} onClose={onClose} />
}

const NewToken = ({ reasonRequired, onClose, onMade }: { reasonRequired: boolean; onClose: () => void; onMade: (made: MadeNeeds) => void }) => {
  const [name, setName] = useState('')
  const [role, setRole] = useState<Role>('support')
  const [secondFactor, setSecondFactor] = useState('')
  const [reason, setReason] = useState('')
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const parsed = entityName.safeParse(name.trim())
  const address = secondFactor.trim() === '' ? null : mailAddress.safeParse(secondFactor.trim())
  const missing = reasonFaults(reasonRequired, reason).reason
  const make = async (): Promise<void> => {
    setTried(true)
    if (!parsed.success || address?.success === false || missing !== undefined || busy) return
    setBusy(true)
    try {
      const to = address?.data ?? null
      onMade({ name: parsed.data, secondFactor: to, ...(await callMain('access.add-token', { name: parsed.data, role, secondFactor: to, reason: reason.trim() || null })) })
    } catch (thrown) {
      setProblem(problemOf(thrown))
      setBusy(false)
    }
  }
  return (
    <DialogFrame
      title="Add a token" width={480} onClose={onClose} onSubmit={() => void make()}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="contained" color="primary" disabled={busy}>{busy ? 'Making…' : 'Make the token'}</Button>
        </>
      }
    >
      <Box sx={{ display: 'grid', gap: 1.5 }}>
        <TextLine label="Name" value={name} onChange={setName} error={tried && !parsed.success ? parsed.error.issues[0]?.message : undefined} helper="The person or program that gets it; the history shows this name." autoFocus />
        <Choice label="Role" value={role} options={roleOptions} onChange={setRole} />
        <TextLine label="Second factor (optional)" name="secondFactor" inputMode="email" value={secondFactor} onChange={setSecondFactor} error={tried && address?.success === false ? address.error.issues[0]?.message : undefined} helper="An address: whoever opens the console with the token has to enter a code that goes there. For people; a program cannot use such a token." />
        <ReasonLine required={reasonRequired} value={reason} onChange={setReason} error={tried ? missing : undefined} />
        {problem && <ProblemNotice problem={problem} />}
      </Box>
    </DialogFrame>
  )
}

type MadeNeeds = { name: string; token: string; secondFactor: string | null }

const MadeToken = ({ name, token, secondFactor, onClose }: MadeNeeds & { onClose: () => void }) => {
  const { host } = useConsoleState()
  return (
    <DialogFrame title={`Token of ${name}`} width={640} onClose={onClose} actions={<Button variant="contained" color="primary" onClick={onClose}>I have kept it</Button>}>
      <Box sx={{ display: 'grid', gap: 1.5 }}>
        <StatusMark tone="warning">It is shown this one time; nobody can look it up later.</StatusMark>
        <CopyLine label="Token" value={token} helper={secondFactor === null ? 'For a program: the header Authorization: Bearer, with the token behind it. Prometheus reads /metrics with it, other monitoring /health.' : `For a browser alone: a code goes to ${secondFactor} each time.`} />
        {host === 'browser' && <CopyLine label="Link" value={`${location.origin}/?token=${token}`} helper="For a person: it opens this console." />}
        {host === 'desktop' && <Typography sx={{ color: 'text.secondary' }}>For a person: the address that <code>mailroom serve</code> prints, with <code>?token=</code> and this token.</Typography>}
      </Box>
    </DialogFrame>
  )
}
