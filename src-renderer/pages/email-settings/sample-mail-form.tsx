import { Box, Button, Typography } from '@mui/material'
import { useState } from 'react'
import { testMail, type OutgoingServerView, type SentMail } from '#contract/outgoing-server.ts'
import type { Problem } from '#contract/problem.ts'
import { sampleHtml } from '#contract/sample-mail.ts'
import { Details } from '../../components/details.tsx'
import { focusFirstFault } from '../../components/field-faults.ts'
import { Choice, ListLines, TextLine } from '../../components/fields.tsx'
import { MonoBlock } from '../../components/mono.tsx'
import { readBase64 } from '../../components/save-file.ts'
import { StatusMark } from '../../components/status-mark.tsx'
import { callMain, problemOf } from '../../main-process/call-main.ts'
import { useWork } from '../../main-process/use-work.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
import { errorsByPath } from './field-errors.ts'
import { Columns } from './form-section.tsx'
import { SampleFiles } from './sample-files.tsx'
import { encodedSize, sizeFault, takenBy } from './size-of-mail.ts'

type Page = 'sample' | 'made' | 'own'
const pages: readonly { value: Page; label: string; hint?: string }[] = [
  { value: 'sample', label: 'A sample with a picture' }, { value: 'made', label: 'None, or made of the message', hint: 'as the default format says' }, { value: 'own', label: 'As typed below' }
]
const words = 'This message was sent by Mailroom to test an outgoing mail server.'

/** Which of many addresses is meant, before what is wrong with it. */
const wrongAddress = (mail: { to: string[]; cc: string[]; bcc: string[] }, field: PropertyKey | undefined, index: PropertyKey | undefined): string => {
  const typed = field === 'to' || field === 'cc' || field === 'bcc' ? mail[field] : []
  return typed.length > 1 && typeof index === 'number' ? `“${typed[index] ?? ''}” is no address. ` : ''
}

/** A mail as typed, with HTML and files, sent at once; what is wrong with it is said at its field, and what the server says is shown in full. */
export const SampleMailForm = ({ view }: { view: OutgoingServerView }) => {
  const { name, overrideTo, block } = view.server
  const [mail, setMail] = useState({ to: [] as string[], cc: [] as string[], bcc: [] as string[], subject: 'Mailroom test message', text: words })
  const [page, setPage] = useState<Page>('sample')
  const [html, setHtml] = useState('')
  const [files, setFiles] = useState<readonly File[]>([])
  const [errors, setErrors] = useState<Record<string, string>>({})
  const [sent, setSent] = useState<SentMail | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  const work = useWork({ cancelOnLeave: true })
  const written = page === 'sample' ? sampleHtml(mail.text) : page === 'own' ? html : null
  const size = encodedSize(files, mail.text, written)
  const tooLarge = sizeFault(files, size, takenBy(view))
  const submit = async (): Promise<void> => {
    const parsed = testMail.omit({ attachments: true }).safeParse({ ...mail, html: written })
    const found = { ...(parsed.success ? {} : errorsByPath(parsed.error.issues.map(({ path: [field, index], message }) => ({ path: String(field), message: `${wrongAddress(mail, field, index)}${message}` })))), ...(page === 'own' && html.trim() === '' ? { html: 'Enter the HTML, or choose another.' } : {}) }
    setErrors(found)
    setSent(null)
    setProblem(null)
    if (Object.keys(found).length > 0 || tooLarge !== null) return focusFirstFault()
    try {
      setSent(await work.run(async (workId) => callMain('outgoing.send', { name, mail: { ...mail, html: written, attachments: await read(files) }, transcript: true, workId })))
    } catch (thrown) {
      const met = problemOf(thrown)
      if (met.code === 'invalid-input') setErrors(errorsByPath(met.issues.map(({ path, message }) => ({ path: path.replace(/^mail\./, ''), message }))))
      setProblem(met)
    }
  }
  return (
    <Box component="form" noValidate onSubmit={(event) => { event.preventDefault(); void submit() }} sx={{ display: 'grid', gap: 1.25, mt: 2, pt: 2, borderTop: 1, borderColor: 'divider' }}>
      <Typography variant="h2">Sample mail</Typography>
      {overrideTo && <StatusMark tone="warning">All mail of this server goes to {overrideTo} instead.</StatusMark>}
      {block && <StatusMark tone="warning">This server is blocked for outgoing mail; the sample will be refused.</StatusMark>}
      <ListLines name="to" label="To" values={mail.to} onChange={(to) => setMail({ ...mail, to })} error={errors['to']} helper="One or more addresses, separated by commas." mono />
      <Columns template="1fr 1fr">
        <ListLines name="cc" label="CC" values={mail.cc} onChange={(cc) => setMail({ ...mail, cc })} error={errors['cc']} mono />
        <ListLines name="bcc" label="BCC" values={mail.bcc} onChange={(bcc) => setMail({ ...mail, bcc })} error={errors['bcc']} mono />
      </Columns>
      <TextLine name="subject" label="Subject" value={mail.subject} onChange={(subject) => setMail({ ...mail, subject })} error={errors['subject']} />
      <TextLine name="text" label="Message" rows={3} value={mail.text} onChange={(text) => setMail({ ...mail, text })} error={errors['text']} />
      <Choice name="page" label="HTML" width={320} value={page} options={pages} onChange={setPage} />
      {page === 'own' && <TextLine name="html" label="HTML of the message" rows={4} mono value={html} onChange={setHtml} error={errors['html']} helper="The message above goes beside it as plain text. Pictures stand in it as data: URLs." />}
      <SampleFiles files={files} size={size} taken={takenBy(view)} isAsked={view.lastTest?.verdict === 'ok'} error={tooLarge ?? errors['attachments']} busy={work.running} onFiles={setFiles} />
      <Box sx={{ display: 'flex', gap: 1 }}>
        <Button type="submit" variant="contained" color="primary" disabled={work.running}>{work.running ? 'Sending…' : 'Send a sample mail'}</Button>
        {work.running && <Button onClick={work.cancel}>Cancel</Button>}
      </Box>
      {problem && <Box ref={intoSight}><ProblemNotice problem={problem} open /></Box>}
      {sent && <Box ref={intoSight}><Sent sent={sent} /></Box>}
    </Box>
  )
}

const read = (files: readonly File[]): Promise<{ name: string; mediaType: string; base64: string }[]> =>
  Promise.all(files.map(async (file) => ({ name: file.name.replace(/[\r\n\0/\\]/g, '_').slice(-255) || 'file', mediaType: /^[\w.+-]+\/[\w.+-]+$/.test(file.type) ? file.type : 'application/octet-stream', base64: await readBase64(file) })))

/** The outcome appears below the button, where a small window ends. */
const intoSight = (node: HTMLElement | null): void => node?.scrollIntoView({ block: 'nearest' })

const Sent = ({ sent }: { sent: SentMail }) => (
  <Box role="status">
    <StatusMark tone={sent.refused.length > 0 ? 'warning' : 'good'}>The server took the mail for {sent.accepted.join(', ')}{sent.through === 'alternate' ? ', through the alternate server' : ''}.</StatusMark>
    {sent.refused.map((each) => <Box key={each.address} sx={{ color: 'error.main' }}>Refused for {each.address}: {each.serverSaid}</Box>)}
    <Details label="Details" open><MonoBlock label="The server’s answer" text={`${sent.serverSaid}\nMessage-ID: ${sent.messageId}`} maxHeight={140} /></Details>
  </Box>
)
