import { Box, Button, Typography } from '@mui/material'
import { useState } from 'react'
import type { Problem } from '#contract/problem.ts'
import { senderState, type SenderAddress } from '#contract/sender-address.ts'
import { DialogFrame } from '../../components/dialog-frame.tsx'
import { TextLine } from '../../components/fields.tsx'
import { hashOf } from '../../components/hash-location.ts'
import { ReasonLine, reasonFaults } from '../../components/reason-line.tsx'
import { plural } from '../../components/sizes.ts'
import { StatusMark } from '../../components/status-mark.tsx'
import { LocalTime, spanText, useNow } from '../../components/times.tsx'
import { callMain, problemOf } from '../../main-process/call-main.ts'
import { useWork } from '../../main-process/use-work.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
import { useToasts } from '../../problems/toasts.tsx'

/** Where the code of an address is entered, and another one is sent. */
export const CodeDialog = ({ sender, reasonRequired, onClose, onChanged }: { sender: SenderAddress; reasonRequired: boolean; onClose: () => void; onChanged: () => void }) => {
  const { address, code } = sender
  const [typed, setTyped] = useState('')
  const [reason, setReason] = useState('')
  const [tried, setTried] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const verifying = useWork()
  const sending = useWork()
  const { say } = useToasts()
  const now = useNow()
  const canEnter = senderState({ verifiedAt: null, code }, now) === 'code-sent'
  const waitMs = code === null ? 0 : Date.parse(code.nextAt) - now
  const missing = reasonFaults(reasonRequired, reason).reason
  const verify = async (): Promise<void> => {
    setTried(true)
    if (typed.trim() === '' || missing !== undefined || verifying.running) return
    setProblem(null)
    const entered = typed
    try {
      await verifying.run(() => callMain('senders.verify', { address, code: entered.trim(), reason: reason.trim() || null }))
      say(`${address} is verified.`)
      onClose()
    } catch (thrown) {
      // What was typed while the answer was on its way is another code.
      setTyped((present) => (present === entered ? '' : present))
      setTried(false)
      setProblem(problemOf(thrown))
      onChanged()
    }
  }
  const send = async (): Promise<void> => {
    setProblem(null)
    try {
      await sending.run((workId) => callMain('senders.send-code', { address, workId }))
    } catch (thrown) {
      setProblem(problemOf(thrown))
    }
    onChanged()
  }
  return (
    <DialogFrame
      title={`Verify ${address}`} width={500} onClose={onClose} onSubmit={() => void verify()}
      actions={
        <>
          <Button disabled={waitMs > 500 || sending.running} onClick={() => void send()} sx={{ mr: 'auto' }}>{sending.running ? 'Sending…' : code === null ? 'Send a code' : waitMs > 500 ? `Send a new code (${spanText(waitMs)})` : 'Send a new code'}</Button>
          <Button onClick={onClose}>Close</Button>
          <Button type="submit" variant="contained" color="primary" disabled={!canEnter || verifying.running}>{verifying.running ? 'Looking…' : 'Verify'}</Button>
        </>
      }
    >
      <Box sx={{ display: 'grid', gap: 1.5 }}>
        <CodeMail code={code} canEnter={canEnter} />
        {canEnter && <TextLine label="Code" name="code" mono width={240} inputMode="numeric" autoComplete="one-time-code" value={typed} onChange={setTyped} error={tried && typed.trim() === '' ? 'Enter the eight digits of the mail.' : undefined} helper={`Eight digits; ${plural(code?.triesLeft ?? 0, 'try', 'tries')} left.`} autoFocus />}
        {canEnter && <ReasonLine required={reasonRequired} value={reason} onChange={setReason} error={tried ? missing : undefined} />}
        {problem && <ProblemNotice problem={problem} />}
      </Box>
    </DialogFrame>
  )
}

/** What became of the mail with the code. */
const CodeMail = ({ code, canEnter }: { code: SenderAddress['code']; canEnter: boolean }) => {
  if (code === null) return <Typography>Have a code sent there, and enter it here within half an hour.</Typography>
  if (!canEnter) return <StatusMark tone="warning">{code.triesLeft === 0 ? 'The code holds no more. Have a new one sent.' : 'The code is too old. Have a new one sent.'}</StatusMark>
  if (code.mail !== null && code.mail.problem !== null && code.mail.state !== 'sent') return <ProblemNotice problem={code.mail.problem} action={<Button href={hashOf('outbox')}>Open the outbox</Button>} />
  return <Typography role="status">{code.mail === null || code.mail.state === 'sent' ? 'A code was sent there at ' : 'A code is on its way there, written at '}<LocalTime at={code.sentAt} />. It can be entered until <LocalTime at={code.expiresAt} />.</Typography>
}
