import { Box, Button, Typography } from '@mui/material'
import { useState, type ReactNode } from 'react'
import { personDraft, requestRights, type Person, type PersonDraft } from '#contract/person.ts'
import type { Problem } from '#contract/problem.ts'
import { DialogFrame } from '../../components/dialog-frame.tsx'
import { Choice, TextLine, Tick } from '../../components/fields.tsx'
import { faultsByPath, focusFirstFault } from '../../components/field-faults.ts'
import { LookOnly } from '../../components/look-only.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { LocalTime } from '../../components/times.tsx'
import { useDraft } from '../../components/use-draft.ts'
import { callMain, problemOf } from '../../main-process/call-main.ts'
import { useIsAdministrator } from '../../main-process/console-state.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
import { rightsScope, rightWords, sourceWords } from './person-words.ts'

type Needs = { person: Person | null; perPerson: boolean; onClose: () => void; onSaved: (person: Person) => void }

const asTyped = (person: Person | null): PersonDraft =>
  person === null ? { name: '', address: '', user: true, analyst: false, signIn: false, rights: [], format: null } : { name: person.name, address: person.address, user: person.user, analyst: person.analyst, signIn: person.signIn, rights: person.rights, format: person.format }

/** One person: who they are, and what their e-mail commands may do. */
export const PersonDialog = ({ person, perPerson, onClose, onSaved }: Needs) => {
  const { draft, change, dirty, leave } = useDraft(asTyped(person))
  const [faults, setFaults] = useState<Record<string, string>>({})
  const [problem, setProblem] = useState<Problem | null>(null)
  const disabled = !useIsAdministrator()
  const refuse = (found: Record<string, string>): void => { setFaults(found); focusFirstFault() }
  const save = async (): Promise<void> => {
    const parsed = personDraft.safeParse({ ...draft, address: draft.address.trim() })
    if (!parsed.success) return refuse(faultsByPath(parsed.error.issues))
    setFaults({})
    setProblem(null)
    try {
      onSaved(await callMain('people.save', { id: person?.id ?? null, person: parsed.data }))
    } catch (thrown) {
      const found = problemOf(thrown)
      if (found.code === 'name-taken') refuse({ address: 'There is a person with that address already.' })
      else if (found.code === 'invalid-input') refuse(faultsByPath(found.issues, 'person'))
      else setProblem(found)
    }
  }
  const setRight = (right: (typeof requestRights)[number], wanted: boolean): void => change({ rights: requestRights.filter((each) => (each === right ? wanted : draft.rights.includes(each))) })
  return (
    <DialogFrame
      title={person ? `Person – ${person.name || person.address}` : 'Add person'} width={560} onClose={() => leave(onClose)} onSubmit={() => !disabled && void save()}
      actions={<><Button onClick={() => leave(onClose)}>{dirty ? 'Cancel' : 'Close'}</Button>{!disabled && <Button type="submit" variant="contained" color="primary">Save</Button>}</>}
    >
      <Box sx={{ display: 'grid', gap: 1.5 }}>
        <LookOnly what="people" />
        <Box sx={{ display: 'grid', gridTemplateColumns: { xs: '1fr', sm: '1fr 1.2fr' }, gap: 1.5 }}>
          <TextLine name="name" label="Name" value={draft.name} onChange={(name) => change({ name })} error={faults['name']} disabled={disabled} autoFocus={!disabled} />
          <TextLine name="address" label="Address" mono inputMode="email" value={draft.address} onChange={(address) => change({ address })} error={faults['address']} disabled={disabled} helper="Mail from it is theirs." />
        </Box>
        <Box>
          <Tick label="User" value={draft.user} onChange={(user) => change({ user })} disabled={disabled} helper="Asks for help: requests are in their name." />
          <Tick label="Analyst (technician)" value={draft.analyst} onChange={(analyst) => change({ analyst })} disabled={disabled} helper="Works on requests, and may be the logging analyst of those they send in." />
        </Box>
        <Box component="section" aria-label="E-mail commands" sx={{ borderTop: 1, borderColor: 'divider', pt: 1.5 }}>
          <Typography variant="h3" sx={{ mb: 0.5 }}>E-mail commands</Typography>
          <Tick label="Carry out e-mail commands of this person" value={draft.signIn} onChange={(signIn) => change({ signIn })} disabled={disabled} helper={draft.signIn ? rightsScope(draft) : 'Off: a command from this address is ordinary mail.'} />
          {draft.signIn && <Box sx={{ pl: 3.25 }}>{requestRights.map((right) => <Tick key={right} {...rightWords[right]} value={draft.rights.includes(right)} onChange={(wanted) => setRight(right, wanted)} disabled={disabled} />)}</Box>}
        </Box>
        {perPerson && <Choice name="format" label="Format of mail to this person" width={240} value={draft.format ?? 'default'} onChange={(format) => change({ format: format === 'default' ? null : format })} disabled={disabled} options={[{ value: 'default', label: 'The console’s default' }, { value: 'html', label: 'HTML' }, { value: 'plain', label: 'Plain text' }]} />}
        {person?.undeliverableSince && <Note tone="warning">Mail to this address came back <LocalTime at={person.undeliverableSince} />. Check the address.</Note>}
        {person && <Box sx={{ color: 'text.secondary', fontSize: 12 }}>Known since <LocalTime at={person.createdAt} />, from {sourceWords[person.source]}.</Box>}
        {problem && <ProblemNotice problem={problem} />}
      </Box>
    </DialogFrame>
  )
}

const Note = ({ tone = 'neutral', children }: { tone?: 'neutral' | 'warning'; children: ReactNode }) => <Box role="note" sx={{ '& span': { whiteSpace: 'normal' } }}><StatusMark tone={tone}>{children}</StatusMark></Box>
