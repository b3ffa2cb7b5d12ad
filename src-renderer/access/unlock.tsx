import { Box, Button, Typography } from '@mui/material'
import { createContext, useCallback, useContext, useState, type ReactNode } from 'react'
import type { Problem } from '#contract/problem.ts'
import { DialogFrame } from '../components/dialog-frame.tsx'
import { SecretLine } from '../components/fields.tsx'
import { callMain, problemOf } from '../main-process/call-main.ts'
import { useConsoleState } from '../main-process/console-state.ts'
import { ProblemNotice } from '../problems/problem-notice.tsx'

/** Opens the question for the PIN. */
const UnlockContext = createContext<() => void>(() => undefined)

/** The way to more rights where something is disabled for lack of them; nothing where no PIN stands in the way. */
export const UnlockButton = () => {
  const unlock = useContext(UnlockContext)
  return useConsoleState().pin === 'locked' ? <Button onClick={unlock}>Unlock</Button> : null
}

/** Asks for the PIN in front of whatever is open. */
export const UnlockHost = ({ children }: { children: ReactNode }) => {
  const [asking, setAsking] = useState(false)
  const ask = useCallback(() => setAsking(true), [])
  return (
    <UnlockContext value={ask}>
      {children}
      {asking && <UnlockDialog onClose={() => setAsking(false)} />}
    </UnlockContext>
  )
}

const UnlockDialog = ({ onClose }: { onClose: () => void }) => {
  const [pin, setPin] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const unlock = async (): Promise<void> => {
    if (pin === '' || busy) return
    setBusy(true)
    try {
      await callMain('access.unlock', { pin })
      onClose()
    } catch (thrown) {
      setProblem(problemOf(thrown))
      setPin('')
      setBusy(false)
    }
  }
  return (
    <DialogFrame
      title="Unlock" width={420} onClose={onClose} onSubmit={() => void unlock()}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="contained" color="primary" disabled={pin === '' || busy}>{busy ? 'Looking…' : 'Unlock'}</Button>
        </>
      }
    >
      <Box sx={{ display: 'grid', gap: 1.5 }}>
        <Typography>The window only looks until the PIN is entered.</Typography>
        <SecretLine label="PIN" stored={false} value={pin} onChange={setPin} autoFocus />
        {problem && <ProblemNotice problem={problem} />}
      </Box>
    </DialogFrame>
  )
}
