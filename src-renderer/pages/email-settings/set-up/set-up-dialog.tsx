import { Box, Button } from '@mui/material'
import { useState } from 'react'
import { newIncomingServer, type IncomingServerDraft } from '#contract/incoming-server.ts'
import type { SetupAnswer } from '#contract/setup.ts'
import { Details } from '../../../components/details.tsx'
import { DialogFrame } from '../../../components/dialog-frame.tsx'
import { plural } from '../../../components/sizes.ts'
import { StatusMark } from '../../../components/status-mark.tsx'
import { callMain } from '../../../main-process/call-main.ts'
import { useCall } from '../../../main-process/use-call.ts'
import { useAct, useToasts } from '../../../problems/toasts.tsx'
import { SignInDialog } from '../sign-in/sign-in-dialog.tsx'
import { CandidateCards } from './candidate-cards.tsx'
import { CandidateForm, type Typed } from './candidate-form.tsx'
import { faultsOf, filledIn, nameFor } from './filled-in.ts'
import { FindForm, useFind } from './find-form.tsx'
import { SetUpOutcome } from './set-up-outcome.tsx'
import { useSetUp, type Part } from './use-set-up.ts'

const leading = { variant: 'contained', color: 'primary', autoFocus: true } as const
const isWell = ({ begun, answer }: Part): boolean => !begun || answer?.verdict?.verdict === 'ok'

type Needs = { names: { incoming: readonly string[]; outgoing: readonly string[] }; onClose: () => void; onOpenDraft: (draft: IncomingServerDraft) => void }

const nothingTyped: Typed = { name: '', partition: '', user: '', secret: '', clientId: '', tenant: '', withOutgoing: true, confirmed: [] }

/** From an address to servers that work: find, sign in, start. */
export const SetUpDialog = ({ names, onClose, onOpenDraft }: Needs) => {
  const partitions = useCall('partitions.list', {}).value ?? []
  const partitionAtFirst = (partitions.find((each) => each.default) ?? partitions[0])?.name ?? ''
  const act = useAct()
  const { say } = useToasts()
  const setUp = useSetUp()
  const [chosen, setChosen] = useState<string | null>(null)
  const [typed, setTyped] = useState(nothingTyped)
  const [errors, setErrors] = useState<Record<string, string>>({})
  const [phase, setPhase] = useState<'find' | 'choose' | 'outcome'>('find')
  const [signingIn, setSigningIn] = useState<'incoming' | 'outgoing' | null>(null)
  const find = useFind((answer: SetupAnswer) => {
    setChosen(answer.candidates[0]?.id ?? null)
    setTyped({ ...nothingTyped, name: nameFor(answer.address, [...names.incoming, ...names.outgoing]), user: answer.address, partition: partitionAtFirst })
    setErrors({})
    setPhase('choose')
  })
  const candidate = find.answer?.candidates.find(({ id }) => id === chosen) ?? null
  const change = (part: Partial<Typed>): void => { setTyped((before) => ({ ...before, ...part })); setErrors({}) }
  const wantedOf = (draft: boolean) => candidate && find.answer && filledIn(candidate, typed, find.answer.address, draft)
  const create = (draft: boolean): void => {
    const wanted = wantedOf(draft)
    if (!wanted || !candidate) return
    const faults = draft ? {} : faultsOf(candidate, typed, wanted)
    setErrors(faults)
    if (Object.keys(faults).length > 0) return
    setPhase('outcome')
    void setUp.create(wanted).then(setSigningIn)
  }
  const start = (): void => void act(async () => { const name = setUp.done?.incoming.name ?? ''; await callMain('incoming.start', { name }); say(`${name} is fetching.`); onClose() })
  const works = setUp.incoming.answer?.verdict?.verdict === 'ok'
  const submit = (): void => (phase === 'find' ? find.start() : phase === 'choose' ? create(false) : undefined)
  const mendable = phase === 'outcome' && !setUp.running && setUp.done?.draft === false && (!works || !isWell(setUp.outgoing))
  const answers = find.answer?.candidates.some(({ incomingProbe }) => incomingProbe.outcome === 'ok') ?? false
  const notes = find.answer?.notes.map((note) => <Box key={note} sx={{ color: 'text.secondary', overflowWrap: 'anywhere' }}>{note}</Box>)
  const byHand = (address: string): void => {
    const empty = newIncomingServer('imap', partitionAtFirst)
    onOpenDraft({ ...empty, name: nameFor(address, [...names.incoming, ...names.outgoing]), addresses: [address], auth: { ...empty.auth, user: address } })
  }
  const openDetails = (): void => { const wanted = wantedOf(true); if (wanted) onOpenDraft(wanted.incoming) }
  return (
    <>
      <DialogFrame
        title="Set up from an address" width={760} onClose={onClose} onSubmit={submit}
        actions={
          <>
            <Box role="status" sx={{ flex: 1, minWidth: 120 }}>{Object.keys(errors).length > 0 ? <StatusMark tone="warning">{plural(Object.keys(errors).length, 'field')} to correct; or save as draft</StatusMark> : find.running ? <StatusMark tone="busy">Looking for settings</StatusMark> : null}</Box>
            {phase === 'choose' && <Button onClick={() => setPhase('find')}>Back</Button>}
            {phase === 'choose' && candidate && <Button onClick={openDetails}>All details…</Button>}
            {phase === 'choose' && candidate && <Button title="Saves without trying the connection" onClick={() => create(true)}>Save as draft</Button>}
            {phase === 'find' && (find.running ? <Button onClick={find.cancel}>Cancel</Button> : <Button onClick={onClose}>Close</Button>)}
            {phase === 'find' && <Button type="submit" variant="contained" color="primary" disabled={find.running}>Find settings</Button>}
            {phase === 'choose' && candidate && <Button type="submit" variant="contained" color="primary">Save and test</Button>}
            {phase === 'outcome' && (setUp.running ? <Button onClick={() => { setUp.incoming.work.cancel(); setUp.outgoing.work.cancel() }}>Cancel test</Button> : <Button {...(setUp.done?.draft ? leading : {})} onClick={onClose}>Close</Button>)}
            {mendable && <Button {...(works ? {} : leading)} onClick={() => setPhase('choose')}>Back to the settings</Button>}
            {phase === 'outcome' && works && !setUp.running && <Button variant="contained" color="primary" autoFocus onClick={start}>Start fetching</Button>}
          </>
        }
      >
        {phase === 'find' && <FindForm find={find} byHand={byHand} />}
        {phase === 'choose' && find.answer && (
          <Box sx={{ display: 'grid', gap: 2 }}>
            {!answers && notes}
            <CandidateCards candidates={find.answer.candidates} chosen={chosen} onChoose={(id) => { setChosen(id); setErrors({}); setTyped((before) => ({ ...before, secret: '', confirmed: [] })) }} />
            {candidate && <CandidateForm key={candidate.id} candidate={candidate} typed={typed} change={change} errors={errors} partitions={partitions} disabled={false} />}
            {answers && find.answer.notes.length > 0 && <Details label="What else was asked">{notes}</Details>}
          </Box>
        )}
        {phase === 'outcome' && <SetUpOutcome setUp={setUp} onSignIn={setSigningIn} />}
      </DialogFrame>
      {signingIn && setUp.done && <SignInDialog key={signingIn} kind={signingIn} name={setUp.done[signingIn]?.name ?? ''} account={setUp.done[signingIn]?.auth.user ?? ''} onClose={(signedIn) => { setSigningIn(null); if (signedIn && setUp.done) void setUp.create(setUp.done).then(setSigningIn) }} />}
    </>
  )
}
