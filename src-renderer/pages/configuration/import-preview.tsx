import { Box, Button, Typography } from '@mui/material'
import { useState } from 'react'
import type { ConfigurationDifference, ImportAnswer } from '#contract/calls.ts'
import type { InputIssue } from '#contract/problem.ts'
import { Details } from '../../components/details.tsx'
import { TextLine, Tick } from '../../components/fields.tsx'
import { Mono } from '../../components/mono.tsx'
import { plural } from '../../components/sizes.ts'
import { StatusMark, type Tone } from '../../components/status-mark.tsx'
import { callMain } from '../../main-process/call-main.ts'
import { useIsAdministrator } from '../../main-process/console-state.ts'
import { useCall } from '../../main-process/use-call.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
import { useAct } from '../../problems/toasts.tsx'

/** `turn` tells a file from the same file chosen again. */
export type PickedFile = { name: string; yaml: string; turn: number }
const kinds: Record<ConfigurationDifference['kind'], { tone: Tone; words: string }> = { added: { tone: 'good', words: 'Added' }, changed: { tone: 'draft', words: 'Changed' }, removed: { tone: 'bad', words: 'Only here' } }

/** What a file would change; then the import with its reason. */
export const ImportPreview = ({ file, onDone }: { file: PickedFile; onDone: () => void }) => {
  const { value: compared, problem } = useCall('configuration.diff', { yaml: file.yaml })
  const checked = useCall('configuration.validate', { yaml: file.yaml }).value
  const reasonRequired = useCall('settings.get', {}).value?.history.reasonRequired ?? false
  const [replace, setReplace] = useState(false)
  const [reason, setReason] = useState('')
  const [missing, setMissing] = useState(false)
  const [answer, setAnswer] = useState<ImportAnswer | null>(null)
  const administrator = useIsAdministrator()
  const act = useAct()
  const take = (): void => {
    setMissing(reasonRequired && reason.trim() === '')
    if (reasonRequired && reason.trim() === '') return
    void act(async () => setAnswer(await callMain('configuration.import', { yaml: file.yaml, replace, reason: reason.trim() || null, fileName: file.name })))
  }
  if (problem) return problem.code === 'invalid-configuration' ? <Faults file={file.name} issues={problem.issues} /> : <ProblemNotice problem={problem} />
  if (!compared) return <Typography sx={{ color: 'text.secondary' }}>Comparing…</Typography>
  if (compared.issues.length > 0) return <Faults file={file.name} issues={compared.issues} />
  if (answer) return <Imported answer={answer} onDone={onDone} />
  const applied = compared.differences.filter((difference) => difference.kind !== 'removed' || replace)
  const removed = compared.differences.some((difference) => difference.kind === 'removed')
  return (
    <Box sx={{ display: 'grid', gap: 1.5 }}>
      <Typography variant="h3">{compared.differences.length === 0 ? `${file.name} says the same as this console. There is nothing to import.` : `What ${file.name} would change`}</Typography>
      <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0 }}>{compared.differences.map((difference) => <Difference key={`${difference.what} ${difference.name}`} difference={difference} replace={replace} />)}</Box>
      <Warnings warnings={checked?.warnings ?? []} />
      {removed && <Tick label="Also delete what is only here" value={replace} onChange={setReplace} disabled={!administrator} helper="Makes this console the same as the file. Without it, what is only here stays." />}
      {compared.differences.length > 0 && <TextLine label={reasonRequired ? 'Reason for this change' : 'Reason for this change (optional)'} value={reason} onChange={setReason} error={missing ? 'Say why: the history keeps it.' : undefined} helper="Kept in the history." disabled={!administrator} />}
      <Box sx={{ display: 'flex', gap: 1 }}>
        <Button onClick={onDone}>Put away</Button>
        {applied.length > 0 && <Button variant="contained" color={replace && removed ? 'error' : 'primary'} disabled={!administrator} onClick={take}>Import {plural(applied.length, 'change')}</Button>}
      </Box>
    </Box>
  )
}

const Difference = ({ difference, replace }: { difference: ConfigurationDifference; replace: boolean }) => {
  const kind = difference.kind === 'removed' && replace ? { tone: 'bad' as const, words: 'Deleted' } : difference.kind === 'removed' ? { tone: 'neutral' as const, words: 'Only here, stays' } : kinds[difference.kind]
  const fields = difference.fields.map((field) => <Box key={field.field} sx={{ fontSize: 12.5 }}><Mono>{field.field}</Mono>: {difference.kind === 'added' ? field.there || 'nothing' : difference.kind === 'removed' ? field.here || 'nothing' : <><Box component="span" sx={{ color: 'text.secondary' }}>{field.here || 'nothing'}</Box> → {field.there || 'nothing'}</>}</Box>)
  return (
    <Box component="li" sx={{ py: 0.75, borderBottom: 1, borderColor: 'divider', display: 'grid', gridTemplateColumns: '150px minmax(0, 1fr)', gap: 1, alignItems: 'start' }}>
      <StatusMark tone={kind.tone}>{kind.words}</StatusMark>
      <Box sx={{ minWidth: 0, overflowWrap: 'anywhere' }}>
        <Box><Box component="span" sx={{ fontWeight: 600 }}>{difference.name}</Box> · {difference.what}</Box>
        {difference.kind === 'changed' ? fields : <Details label={plural(difference.fields.length, 'field')}>{fields}</Details>}
      </Box>
    </Box>
  )
}

const Faults = ({ file, issues }: { file: string; issues: readonly InputIssue[] }) => (
  <Box role="alert">
    <StatusMark tone="bad">{file} has {plural(issues.length, 'fault')}; nothing was changed.</StatusMark>
    <Box component="ul" sx={{ my: 1, pl: 3 }}>{issues.map((issue, index) => <li key={index}>{issue.line === undefined ? '' : `Line ${issue.line}: `}<Mono>{issue.path}</Mono> – {coded(issue.message)}</li>)}</Box>
    Correct the file and choose it again.
  </Box>
)

/** What the core puts between backticks, in the face of code. */
const coded = (message: string): React.ReactNode => message.split('`').map((part, index) => (index % 2 === 1 ? <Mono key={index}>{part}</Mono> : part))

const Warnings = ({ warnings }: { warnings: readonly InputIssue[] }) =>
  warnings.length === 0 ? null : <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0, '& span': { whiteSpace: 'normal' } }}>{warnings.map((warning, index) => <li key={index}><StatusMark tone="warning">{coded(warning.message)}</StatusMark></li>)}</Box>

const Imported = ({ answer, onDone }: { answer: ImportAnswer; onDone: () => void }) => (
  <Box role="status" sx={{ display: 'grid', gap: 1 }}>
    <StatusMark tone="good">Imported: {answer.added.length} added, {answer.changed.length} changed, {answer.removed.length} deleted, {answer.unchanged.length} unchanged.</StatusMark>
    <Warnings warnings={answer.warnings} />
    <Box><Button onClick={onDone}>Done</Button></Box>
  </Box>
)
