import { Box, Button } from '@mui/material'
import { useState } from 'react'
import { pin as pinRule } from '#contract/access.ts'
import type { Problem } from '#contract/problem.ts'
import { DialogFrame } from '../../components/dialog-frame.tsx'
import { SecretLine } from '../../components/fields.tsx'
import { ReasonLine, reasonFaults } from '../../components/reason-line.tsx'
import { callMain, problemOf } from '../../main-process/call-main.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
import { useToasts } from '../../problems/toasts.tsx'

export type PinDeed = 'set' | 'change' | 'remove'
const words = {
  set: { title: 'Set a PIN', confirm: 'Set the PIN', done: 'The PIN is set. The window stays unlocked until you lock it.' },
  change: { title: 'Change the PIN', confirm: 'Change the PIN', done: 'The PIN was changed.' },
  remove: { title: 'Remove the PIN', confirm: 'Remove the PIN', done: 'There is no PIN any more.' }
}

/** The present PIN where there is one, the new one twice where there is to be one. */
export const PinDialog = ({ deed, reasonRequired, onClose }: { deed: PinDeed; reasonRequired: boolean; onClose: () => void }) => {
  const [typed, setTyped] = useState({ current: '', next: '', again: '', reason: '' })
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const { say } = useToasts()
  const put = (part: Partial<typeof typed>): void => setTyped({ ...typed, ...part })
  const faults = faultsOf(deed, typed, reasonRequired)
  const shown = tried ? faults : {}
  const save = async (): Promise<void> => {
    setTried(true)
    if (Object.keys(faults).length > 0 || busy) return
    setBusy(true)
    try {
      await callMain('access.set-pin', { current: deed === 'set' ? null : typed.current, pin: deed === 'remove' ? null : typed.next, reason: typed.reason.trim() || null })
      say(words[deed].done)
      onClose()
    } catch (thrown) {
      setProblem(problemOf(thrown))
      setBusy(false)
    }
  }
  return (
    <DialogFrame
      title={words[deed].title} width={460} onClose={onClose} onSubmit={() => void save()}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="contained" color="primary" disabled={busy}>{busy ? 'Saving…' : words[deed].confirm}</Button>
        </>
      }
    >
      <Box sx={{ display: 'grid', gap: 1.5 }}>
        {deed !== 'set' && <SecretLine label="Present PIN" stored={false} value={typed.current} onChange={(current) => put({ current })} error={shown.current} autoFocus />}
        {deed !== 'remove' && <SecretLine label="New PIN" stored={false} value={typed.next} onChange={(next) => put({ next })} error={shown.next} helper="4 to 64 characters, digits or any others. After five wrong tries there is a wait." autoFocus={deed === 'set'} />}
        {deed !== 'remove' && <SecretLine label="The same again" stored={false} value={typed.again} onChange={(again) => put({ again })} error={shown.again} />}
        <ReasonLine required={reasonRequired} value={typed.reason} onChange={(reason) => put({ reason })} error={shown.reason} />
        {problem && <ProblemNotice problem={problem} />}
      </Box>
    </DialogFrame>
  )
}

type Faults = { current?: string; next?: string; again?: string; reason?: string }

const faultsOf = (deed: PinDeed, { current, next, again, reason }: { current: string; next: string; again: string; reason: string }, reasonRequired: boolean): Faults => {
  const rule = pinRule.safeParse(next)
  return {
    ...(deed !== 'set' && current === '' ? { current: 'Enter the present PIN.' } : {}),
    ...(deed !== 'remove' && !rule.success ? { next: rule.error.issues[0]?.message ?? 'Enter a PIN.' } : {}),
    ...(deed !== 'remove' && next !== again ? { again: 'The two differ.' } : {}),
    ...reasonFaults(reasonRequired, reason)
  }
}
