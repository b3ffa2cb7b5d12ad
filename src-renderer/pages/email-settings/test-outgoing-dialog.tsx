import { Box, Button, Typography } from '@mui/material'
import { useState } from 'react'
import type { OutgoingServerView, SentMail } from '#contract/outgoing-server.ts'
import { testMail } from '#contract/outgoing-server.ts'
import { outgoingProtocols } from '#contract/protocols.ts'
import type { Problem } from '#contract/problem.ts'
import { expectedSteps } from '../../components/expected-steps.ts'
import { copyText } from '../../components/copy-text.ts'
import { Details } from '../../components/details.tsx'
import { DialogFrame } from '../../components/dialog-frame.tsx'
import { ListLines, TextLine } from '../../components/fields.tsx'
import { Mono, MonoBlock } from '../../components/mono.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { LocalTime } from '../../components/times.tsx'
import { callMain, problemOf } from '../../main-process/call-main.ts'
import { useWork } from '../../main-process/use-work.ts'
import { useIsAdministrator } from '../../main-process/console-state.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
import { useAct, useToasts } from '../../problems/toasts.tsx'
import { errorsByPath } from './field-errors.ts'
import { serverPlace, stepInText } from '../../components/server-words.ts'
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
          {lastTest ? <StatusMark tone={lastTest.verdict === 'ok' ? 'good' : 'bad'}>Last test <LocalTime at={lastTest.at} />: {lastTest.verdict === 'ok' ? 'ok' : `failed${lastTest.failedAt ? ` at ${stepInText(lastTest.failedAt)}` : ''}`}</StatusMark> : 'Not tested yet.'}
          {lastTest?.problem && <Box sx={{ mt: 1 }}><ProblemNotice problem={lastTest.problem} action={<Button onClick={() => onOpenServer(false)}>Open server</Button>} /></Box>}
        </Box>
      )}
      {touched && (test.problem && test.problem.code !== 'cancelled' ? <ProblemNotice problem={test.problem} /> : <TestSteps steps={test.steps} running={test.running} expected={expectedSteps(view.server, outgoingProtocols[view.server.protocol], 'outgoing')} remedy={<RemedyButton problem={test.steps.at(-1)?.problem ?? null} onOpenServer={onOpenServer} onSignIn={administrator && view.signIn ? onSignIn : null} onRetry={test.start} />} />)}
      {reading && <Box sx={{ mt: 2 }}><Typography variant="h3" sx={{ mb: 0.5 }}>Transcript</Typography><TranscriptView side="outgoing" name={server.name} debug={server.debug} height={240} /></Box>}
      <SampleMailForm name={server.name} overrideTo={server.overrideTo} blocked={server.block} />
    </DialogFrame>
  )
}

const SampleMailForm = ({ name, overrideTo, blocked }: { name: string; overrideTo: string | null; blocked: boolean }) => {
  const [mail, setMail] = useState({ to: [] as string[], cc: [] as string[], bcc: [] as string[], subject: 'Mailroom test message', text: 'This message was sent by Mailroom to test an outgoing mail server.' })
  const [errors, setErrors] = useState<Record<string, string>>({})
  const [sent, setSent] = useState<SentMail | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  const work = useWork({ cancelOnLeave: true })
  const submit = (): void => {
    const parsed = testMail.safeParse(mail)
    setErrors(parsed.success ? {} : errorsByPath(parsed.error.issues.map((issue) => ({ path: String(issue.path[0]), message: issue.message }))))
    setSent(null)
    setProblem(null)
    if (parsed.success) work.run((workId) => callMain('outgoing.send', { name, mail, workId })).then(setSent, (thrown: unknown) => setProblem(problemOf(thrown)))
  }
  return (
    <Box component="form" noValidate onSubmit={(event) => { event.preventDefault(); submit() }} sx={{ display: 'grid', gap: 1.25, mt: 2, pt: 2, borderTop: 1, borderColor: 'divider' }}>
      <Typography variant="h2">Sample mail</Typography>
      {overrideTo && <StatusMark tone="warning">All mail of this server goes to {overrideTo} instead.</StatusMark>}
      {blocked && <StatusMark tone="warning">This server is blocked for outgoing mail; the sample will be refused.</StatusMark>}
      <ListLines label="To" values={mail.to} onChange={(to) => setMail({ ...mail, to })} error={errors['to']} helper="One or more addresses, parted by commas." mono />
      <Box sx={{ display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(220px, 1fr))', gap: 1.25 }}>
        <ListLines label="CC" values={mail.cc} onChange={(cc) => setMail({ ...mail, cc })} error={errors['cc']} mono />
        <ListLines label="BCC" values={mail.bcc} onChange={(bcc) => setMail({ ...mail, bcc })} error={errors['bcc']} mono />
      </Box>
      <TextLine label="Subject" value={mail.subject} onChange={(subject) => setMail({ ...mail, subject })} error={errors['subject']} />
      <TextLine label="Message" rows={3} value={mail.text} onChange={(text) => setMail({ ...mail, text })} error={errors['text']} />
      <Box sx={{ display: 'flex', gap: 1 }}>
        <Button type="submit" variant="contained" color="primary" disabled={work.running}>{work.running ? 'Sending…' : 'Send a sample mail'}</Button>
        {work.running && <Button onClick={work.cancel}>Cancel</Button>}
      </Box>
      {problem && <Box ref={intoSight}><ProblemNotice problem={problem} open /></Box>}
      {sent && <Box ref={intoSight}><Sent sent={sent} /></Box>}
    </Box>
  )
}

/** The outcome appears below the button, where a small window ends. */
const intoSight = (node: HTMLElement | null): void => node?.scrollIntoView({ block: 'nearest' })

const Sent = ({ sent }: { sent: SentMail }) => (
  <Box role="status">
    <StatusMark tone={sent.refused.length > 0 ? 'warning' : 'good'}>The server took the mail for {sent.accepted.join(', ')}{sent.through === 'alternate' ? ', through the alternate server' : ''}.</StatusMark>
    {sent.refused.map((each) => <Box key={each.address} sx={{ color: 'error.main' }}>Refused for {each.address}: {each.serverSaid}</Box>)}
    <Details label="Details" open><MonoBlock label="The server’s answer" text={`${sent.serverSaid}\nMessage-ID: ${sent.messageId}`} maxHeight={140} /></Details>
  </Box>
)
