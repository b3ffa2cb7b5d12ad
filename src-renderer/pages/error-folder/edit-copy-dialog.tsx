import { Box, Button, Typography } from '@mui/material'
import { useDeferredValue, useMemo, useState } from 'react'
import type { ProcessedMessage } from '#contract/message.ts'
import { useAsk } from '../../components/ask.tsx'
import { bytesOfBase64 } from '../../components/base64.ts'
import { DialogFrame } from '../../components/dialog-frame.tsx'
import { ProgressStrip } from '../../components/progress-strip.tsx'
import { callMain } from '../../main-process/call-main.ts'
import { useCall } from '../../main-process/use-call.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
import { useAct, useToasts } from '../../problems/toasts.tsx'
import { ProcessedView } from '../../processed/processed-view.tsx'
import { CopyFields } from './copy-fields.tsx'
import { assembled, openCopy, type Edits } from './edit-copy.ts'
import { base64Of } from './message-bytes.ts'
import { useCopyTrial } from './use-copy-trial.ts'

type Needs = { id: number; onClose: () => void; onTaken: () => void }

/** Mends a copy of a message that failed; what it would become is tried while one types. */
export const EditCopyDialog = ({ id, onClose, onTaken }: Needs) => {
  const { value: source, problem } = useCall('errors.source', { id })
  if (source?.base64) return <Editor id={id} base64={source.base64} onClose={onClose} onTaken={onTaken} />
  return (
    <DialogFrame title="Edit a copy" width={520} onClose={onClose} actions={<Button onClick={onClose}>Close</Button>}>
      {problem ? <ProblemNotice problem={problem} /> : source === null ? <ProgressStrip what="Reading the message" done={0} total={null} /> : <ProblemNotice problem={{ code: 'nothing-to-replay', reason: 'it was never downloaded, so there is no copy that could be edited' }} />}
    </DialogFrame>
  )
}

const Editor = ({ id, base64: before, onClose, onTaken }: Needs & { base64: string }) => {
  const copy = useMemo(() => openCopy(bytesOfBase64(before)), [before])
  const [edits, setEdits] = useState<Edits>({ header: copy.header, part: 0, charset: null, text: null })
  const isEdited = edits.header !== copy.header || edits.charset !== null || edits.text !== null
  const settled = useDeferredValue(edits)
  const tried = useMemo(() => (isEdited ? base64Of(assembled(copy, settled)) : null), [copy, settled, isEdited])
  const trial = useCopyTrial(id, tried)
  const [failed, setFailed] = useState<ProcessedMessage | null>(null)
  const [busy, setBusy] = useState(false)
  const ask = useAsk()
  const act = useAct()
  const { say } = useToasts()
  const change = (more: Partial<Edits>): void => { setFailed(null); setEdits((now) => ({ ...now, ...more })) }
  const close = async (): Promise<void> => {
    if (!isEdited || (await ask({ title: 'Discard changes', body: 'What was edited in this copy will be lost. The message itself stays as it is.', confirm: 'Discard', cancel: 'Keep editing', dangerous: true }))) onClose()
  }
  const replay = async (): Promise<void> => {
    setBusy(true)
    await act(async () => {
      const base64 = isEdited ? base64Of(assembled(copy, edits)) : null
      const answer = await callMain('errors.replay', { id, base64, tryOnly: false })
      if (answer.outcome === 'error') return setFailed(answer)
      say(answer.request === null ? 'The copy was dropped; nothing is left to be done.' : `The copy belongs to request ${answer.request}.`)
      onTaken()
    })
    setBusy(false)
  }
  const shown = failed ?? trial.answer
  return (
    <DialogFrame
      title="Edit a copy" width={1180} onClose={() => void close()}
      actions={
        <>
          <Box sx={{ flex: 1, color: 'text.secondary', pl: 1 }}>{isEdited ? 'The mail on the server and the stored message stay as they are.' : 'Nothing is edited yet.'}</Box>
          <Button onClick={() => void close()}>Cancel</Button>
          <Button onClick={trial.tryNow} disabled={trial.busy || busy}>Try</Button>
          <Button variant="contained" color="primary" disabled={busy} onClick={() => void replay()}>Replay copy</Button>
        </>
      }
    >
      <Box sx={{ display: 'grid', gap: 2.5, gridTemplateColumns: 'minmax(0, 1fr)', '@media (min-width: 960px)': { gridTemplateColumns: 'minmax(0, 1.15fr) minmax(0, 1fr)' } }}>
        <CopyFields copy={copy} edits={edits} onChange={change} />
        <Box component="section" aria-label="What it would become" aria-busy={trial.busy} sx={{ minWidth: 0 }}>
          <Typography variant="h3" component="h3" sx={{ mb: 1 }}>{failed ? 'It failed again; nothing was changed' : 'What it would become'}</Typography>
          {trial.problem && !failed ? <ProblemNotice problem={trial.problem} /> : shown ? <ProcessedView answer={shown} /> : <Box sx={{ color: 'text.secondary' }}>{trial.busy ? 'Trying…' : 'Try says what would become of the copy.'}</Box>}
        </Box>
      </Box>
    </DialogFrame>
  )
}
