import { Box, Button } from '@mui/material'
import { useState } from 'react'
import { mailAddress } from '#contract/fields.ts'
import type { Problem } from '#contract/problem.ts'
import type { SetupAnswer } from '#contract/setup.ts'
import { TextLine, Tick } from '../../../components/fields.tsx'
import { ProgressStrip } from '../../../components/progress-strip.tsx'
import { callMain, problemOf } from '../../../main-process/call-main.ts'
import { useWork } from '../../../main-process/use-work.ts'
import { ProblemNotice } from '../../../problems/problem-notice.tsx'

export type Find = { address: string; offline: boolean; error: string | undefined; problem: Problem | null; answer: SetupAnswer | null; running: boolean; what: string; setAddress: (address: string) => void; setOffline: (offline: boolean) => void; start: () => void; cancel: () => void }

/** Asks for ways to reach a mailbox; no password is part of it. */
export const useFind = (onFound: (answer: SetupAnswer) => void): Find => {
  const [address, setAddress] = useState('')
  const [offline, setOffline] = useState(false)
  const [error, setError] = useState<string | undefined>(undefined)
  const [problem, setProblem] = useState<Problem | null>(null)
  const [answer, setAnswer] = useState<SetupAnswer | null>(null)
  const work = useWork({ cancelOnLeave: true })
  const start = (): void => {
    const parsed = mailAddress.safeParse(address.trim())
    setError(parsed.success ? undefined : parsed.error.issues[0]?.message)
    setProblem(null)
    if (!parsed.success) return
    work.run((workId) => callMain('setup.find', { address: parsed.data, offline, workId })).then(
      (found) => { if (found.candidates.length === 0) setProblem({ code: 'no-setup-found', address: found.address }); else { setAnswer(found); onFound(found) } },
      (thrown: unknown) => setProblem(problemOf(thrown))
    )
  }
  return { address, offline, error, problem, answer, running: work.running, what: work.progress?.what ?? '', setAddress: (next) => { setAddress(next); setError(undefined) }, setOffline, start, cancel: work.cancel }
}

export const FindForm = ({ find, byHand }: { find: Find; /** To the form of a server, with this address. */ byHand: (address: string) => void }) => (
  <Box sx={{ display: 'grid', gap: 1.5 }}>
    <TextLine label="E-mail address" mono value={find.address} onChange={find.setAddress} error={find.error} disabled={find.running} autoFocus inputMode="email" placeholder="it@example.com" helper="Of the mailbox that your users write to. The settings of its provider are looked up; no password is sent anywhere." />
    <Tick label="Offline: ask only the built-in list of providers" value={find.offline} onChange={find.setOffline} disabled={find.running} helper="No network is used. The result can be kept as a draft." />
    {find.running && <Box sx={{ mx: -1.5 }}><ProgressStrip what={find.what || 'Asking the domain'} done={0} total={null} /></Box>}
    {find.problem && find.problem.code !== 'cancelled' && <ProblemNotice problem={find.problem} {...(find.problem.code === 'no-setup-found' ? { action: <ByHand address={find.problem.address} byHand={byHand} /> } : {})} />}
  </Box>
)

const ByHand = ({ address, byHand }: { address: string; byHand: (address: string) => void }) => <Button onClick={() => byHand(address)}>Add an IMAP server by hand</Button>
