import { Box, Button, Typography } from '@mui/material'
import type { SignInState } from '#contract/oauth.ts'
import { DialogFrame } from '../../../components/dialog-frame.tsx'
import { StatusMark } from '../../../components/status-mark.tsx'
import { ProblemNotice } from '../../../problems/problem-notice.tsx'
import { SignInFacts } from './sign-in-facts.tsx'
import { BrowserStep, DeviceStep } from './sign-in-steps.tsx'
import { useSignIn, type Side } from './use-sign-in.ts'

type Needs = { kind: Side; name: string; account: string; onClose: (signedIn: boolean) => void; onOpenServer?: () => void }

/** Signs in to one server: what the person has to do, how it goes, what came of it. */
export const SignInDialog = ({ kind, name, account, onClose, onOpenServer }: Needs) => {
  const signing = useSignIn(kind, name)
  const { running, step, state, problem } = signing
  const close = (): void => onClose(state !== null)
  const cancelled = problem?.code === 'cancelled'
  return (
    <DialogFrame
      title={`Sign in – ${name}`} width={620} onClose={close}
      actions={
        <>
          <Box role="status" sx={{ flex: 1, minWidth: 160 }}>{running ? <StatusMark tone="busy">{step ? 'Waiting for the sign-in' : 'Asking the provider'}</StatusMark> : cancelled ? <StatusMark tone="neutral">Cancelled</StatusMark> : null}</Box>
          {running && <Button onClick={signing.cancel}>Cancel sign-in</Button>}
          {problem && onOpenServer && <Button onClick={onOpenServer}>Open server</Button>}
          {problem && <Button variant="contained" color="primary" onClick={signing.start}>Sign in again</Button>}
          {!running && <Button {...(state ? { variant: 'contained' as const, color: 'primary' as const, autoFocus: true } : {})} onClick={close}>Close</Button>}
        </>
      }
    >
      {running && account !== '' && <Typography sx={{ mb: 2 }}>Sign in as <Box component="span" className="mono" sx={{ fontWeight: 600 }}>{account}</Box>. The password stays with the provider; Mailroom only gets leave to use the mailbox.</Typography>}
      {running && !step && <Typography sx={{ color: 'text.secondary' }}>The provider is being asked where to sign in…</Typography>}
      {running && step?.kind === 'open-browser' && <BrowserStep step={step} onAnswer={signing.answer} />}
      {running && step?.kind === 'device-code' && <DeviceStep step={step} />}
      {problem && !cancelled && <ProblemNotice problem={problem} />}
      {cancelled && <Typography sx={{ color: 'text.secondary' }}>The sign-in was cancelled; what was stored before is unchanged.</Typography>}
      {state && <Done state={state} />}
    </DialogFrame>
  )
}

const Done = ({ state }: { state: SignInState }) => (
  <Box role="status" sx={{ display: 'grid', gap: 1 }}>
    <StatusMark tone="good">{state.state === 'app' ? 'The application signs in by itself.' : 'Signed in.'}</StatusMark>
    <SignInFacts state={state} />
  </Box>
)
