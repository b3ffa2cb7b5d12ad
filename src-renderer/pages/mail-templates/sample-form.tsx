import { Box, Button, Typography } from '@mui/material'
import { useState, type KeyboardEvent } from 'react'
import { mailAddress } from '#contract/fields.ts'
import { mailTemplate, type MailTemplate } from '#contract/mail-template.ts'
import type { SentMail } from '#contract/outgoing-server.ts'
import type { Problem } from '#contract/problem.ts'
import { Choice, TextLine } from '../../components/fields.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { callMain, problemOf } from '../../main-process/call-main.ts'
import { useCall } from '../../main-process/use-call.ts'
import { useWork } from '../../main-process/use-work.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
import { isNumber, requestOf } from './preview-pane.tsx'

/** Sends the preview as a mail, through a partition's server, and shows what that server said. */
export const SampleForm = ({ template, number }: { template: MailTemplate; number: string }) => {
  const [to, setTo] = useState('')
  const [partition, setPartition] = useState('')
  const [fault, setFault] = useState<string | undefined>(undefined)
  const [sent, setSent] = useState<SentMail | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  const partitions = useCall('partitions.list', {}).value ?? []
  const work = useWork({ cancelOnLeave: true })
  const ready = mailTemplate.safeParse(template).success && isNumber(number)
  const send = (): void => {
    const address = mailAddress.safeParse(to.trim())
    setFault(address.success ? undefined : 'Enter an address, such as name@example.com.')
    setSent(null)
    setProblem(null)
    if (address.success) work.run((workId) => callMain('template.send-sample', { template, request: requestOf(number), partition: partition || null, to: address.data, workId })).then(setSent, (thrown: unknown) => setProblem(problemOf(thrown)))
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || !(event.target instanceof HTMLInputElement)) return
    event.preventDefault()
    if (ready) send()
  }
  return (
    <Box component="section" aria-label="Send a sample" onKeyDown={onKeyDown} sx={{ display: 'grid', gap: 1, borderTop: 1, borderColor: 'divider', pt: 1.5 }}>
      <Typography variant="h2">Send a sample</Typography>
      <Box sx={{ display: 'flex', alignItems: 'start', gap: 1, flexWrap: 'wrap' }}>
        <Box sx={{ flex: '1 1 180px' }}><TextLine label="Sample goes to" name="sampleTo" mono inputMode="email" value={to} onChange={setTo} error={fault} /></Box>
        <Box sx={{ flex: '1 1 160px' }}><Choice label="Through the server of" value={partition} onChange={setPartition} options={[{ value: '', label: 'the default partition' }, ...partitions.map(({ name }) => ({ value: name, label: name }))]} /></Box>
        <Box sx={{ display: 'flex', gap: 1, mt: '22px' }}>
          <Button disabled={!ready || work.running} onClick={send}>{work.running ? 'Sending…' : 'Send sample'}</Button>
          {work.running && <Button onClick={work.cancel}>Cancel</Button>}
        </Box>
      </Box>
      {problem && <ProblemNotice problem={problem} open />}
      <Box role="status" sx={{ '& span': { whiteSpace: 'normal' } }}>
        {sent && sent.refused.map(({ address, serverSaid }) => <StatusMark key={address} tone="bad">{address} was refused: {serverSaid}</StatusMark>)}
        {sent && sent.accepted.length > 0 && <StatusMark tone="good">The server took it{sent.through === 'alternate' ? ', through the alternate server' : ''}: <span className="mono">{sent.serverSaid}</span></StatusMark>}
      </Box>
    </Box>
  )
}
