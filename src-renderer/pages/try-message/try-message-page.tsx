import { Box, Button, Typography } from '@mui/material'
import { useRef, useState, type DragEvent } from 'react'
import type { ProcessedMessage } from '#contract/message.ts'
import type { Problem } from '#contract/problem.ts'
import { useAsk } from '../../components/ask.tsx'
import { Choice } from '../../components/fields.tsx'
import { goTo, hashOf } from '../../components/hash-location.ts'
import { PageFrame, Panel } from '../../components/page-frame.tsx'
import { readBase64 } from '../../components/save-file.ts'
import { sizeText } from '../../components/sizes.ts'
import { StatusMark, type Tone } from '../../components/status-mark.tsx'
import { StepList } from '../../components/step-list.tsx'
import { callMain, problemOf } from '../../main-process/call-main.ts'
import { useIsAdministrator } from '../../main-process/console-state.ts'
import { useCall } from '../../main-process/use-call.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
import { useAct, useToasts } from '../../problems/toasts.tsx'

type Tried = { fileName: string; base64: string; answer: ProcessedMessage }
const verdicts: Record<ProcessedMessage['outcome'], { tone: Tone; words: string }> = { request: { tone: 'good', words: 'It would become a new request.' }, reply: { tone: 'good', words: 'It would be added to a request as a reply.' }, command: { tone: 'good', words: 'It would be carried out as an e-mail command.' }, dropped: { tone: 'stopped', words: 'It would be dropped.' }, error: { tone: 'bad', words: 'It would go to the error folder.' } }

/** A dry run: what would become of a message, step by step. Nothing is stored or sent. */
export const TryMessagePage = () => {
  const [server, setServer] = useState('')
  const [tried, setTried] = useState<Tried | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  const [busy, setBusy] = useState(false)
  const servers = useCall('incoming.list', {}).value?.map((view) => view.server.name) ?? []
  const attempt = async (fileName: string, base64: string): Promise<void> => {
    setBusy(true)
    setProblem(null)
    try {
      setTried({ fileName, base64, answer: await callMain('processing.try', { base64, server: server || null }) })
    } catch (thrown) {
      setProblem(problemOf(thrown))
    } finally {
      setBusy(false)
    }
  }
  return (
    <PageFrame title="Try a message" intro="Take a message from a file through the same steps as fetched mail and see where it ends and why. Nothing is stored or sent.">
      <Box sx={{ display: 'flex', gap: 1.5, flexWrap: 'wrap' }}><Choice label="As if fetched by" width={240} value={server} onChange={setServer} options={[{ value: '', label: 'No server in particular' }, ...servers.map((name) => ({ value: name, label: name }))]} /></Box>
      <DropPlace busy={busy} onFile={(file) => void readBase64(file).then((base64) => attempt(file.name, base64))} />
      {problem && <ProblemNotice problem={problem} />}
      {tried && <Result tried={tried} server={server || null} again={() => void attempt(tried.fileName, tried.base64)} />}
    </PageFrame>
  )
}

const DropPlace = ({ busy, onFile }: { busy: boolean; onFile: (file: File) => void }) => {
  const [over, setOver] = useState(false)
  const picker = useRef<HTMLInputElement | null>(null)
  const drop = (event: DragEvent): void => {
    event.preventDefault()
    setOver(false)
    const file = event.dataTransfer.files[0]
    if (file) onFile(file)
  }
  return (
    <Box onDragOver={(event) => { event.preventDefault(); setOver(true) }} onDragLeave={() => setOver(false)} onDrop={drop} sx={{ border: '1px dashed', borderColor: over ? 'primary.main' : 'text.disabled', borderRadius: 1.5, p: 3, textAlign: 'center', bgcolor: over ? 'action.selected' : 'background.paper' }}>
      <Typography sx={{ mb: 1 }}>{busy ? 'Working on the message…' : 'Drop a message file (.eml) here'}</Typography>
      <Button disabled={busy} onClick={() => picker.current?.click()}>Choose a file</Button>
      <input ref={picker} type="file" accept=".eml,message/rfc822,text/plain" aria-label="Message file" hidden onChange={(event) => { const file = event.target.files?.[0]; if (file) onFile(file); event.target.value = '' }} />
    </Box>
  )
}

const Result = ({ tried, server, again }: { tried: Tried; server: string | null; again: () => void }) => {
  const { answer, fileName } = tried
  const verdict = verdicts[answer.outcome]
  const administrator = useIsAdministrator()
  const ask = useAsk()
  const act = useAct()
  const { say } = useToasts()
  const take = async (): Promise<void> => {
    if (!(await ask({ title: 'Process this message', body: `${fileName} is processed for real, as if it had been fetched: it is stored, and may become a request.`, confirm: 'Process it' }))) return
    await act(async () => {
      const taken = await callMain('processing.take', { base64: tried.base64, server })
      say(taken.request === null ? `Done: ${taken.reason ?? taken.outcome}.` : `${fileName} is in request ${taken.request}.`)
      if (taken.request !== null) goTo(hashOf('requests', taken.request))
    })
  }
  return (
    <Panel title={fileName} actions={<><Button onClick={again}>Try again</Button>{administrator && <Button onClick={() => void take()}>Process it for real</Button>}</>}>
      <Box role="status" sx={{ p: 2, display: 'grid', gap: 2 }}>
        <Box sx={{ fontWeight: 600, fontSize: 14 }}><StatusMark tone={verdict.tone}>{verdict.words}</StatusMark>{answer.reason && <Box sx={{ fontWeight: 400, fontSize: 13, color: 'text.secondary', mt: 0.25 }}>{answer.reason}</Box>}</Box>
        <StepList steps={answer.steps} />
        {answer.message && <Read message={answer.message} />}
      </Box>
    </Panel>
  )
}

const Read = ({ message }: { message: NonNullable<ProcessedMessage['message']> }) => (
  <Box component="section" aria-label="What was read" sx={{ border: 1, borderColor: 'divider', borderRadius: 1, p: 1.25 }}>
    <Box component="dl" sx={{ m: 0, display: 'grid', gridTemplateColumns: '92px minmax(0, 1fr)', rowGap: 0.25, '& dt': { color: 'text.secondary' }, '& dd': { m: 0, overflowWrap: 'anywhere' } }}>
      <dt>From</dt><dd>{message.from ? (message.from.name ? `${message.from.name} <${message.from.address}>` : message.from.address) : 'nobody'}</dd>
      <dt>To</dt><dd>{message.to.map((to) => to.address).join(', ') || 'nobody named'}</dd>
      <dt>Subject</dt><dd>{message.subject || '(no subject)'}</dd>
      <dt>Attachments</dt><dd>{message.attachments.length === 0 ? 'none' : message.attachments.map((file) => `${file.name} (${sizeText(file.size)}${file.stripped ? `, taken off: ${file.stripped.reason}` : ''})`).join(', ')}</dd>
    </Box>
    <Box sx={{ mt: 1, pt: 1, borderTop: 1, borderColor: 'divider', whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', maxHeight: 240, overflow: 'auto' }} tabIndex={0} role="region" aria-label="Text">{message.text || '(no text)'}</Box>
  </Box>
)
