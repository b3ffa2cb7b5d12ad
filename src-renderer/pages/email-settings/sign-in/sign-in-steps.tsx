import { Box, Button, Typography } from '@mui/material'
import { useState } from 'react'
import type { SignInStep } from '#contract/oauth.ts'
import type { Problem } from '#contract/problem.ts'
import { CopyButton, CopyLine } from '../../../components/copy-line.tsx'
import { Details } from '../../../components/details.tsx'
import { TextLine } from '../../../components/fields.tsx'
import { Countdown } from '../../../components/times.tsx'
import { problemOf } from '../../../main-process/call-main.ts'
import { ProblemNotice } from '../../../problems/problem-notice.tsx'

type Browser = Extract<SignInStep, { kind: 'open-browser' }>
type Device = Extract<SignInStep, { kind: 'device-code' }>

/** Sign-in in the browser: the tab opens by itself where the browser allows it, and by the button everywhere. */
export const BrowserStep = ({ step, onAnswer }: { step: Browser; onAnswer: (url: string) => Promise<void> }) => (
  <Box sx={{ display: 'grid', gap: 2 }}>
    <Box><OpenPage url={step.url} label="Open the sign-in page" /><Box sx={{ mt: 0.75, color: 'text.secondary' }}>It opens in a tab of its own. Sign in there; this window goes on by itself.</Box></Box>
    <CopyLine label="Link of the sign-in page" value={step.url} helper="For another browser or profile on this computer." />
    <CopyLine label="Redirect URL" value={step.redirectUrl} helper="Must be registered for the application at the provider." />
    <Details label="The browser ended at a page that cannot be opened" hint="Mailroom on another computer"><PasteAddress onAnswer={onAnswer} /></Details>
  </Box>
)

const OpenPage = ({ url, label }: { url: string; label: string }) => <Button variant="contained" color="primary" href={url} target="_blank" rel="noopener noreferrer" autoFocus>{label}</Button>

/** A browser elsewhere is sent to its own computer and fails there: the address that it shows holds the answer all the same. */
const PasteAddress = ({ onAnswer }: { onAnswer: (url: string) => Promise<void> }) => {
  const [url, setUrl] = useState('')
  const [problem, setProblem] = useState<Problem | null>(null)
  const [missing, setMissing] = useState(false)
  const [sent, setSent] = useState(false)
  const send = (): void => {
    const wrong = !/^https?:\/\/\S+[?#]\S+$/.test(url.trim())
    setMissing(wrong)
    setProblem(null)
    if (wrong) return
    setSent(true)
    onAnswer(url.trim()).catch((thrown: unknown) => { setProblem(problemOf(thrown)); setSent(false) })
  }
  return (
    <Box sx={{ display: 'grid', gap: 1 }}>
      <TextLine label="Paste the address your browser ended at" mono value={url} onChange={setUrl} inputMode="url" error={missing ? 'Copy the whole address from the address bar; it begins with the redirect URL and goes on with ?code=…' : undefined} helper="It begins with the redirect URL. It is used once and not kept." />
      <Box><Button disabled={url === '' || sent} onClick={send}>{sent ? 'Handed over' : 'Continue with this address'}</Button></Box>
      {problem && <ProblemNotice problem={problem} />}
    </Box>
  )
}

/** Sign-in on any other device: a code to be typed there, and how long it counts. */
export const DeviceStep = ({ step }: { step: Device }) => (
  <Box sx={{ display: 'grid', gap: 2 }}>
    <Typography>Open the page on any device and enter this code there. This window goes on by itself.</Typography>
    <Box sx={{ display: 'flex', alignItems: 'center', gap: 2, flexWrap: 'wrap', p: 2, border: 1, borderColor: 'divider', borderRadius: 1, bgcolor: 'background.default' }}>
      <Box component="output" aria-label="Code" className="mono" sx={{ fontSize: 30, fontWeight: 600, letterSpacing: '0.12em', lineHeight: 1.2, userSelect: 'all', flex: 1 }}>{step.userCode}</Box>
      <CopyButton what="the code" text={step.userCode} variant="outlined" />
    </Box>
    <CopyLine label="Page" value={step.verificationUrl} helper={<>The code counts for <Countdown to={step.expiresAt} />.</>} />
    <Box><OpenPage url={step.verificationUrl} label="Open the page here" /></Box>
  </Box>
)
