import { Alert, Box, Button, Typography } from '@mui/material'
import { useState } from 'react'
import type { EditManyAnswer } from '#contract/calls.ts'
import { incomingChanges, outgoingChanges } from '#contract/edit-many.ts'
import type { IncomingServerView } from '#contract/incoming-server.ts'
import type { OutgoingServerView } from '#contract/outgoing-server.ts'
import { ProblemError, type Problem } from '#contract/problem.ts'
import { DialogFrame } from '../../../components/dialog-frame.tsx'
import { DifferenceList, type KindWords } from '../../../components/difference-list.tsx'
import { faultsByPath, focusFirstFault } from '../../../components/field-faults.ts'
import { Tick } from '../../../components/fields.tsx'
import { ReasonLine, reasonFaults } from '../../../components/reason-line.tsx'
import { plural } from '../../../components/sizes.ts'
import { callMain, problemOf } from '../../../main-process/call-main.ts'
import { useCall } from '../../../main-process/use-call.ts'
import { ProblemNotice } from '../../../problems/problem-notice.tsx'
import { useToasts } from '../../../problems/toasts.tsx'
import { FieldRow } from './field-row.tsx'
import { incomingFields, outgoingFields, presentOfIncoming, presentOfOutgoing, type ManyField } from './many-fields.ts'

/** The servers that are changed together. */
export type ManyServers = { side: 'incoming'; views: readonly IncomingServerView[] } | { side: 'outgoing'; views: readonly OutgoingServerView[] }
type Order = { names: string[]; tryOnly: boolean; restart: boolean; reason: string | null }

const kinds: KindWords = { added: { tone: 'good', words: 'Added' }, changed: { tone: 'draft', words: 'Changed' }, removed: { tone: 'bad', words: 'Deleted' } }

/** The same change in many servers: which fields, then what it does to each of them, then all of it or nothing. */
export const EditManyDialog = ({ many, onClose }: { many: ManyServers; onClose: () => void }) => {
  const [names] = useState(many.views.map(({ server }) => server.name))
  const [values, setValues] = useState(presentOf(many))
  const [chosen, setChosen] = useState<readonly string[]>([])
  const [faults, setFaults] = useState<Record<string, string>>({})
  const [problem, setProblem] = useState<Problem | null>(null)
  const [shown, setShown] = useState<EditManyAnswer | null>(null)
  const [restart, setRestart] = useState(true)
  const [reason, setReason] = useState('')
  const [busy, setBusy] = useState(false)
  const settings = useCall('settings.get', {}).value
  const partitions = useCall('partitions.list', {}).value
  const outgoing = useCall('outgoing.list', many.side === 'outgoing' ? {} : null).value
  const incoming = useCall('incoming.list', many.side === 'outgoing' ? {} : null).value
  const { say } = useToasts()
  const reasonRequired = settings?.history.reasonRequired ?? false
  const fields: readonly ManyField[] = many.side === 'outgoing' ? outgoingFields(outgoing?.map(({ server }) => server.name) ?? [], incoming?.filter(({ server }) => server.protocol === 'imap').map(({ server }) => server.name) ?? []) : incomingFields(partitions?.map(({ name }) => name) ?? [], settings?.requestTemplates.map(({ name }) => name) ?? [])

  /** Faults of fields come to their fields, whichever step they were found in. */
  const ask = async (order: Order): Promise<EditManyAnswer | null> => {
    setBusy(true)
    setProblem(null)
    setFaults({})
    try {
      return await callFor(many.side, order, Object.fromEntries(chosen.map((key) => [key, values[key]])))
    } catch (thrown) {
      const found = problemOf(thrown)
      const at = found.code === 'invalid-input' ? faultsByPath(found.issues, 'changes') : {}
      const isOfField = Object.keys(at).some((key) => chosen.includes(key))
      setFaults(at)
      if (isOfField) setShown(null)
      if (isOfField || 'reason' in at) focusFirstFault()
      else setProblem(found)
      return null
    } finally {
      setBusy(false)
    }
  }
  const look = async (): Promise<void> => {
    if (busy || chosen.length === 0) return
    const answer = await ask({ names, tryOnly: true, restart: false, reason: null })
    if (answer) setShown(answer)
  }
  const apply = async (): Promise<void> => {
    const missing = reasonFaults(reasonRequired, reason)
    setFaults(missing)
    if (missing.reason !== undefined) return focusFirstFault()
    const done = busy ? null : await ask({ names, tryOnly: false, restart, reason: reason.trim() || null })
    if (!done) return
    say(`${plural(done.differences.length, 'server')} changed.${done.notStarted.length > 0 ? ` Not started again: ${done.notStarted.join(', ')}.` : ''} The way back is in Configuration and backup, under Earlier.`)
    onClose()
  }
  const change = (key: string, value: unknown): void => setValues((before) => ({ ...before, [key]: value }))
  const toggle = (key: string, on: boolean): void => setChosen((before) => (on ? [...before, key] : before.filter((other) => other !== key)))
  const count = shown?.differences.length ?? 0
  const waits = shown !== null && shown.running.length > 0 && !restart
  return (
    <DialogFrame
      title={`Edit ${plural(names.length, `${many.side} server`)}`} width={820} onClose={onClose} onSubmit={() => void (shown ? apply() : look())}
      actions={shown ? (
        <>
          <Button onClick={() => setShown(null)}>Back</Button>
          <Button type="submit" variant="contained" color="primary" disabled={busy || count === 0 || waits}>{busy ? 'Changing…' : `Change ${plural(count, 'server')}`}</Button>
        </>
      ) : (
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="contained" color="primary" disabled={busy || chosen.length === 0}>Show what changes</Button>
        </>
      )}
    >
      <Box sx={{ display: 'grid', gap: 1.5 }}>
        {problem && <ProblemNotice problem={problem} />}
        {shown ? <Step shown={shown} total={names.length} restart={restart} onRestart={setRestart} /> : (
          <>
            <Box sx={{ color: 'text.secondary', overflowWrap: 'anywhere' }}>{names.length > 12 ? `${names.slice(0, 12).join(', ')} and ${names.length - 12} more` : names.join(', ')}. Tick what is to be the same in all of them; everything else, secrets too, stays as each has it.</Box>
            <Box sx={{ display: 'grid', gridTemplateColumns: { xs: '1fr', sm: '1fr 1fr' }, columnGap: 3, rowGap: 1 }}>
              {fields.map((field) => <FieldRow key={field.key} field={field} on={chosen.includes(field.key)} onSwitch={(on) => toggle(field.key, on)} value={values[field.key]} onChange={(value) => change(field.key, value)} error={faults[field.key]} />)}
            </Box>
          </>
        )}
        {shown && count > 0 && <ReasonLine required={reasonRequired} value={reason} onChange={setReason} error={faults['reason']} />}
      </Box>
    </DialogFrame>
  )
}

const Step = ({ shown: { differences, running }, total, restart, onRestart }: { shown: EditManyAnswer; total: number; restart: boolean; onRestart: (restart: boolean) => void }) => (
  <>
    <Typography variant="h3">{differences.length === 0 ? 'All of them have this already; nothing would change.' : `What would change${differences.length < total ? `; ${plural(total - differences.length, 'server')} would stay as ${total - differences.length === 1 ? 'it is' : 'they are'}` : ''}`}</Typography>
    <DifferenceList differences={differences} kinds={kinds} />
    {running.length > 0 && (
      <Alert severity="info" sx={{ '& .MuiAlert-message': { minWidth: 0, overflowWrap: 'anywhere' } }}>
        {running.length === 1 ? 'One of them runs' : `${running.length} of them run`}, and a server is changed while it is stopped: {running.join(', ')}.
        <Tick label="Stop them for the change and start them again" value={restart} onChange={onRestart} helper={restart ? 'Rounds that are under way are ended first.' : 'Then stop them yourself before.'} />
      </Alert>
    )}
  </>
)

const presentOf = (many: ManyServers): Record<string, unknown> => {
  if (many.side === 'incoming') return many.views[0] ? presentOfIncoming(many.views[0].server) : {}
  return many.views[0] ? presentOfOutgoing(many.views[0].server) : {}
}

/** What is typed wrong is found here; what does not fit a server, there. */
const callFor = (side: ManyServers['side'], { restart, ...order }: Order, typed: Record<string, unknown>): Promise<EditManyAnswer> =>
  side === 'incoming' ? callMain('incoming.edit-many', { ...order, restart, changes: parsed(incomingChanges, typed) }) : callMain('outgoing.edit-many', { ...order, changes: parsed(outgoingChanges, typed) })

type Parsing<Changes> = { safeParse: (typed: unknown) => { success: true; data: Changes } | { success: false; error: { issues: readonly { path: readonly PropertyKey[]; message: string }[] } } }
const parsed = <Changes,>(schema: Parsing<Changes>, typed: Record<string, unknown>): Changes => {
  const found = schema.safeParse(typed)
  if (found.success) return found.data
  throw new ProblemError({ code: 'invalid-input', issues: found.error.issues.map(({ path, message }) => ({ path: `changes.${path.map(String).join('.')}`, message })) })
}
