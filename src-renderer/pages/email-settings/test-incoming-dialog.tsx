import { Box, Button, Typography } from '@mui/material'
import { useState } from 'react'
import type { SampleMail } from '#contract/connection-test.ts'
import type { IncomingServerView } from '#contract/incoming-server.ts'
import type { OutgoingServerView } from '#contract/outgoing-server.ts'
import { incomingProtocols } from '#contract/protocols.ts'
import { expectedSteps } from '../../components/expected-steps.ts'
import { copyText } from '../../components/copy-text.ts'
import { DialogFrame } from '../../components/dialog-frame.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { LocalTime } from '../../components/times.tsx'
import { useIsAdministrator } from '../../main-process/console-state.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
import { useToasts } from '../../problems/toasts.tsx'
import { RoundTripPart } from './round-trip.tsx'
import { statusWords, testReport } from './test-report.ts'
import { RemedyButton, TestSteps } from './test-steps.tsx'
import { TranscriptView } from './transcript/transcript-view.tsx'
import { useTest, type Test } from './use-test.ts'

type Needs = { view: IncomingServerView; outgoing: readonly OutgoingServerView[]; onClose: () => void; onSignIn: () => void; onOpenServer: (advanced: boolean) => void }

/** Tests step by step, in sight; the newest message is shown and left unread. */
export const TestIncomingDialog = ({ view, outgoing, onClose, onSignIn, onOpenServer }: Needs) => {
  const test = useTest('incoming.test', view.server.name, true)
  const [reading, setReading] = useState(false)
  const { say } = useToasts()
  const administrator = useIsAdministrator()
  const title = `Test incoming mail – ${view.server.addresses[0] ?? (view.server.auth.user || view.server.name)}`
  const copy = async (): Promise<void> => say((await copyText(testReport(title, test.steps, test.verdict))) ? 'The report is on the clipboard, without secrets.' : 'The browser did not allow copying.')
  return (
    <DialogFrame
      title={title} width={720} onClose={onClose}
      actions={
        <>
          <TestStatus test={test} />
          <Button disabled={test.steps.length === 0} onClick={() => void copy()}>Copy report</Button>
          <Button onClick={() => setReading(!reading)} aria-expanded={reading}>{reading ? 'Hide transcript' : 'Transcript'}</Button>
          {test.running ? <Button key="cancel" onClick={test.cancel}>Cancel</Button> : <Button key="test" onClick={test.start}>Test again</Button>}
          <Button variant="contained" color="primary" onClick={onClose}>Close</Button>
        </>
      }
    >
      {test.problem && test.problem.code !== 'cancelled' ? <ProblemNotice problem={test.problem} action={<Button onClick={() => onOpenServer(false)}>Open server</Button>} /> : (
        <TestSteps steps={test.steps} running={test.running} expected={expectedSteps(view.server, incomingProtocols[view.server.protocol], 'incoming')} remedy={(problem) => <RemedyButton problem={problem} onOpenServer={onOpenServer} onSignIn={administrator && view.signIn ? onSignIn : null} onRetry={test.start} />} />
      )}
      {test.verdict?.sample && <Sample sample={test.verdict.sample} />}
      {test.verdict?.verdict === 'ok' && !test.verdict.sample && <Typography sx={{ mt: 1.5, color: 'text.secondary' }}>The mailbox is empty. Send a message to it and test again to see it here.</Typography>}
      {!test.running && <RoundTripPart name={view.server.name} outgoing={outgoing} readable={test.problem?.code === 'cancelled' || test.verdict?.verdict === 'ok'} />}
      {reading && <Box sx={{ mt: 2 }}><Typography variant="h3" sx={{ mb: 0.5 }}>Transcript</Typography><TranscriptView side="incoming" name={view.server.name} debug={view.server.debug} height={240} /></Box>}
    </DialogFrame>
  )
}

export const TestStatus = ({ test }: { test: Test }) => {
  const words = test.running ? 'testing' : test.problem?.code === 'cancelled' ? 'cancelled' : test.problem ? 'could not be tested' : statusWords(test.verdict)
  const tone = test.running ? 'busy' : test.verdict === null ? 'neutral' : test.verdict.verdict === 'ok' ? 'good' : 'bad'
  return <Box role="status" sx={{ flex: 1, minWidth: 160 }}><StatusMark tone={tone}>Status: {words}</StatusMark></Box>
}

const Sample = ({ sample }: { sample: SampleMail }) => (
  <Box component="section" aria-label="Newest message" sx={{ mt: 2, border: 1, borderColor: 'divider', borderRadius: 1 }}>
    <Box component="dl" sx={{ m: 0, p: 1.25, display: 'grid', gridTemplateColumns: '64px minmax(0, 1fr)', rowGap: 0.25, '& dt': { color: 'text.secondary' }, '& dd': { m: 0, overflowWrap: 'anywhere' }, borderBottom: 1, borderColor: 'divider' }}>
      <dt>From</dt><dd>{sample.from}</dd>
      <dt>Subject</dt><Box component="dd" sx={{ fontWeight: 600 }}>{sample.subject || '(no subject)'}</Box>
      <dt>Date</dt><dd>{sample.date ? <LocalTime at={sample.date} /> : 'none given'}</dd>
    </Box>
    <Box tabIndex={0} role="region" aria-label="Message text" sx={{ p: 1.25, maxHeight: 200, overflow: 'auto', whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{sample.text || '(no text)'}</Box>
  </Box>
)
