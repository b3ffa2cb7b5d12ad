import { Box, Button, Typography } from '@mui/material'
import { createContext, useCallback, useContext, useState, type ReactNode } from 'react'
import { DialogFrame } from './dialog-frame.tsx'
import { ReasonLine, reasonFaults } from './reason-line.tsx'

/** `reason` adds a field for why; the answer is null when the question was turned down. */
export type Question = { title: string; body: ReactNode; confirm: string; cancel?: string; dangerous?: boolean; reason?: 'required' | 'optional' }
export type GoAhead = { reason: string | null }
type Asking = { question: Question; answer: (goAhead: GoAhead | null) => void }

const AskContext = createContext<(question: Question) => Promise<GoAhead | null>>(() => Promise.resolve(null))

/** Asks before something irreversible; resolves once the person has decided. */
export const useAsk = (): ((question: Question) => Promise<GoAhead | null>) => useContext(AskContext)

export const AskHost = ({ children }: { children: ReactNode }) => {
  const [asking, setAsking] = useState<Asking | null>(null)
  const ask = useCallback((question: Question) => new Promise<GoAhead | null>((resolve) => setAsking({ question, answer: resolve })), [])
  const decide = (goAhead: GoAhead | null): void => {
    asking?.answer(goAhead)
    setAsking(null)
  }
  return (
    <AskContext value={ask}>
      {children}
      {asking && <QuestionDialog question={asking.question} decide={decide} />}
    </AskContext>
  )
}

const QuestionDialog = ({ question, decide }: { question: Question; decide: (goAhead: GoAhead | null) => void }) => {
  const [reason, setReason] = useState('')
  const [tried, setTried] = useState(false)
  const missing = reasonFaults(question.reason === 'required', reason).reason
  const submit = (): void => {
    if (missing !== undefined) setTried(true)
    else decide({ reason: reason.trim() || null })
  }
  return (
    <DialogFrame
      title={question.title} width={480} onClose={() => decide(null)} onSubmit={submit}
      actions={
        <>
          <Button onClick={() => decide(null)} autoFocus={question.reason === undefined}>{question.cancel ?? 'Cancel'}</Button>
          <Button type="submit" variant="contained" color={question.dangerous ? 'error' : 'primary'}>{question.confirm}</Button>
        </>
      }
    >
      <Typography component="div">{question.body}</Typography>
      {question.reason && (
        <Box sx={{ mt: 2 }}>
          <ReasonLine required={question.reason === 'required'} value={reason} onChange={setReason} error={tried ? missing : undefined} autoFocus />
        </Box>
      )}
    </DialogFrame>
  )
}
