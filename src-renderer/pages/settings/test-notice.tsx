import { Box, Button } from '@mui/material'
import { useState } from 'react'
import { wordsOf } from '#contract/problem-words.ts'
import type { TestNotice as Outcome } from '#contract/notice.ts'
import type { Problem } from '#contract/problem.ts'
import { DialogFrame } from '../../components/dialog-frame.tsx'
import { ListLines, Choice } from '../../components/fields.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { callMain, problemOf } from '../../main-process/call-main.ts'
import { useCall } from '../../main-process/use-call.ts'
import { useWork } from '../../main-process/use-work.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'

type Needs = { known: readonly string[]; first: readonly string[]; onClose: () => void }

/** Mails a test notification to people and says what became of each. */
export const TestNotice = ({ known, first, onClose }: Needs) => {
  const [to, setTo] = useState([...(first.length > 0 ? first : known)])
  const [partition, setPartition] = useState('')
  const [outcomes, setOutcomes] = useState<Outcome[] | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  const partitions = useCall('partitions.list', {}).value ?? []
  const work = useWork({ cancelOnLeave: true })
  const send = (): void => {
    setOutcomes(null)
    setProblem(null)
    work.run((workId) => callMain('notices.send-test', { to, partition: partition || null, workId })).then(setOutcomes, (thrown: unknown) => setProblem(problemOf(thrown)))
  }
  return (
    <DialogFrame title="Send a test notification" width={560} onClose={onClose} onSubmit={send} actions={<>{work.running && <Button onClick={work.cancel}>Cancel</Button>}<Button onClick={onClose}>Close</Button><Button type="submit" variant="contained" color="primary" disabled={work.running || to.length === 0}>{work.running ? 'Sending…' : 'Send'}</Button></>}>
      <Box sx={{ display: 'grid', gap: 1.25 }}>
        <ListLines label="To" name="testTo" rows={3} mono values={to} onChange={setTo} helper="One address a line. Each gets a mail of its own." />
        <Choice label="Through the outgoing server of" width={280} value={partition} onChange={setPartition} options={[{ value: '', label: 'the default partition' }, ...partitions.map(({ name }) => ({ value: name, label: name }))]} />
        {problem && <ProblemNotice problem={problem} open />}
        {outcomes && (
          <Box role="status" sx={{ display: 'grid', gap: 0.75 }}>
            {outcomes.map((one) => (
              <Box key={one.to} sx={{ '& span': { whiteSpace: 'normal' } }}>
                <StatusMark tone={one.problem === null ? 'good' : 'bad'}>{one.problem === null ? `${one.to}: the server took it.` : `${one.to}: ${wordsOf(one.problem).title}`}</StatusMark>
                <Box className="mono" sx={{ fontSize: 12, color: 'text.secondary', pl: 3, overflowWrap: 'anywhere' }}>{one.problem === null ? one.serverSaid : 'serverSaid' in one.problem && one.problem.serverSaid !== '' ? one.problem.serverSaid : wordsOf(one.problem).advice}</Box>
              </Box>
            ))}
          </Box>
        )}
      </Box>
    </DialogFrame>
  )
}
