import { Box, Button, Typography } from '@mui/material'
import { useState } from 'react'
import type { OutgoingServerView } from '#contract/outgoing-server.ts'
import { outgoingProtocols } from '#contract/protocols.ts'
import { expectedSteps } from '../../components/expected-steps.ts'
import { copyText } from '../../components/copy-text.ts'
import { DialogFrame } from '../../components/dialog-frame.tsx'
import { Mono } from '../../components/mono.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { LocalTime } from '../../components/times.tsx'
import { callMain } from '../../main-process/call-main.ts'
import { useIsAdministrator } from '../../main-process/console-state.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
import { useAct, useToasts } from '../../problems/toasts.tsx'
import { serverPlace, testWords } from '../../components/server-words.ts'
import { SampleMailForm } from './sample-mail-form.tsx'
import { testReport } from './test-report.ts'
import { TranscriptView } from './transcript/transcript-view.tsx'
import { TestStatus } from './test-incoming-dialog.tsx'
import { RemedyButton, TestSteps } from './test-steps.tsx'
import { useTest } from './use-test.ts'

type Needs = { view: OutgoingServerView; onClose: () => void; onSignIn: () => void; onOpenServer: (advanced: boolean) => void }
/** Tries the connection, and sends a sample mail; the server's answer is shown in full. */
export const TestOutgoingDialog = ({ view, onClose, onSignIn, onOpenServer }: Needs) => {
  const { server, lastTest } = view
  const test = useTest('outgoing.test', server.name, true)
  const act = useAct()
  const { say } = useToasts()
  const administrator = useIsAdministrator()
  const title = `Test outgoing mail – ${server.name}`
  const copy = async (): Promise<void> => say((await copyText(testReport(title, test.steps, test.verdict))) ? 'The report is on the clipboard, without secrets.' : 'The browser did not allow copying.')
  const [reading, setReading] = useState(false)
  const touched = test.running || test.steps.length > 0 || test.problem !== null
  return (
    <DialogFrame title={title} width={720} onClose={onClose} actions={<>{touched && <TestStatus test={test} />}<Box sx={{ flex: 1 }} />{touched && <Button disabled={test.steps.length === 0} onClick={() => void copy()}>Copy report</Button>}<Button onClick={() => setReading(!reading)} aria-expanded={reading}>{reading ? 'Hide transcript' : 'Transcript'}</Button><Button onClick={onClose}>Close</Button></>}>
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 1, flexWrap: 'wrap', mb: 1 }}>
        <Typography variant="h2" sx={{ flex: 1 }}>Connection to <Mono>{serverPlace(view)}</Mono></Typography>
        {lastTest && !test.running && <Button variant="text" onClick={() => void act(async () => { await callMain('outgoing.clear-test', { name: server.name }); test.clear() })}>Clear result</Button>}
        {test.running ? <Button key="cancel" onClick={test.cancel}>Cancel</Button> : <Button key="test" onClick={test.start}>Test connection</Button>}
      </Box>
      {!touched && (
        <Box sx={{ color: 'text.secondary' }}>
          {lastTest ? <StatusMark tone={lastTest.verdict === 'ok' ? 'good' : 'bad'}>Last test <LocalTime at={lastTest.at} />: {testWords(lastTest)}</StatusMark> : 'Not tested yet.'}
          {lastTest?.problem && <Box sx={{ mt: 1 }}><ProblemNotice problem={lastTest.problem} action={<Button onClick={() => onOpenServer(false)}>Open server</Button>} /></Box>}
        </Box>
      )}
      {touched && (test.problem && test.problem.code !== 'cancelled' ? <ProblemNotice problem={test.problem} /> : <TestSteps steps={test.steps} running={test.running} expected={expectedSteps(view.server, outgoingProtocols[view.server.protocol], 'outgoing')} remedy={(problem) => <RemedyButton problem={problem} onOpenServer={onOpenServer} onSignIn={administrator && view.signIn ? onSignIn : null} onRetry={test.start} />} />)}
      {reading && <Box sx={{ mt: 2 }}><Typography variant="h3" sx={{ mb: 0.5 }}>Transcript</Typography><TranscriptView side="outgoing" name={server.name} debug={server.debug} height={240} /></Box>}
      <SampleMailForm view={view} />
    </DialogFrame>
  )
}
