import { Box, Button } from '@mui/material'
import { useState } from 'react'
import type { CallAnswer } from '#contract/calls.ts'
import type { Problem } from '#contract/problem.ts'
import { Choice } from '../../components/fields.tsx'
import { ProgressStrip } from '../../components/progress-strip.tsx'
import { plural } from '../../components/sizes.ts'
import { StatusMark } from '../../components/status-mark.tsx'
import { callMain, problemOf } from '../../main-process/call-main.ts'
import { useCall } from '../../main-process/use-call.ts'
import { useWork } from '../../main-process/use-work.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'

/** Sends a mail to the support address and tells when it arrived, or why it did not. `first`: it is what comes next. */
export const TestMail = ({ first, onDone }: { first: boolean; onDone: () => void }) => {
  const [through, setThrough] = useState('')
  const [arrived, setArrived] = useState<CallAnswer<'native-mail.test'> | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  const servers = useCall('outgoing.list', {}, { refreshOn: ['servers-changed'] }).value?.filter(({ issues }) => issues.length === 0).map(({ server }) => server.name) ?? []
  const work = useWork({ cancelOnLeave: true })
  const send = async (): Promise<void> => {
    setArrived(null)
    setProblem(null)
    try {
      setArrived(await work.run((workId) => callMain('native-mail.test', { through: through || null, workId })))
    } catch (thrown) {
      setProblem(problemOf(thrown))
    } finally {
      onDone()
    }
  }
  return (
    <Box sx={{ display: 'grid', gap: 1, width: '100%', maxWidth: 760 }}>
      <Box sx={{ display: 'flex', gap: 1, alignItems: 'flex-end', flexWrap: 'wrap' }}>
        <Choice label="Sent through" width={280} value={through} onChange={setThrough} disabled={work.running} options={[{ value: '', label: 'The receiver itself', hint: 'Tries this computer alone' }, ...servers.map((name) => ({ value: name, label: name, hint: 'Tries the whole way, DNS and firewall too' }))]} />
        <Button sx={{ mb: '3px' }} {...(first ? { variant: 'contained' as const, color: 'primary' as const } : {})} disabled={work.running} onClick={() => void send()}>Send a test mail</Button>
      </Box>
      {work.running && <Box sx={{ border: 1, borderColor: 'divider', borderRadius: 1 }}><ProgressStrip what={work.progress?.what ?? 'Waiting for the test mail'} done={0} total={null} onCancel={work.cancel} /></Box>}
      {arrived && <Box role="status"><StatusMark tone="good">It arrived after {arrived.ms < 1_000 ? `${arrived.ms} ms` : `${Math.round(arrived.ms / 100) / 10} s`}, over {plural(arrived.hops, 'server')}.</StatusMark></Box>}
      {problem && (problem.code === 'cancelled' ? <StatusMark tone="neutral">The test was cancelled.</StatusMark> : <ProblemNotice problem={problem} />)}
    </Box>
  )
}
