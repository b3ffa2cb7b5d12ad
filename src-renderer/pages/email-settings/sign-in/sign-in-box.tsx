import { Box, Button } from '@mui/material'
import type { SignInState } from '#contract/oauth.ts'
import { wordsOf } from '#contract/problem-words.ts'
import { useAsk } from '../../../components/ask.tsx'
import { StatusMark, type Tone } from '../../../components/status-mark.tsx'
import { callMain } from '../../../main-process/call-main.ts'
import { useAct, useToasts } from '../../../problems/toasts.tsx'
import { SignInFacts } from './sign-in-facts.tsx'
import type { Side } from './use-sign-in.ts'

type Needs = { kind: Side; name: string; state: SignInState; unsaved: boolean; disabled: boolean; onSignIn: () => void }
const looks: Record<SignInState['state'], { tone: Tone; words: string }> = {
  never: { tone: 'warning', words: 'Nobody has signed in yet.' },
  'signed-in': { tone: 'good', words: 'Signed in.' },
  refused: { tone: 'bad', words: 'The sign-in was refused.' },
  app: { tone: 'good', words: 'The application signs in by itself.' }
}

/** How the sign-in of a stored server stands, with what can be done about it. */
export const SignInBox = ({ kind, name, state, unsaved, disabled, onSignIn }: Needs) => {
  const ask = useAsk()
  const act = useAct()
  const { say } = useToasts()
  const forget = async (): Promise<void> => {
    const goAhead = await ask({ title: `Forget the sign-in of ${name}`, body: 'Its tokens are deleted here. Somebody has to sign in again before mail moves through this server. At the provider, the application keeps its permission.', confirm: 'Forget sign-in', dangerous: true })
    if (goAhead && (await act(() => callMain('sign-in.forget', { kind, name })))) say(`The sign-in of ${name} is forgotten.`)
  }
  const problem = state.problem ? wordsOf(state.problem) : null
  const look = problem && state.state !== 'never' ? { tone: 'bad' as const, words: problem.title } : looks[state.state]
  return (
    <Box role="group" aria-label="State of the sign-in" sx={{ p: 1.25, border: 1, borderColor: 'divider', borderRadius: 1, display: 'grid', gap: 1, '& > span > span': { whiteSpace: 'normal' } }}>
      <StatusMark tone={look.tone}>{look.words}</StatusMark>
      {problem && <Box sx={{ color: 'text.secondary' }}>{problem.advice}</Box>}
      <SignInFacts state={state} brief />
      <Box sx={{ display: 'flex', gap: 1, alignItems: 'center', flexWrap: 'wrap' }}>
        <Button {...(state.state === 'never' || state.state === 'refused' ? { variant: 'contained' as const, color: 'primary' as const } : {})} disabled={disabled || unsaved} onClick={onSignIn}>{state.state === 'never' ? 'Sign in' : state.state === 'app' ? 'Get a token now' : 'Sign in again'}</Button>
        {(state.state === 'signed-in' || state.state === 'refused') && <Button disabled={disabled} onClick={() => void forget()}>Forget sign-in</Button>}
        {unsaved && <Box sx={{ color: 'text.secondary' }}>Save the changes first: the sign-in uses what is saved.</Box>}
      </Box>
    </Box>
  )
}
