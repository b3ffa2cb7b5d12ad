import { Box, Button, Paper, Typography } from '@mui/material'
import { useState } from 'react'
import { SecretLine } from '../components/fields.tsx'
import { Mono } from '../components/mono.tsx'
import { NewPassphrase, useNewPassphrase } from '../components/new-passphrase.tsx'
import { callMain, problemOf } from '../main-process/call-main.ts'
import type { Problem } from '#contract/problem.ts'
import { wordsOf } from '#contract/problem-words.ts'
import { ProblemNotice } from '../problems/problem-notice.tsx'
import { Logo } from './logo.tsx'

/** Before anything else where no keychain answers: make the vault, or open it. */
export const VaultScreen = ({ mode, dataFolder, onOpened }: { mode: 'vault-new' | 'vault-locked'; dataFolder: string; onOpened: () => void }) => (
  <Box component="main" sx={{ height: '100%', overflow: 'auto', display: 'grid', placeItems: 'center', p: 2, boxSizing: 'border-box' }}>
    <Paper sx={{ width: 440, maxWidth: '100%', boxSizing: 'border-box', p: 3, border: 1, borderColor: 'divider', borderRadius: 2 }}>
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 1, mb: 2 }}><Logo /><Typography sx={{ fontWeight: 600, fontSize: 15 }}>Mailroom</Typography></Box>
      {mode === 'vault-new' ? <NewVault onOpened={onOpened} /> : <LockedVault onOpened={onOpened} />}
      <Typography variant="caption" sx={{ display: 'block', mt: 2, color: 'text.secondary', overflowWrap: 'anywhere' }}>Data folder: <Mono>{dataFolder}</Mono></Typography>
    </Paper>
  </Box>
)

const NewVault = ({ onOpened }: { onOpened: () => void }) => {
  const draft = useNewPassphrase()
  const opening = useOpening('vault.create', onOpened)
  const submit = (): void => {
    const passphrase = draft.take()
    if (passphrase === null) return
    void opening.open(passphrase)
    draft.clear()
  }
  return (
    <Box component="form" noValidate onSubmit={(event) => { event.preventDefault(); submit() }} sx={{ display: 'grid', gap: 1.5 }}>
      <Typography variant="h1">Create the vault</Typography>
      <Typography sx={{ color: 'text.secondary' }}>This computer has no keychain. Passwords of mail servers and the key of the stored mail are kept in a vault that this passphrase opens. It cannot be recovered: keep it where you keep such things.</Typography>
      <NewPassphrase draft={draft} autoFocus />
      {opening.problem && <ProblemNotice problem={opening.problem} bare />}
      <Box><Button type="submit" variant="contained" color="primary" disabled={opening.busy}>{opening.busy ? 'Creating…' : 'Create vault'}</Button></Box>
    </Box>
  )
}

const LockedVault = ({ onOpened }: { onOpened: () => void }) => {
  const [passphrase, setPassphrase] = useState('')
  const opening = useOpening('vault.unlock', onOpened)
  const submit = (): void => {
    if (passphrase === '') return
    void opening.open(passphrase)
    setPassphrase('')
  }
  return (
    <Box component="form" noValidate onSubmit={(event) => { event.preventDefault(); submit() }} sx={{ display: 'grid', gap: 1.5 }}>
      <Typography variant="h1">Unlock the vault</Typography>
      <Typography sx={{ color: 'text.secondary' }}>Fetching begins once the vault is open. On a server without a screen, set <Mono>MAILROOM_PASSPHRASE</Mono> before the start.</Typography>
      <SecretLine label="Passphrase" stored={false} value={passphrase} onChange={setPassphrase} autoFocus error={opening.problem?.code === 'wrong-passphrase' && passphrase === '' ? wordsOf(opening.problem).title : undefined} />
      {opening.problem && opening.problem.code !== 'wrong-passphrase' && <ProblemNotice problem={opening.problem} bare />}
      <Box><Button type="submit" variant="contained" color="primary" disabled={opening.busy}>{opening.busy ? 'Unlocking…' : 'Unlock'}</Button></Box>
    </Box>
  )
}

const useOpening = (call: 'vault.create' | 'vault.unlock', onOpened: () => void) => {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const open = async (passphrase: string): Promise<void> => {
    setBusy(true)
    setProblem(null)
    try {
      await callMain(call, { passphrase })
      onOpened()
    } catch (thrown) {
      setProblem(problemOf(thrown))
    } finally {
      setBusy(false)
    }
  }
  return { busy, problem, open }
}
