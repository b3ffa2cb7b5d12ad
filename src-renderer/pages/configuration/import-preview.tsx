import { Box, Button, Typography } from '@mui/material'
import { useState } from 'react'
import type { SecretAsked } from '#contract/calls.ts'
import { Choice, Tick } from '../../components/fields.tsx'
import { ReasonLine, reasonFaults } from '../../components/reason-line.tsx'
import { plural } from '../../components/sizes.ts'
import { callMain } from '../../main-process/call-main.ts'
import { useIsAdministrator } from '../../main-process/console-state.ts'
import { useCall } from '../../main-process/use-call.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
import { useAct } from '../../problems/toasts.tsx'
import { useReasonRequired } from '../../settings/use-reason-required.ts'
import { AskedSecrets, secretKey } from './asked-secrets.tsx'
import { DifferenceList, type KindWords } from '../../components/difference-list.tsx'
import { Faults, Warnings } from './file-issues.tsx'
import { isCsvFile, type PickedFile } from './picked-file.ts'
import type { Taken } from './taken.tsx'

const kinds: KindWords = { added: { tone: 'good', words: 'Added' }, changed: { tone: 'draft', words: 'Changed' }, removed: { tone: 'bad', words: 'Deleted' } }

type RowKind = 'incoming' | 'outgoing' | ''
const rowKinds: { value: RowKind; label: string }[] = [{ value: '', label: 'As the file says' }, { value: 'incoming', label: 'Incoming servers' }, { value: 'outgoing', label: 'Outgoing servers' }]

type Needs = { file: PickedFile; onDone: () => void; onCompare: () => void; onTaken: (taken: Taken) => void }

/** What a file would change; then the import with its secrets and its reason. */
export const ImportPreview = ({ file, onDone, onCompare, onTaken }: Needs) => {
  const [replace, setReplace] = useState(false)
  const [kind, setKind] = useState<RowKind>('')
  const given = { yaml: file.yaml, kind: kind === '' ? null : kind, replace, fileName: file.name }
  const { value: preview, problem } = useCall('configuration.preview', given, { refreshOn: ['servers-changed', 'settings-changed'] })
  const reasonRequired = useReasonRequired()
  const [reason, setReason] = useState('')
  const [tried, setTried] = useState(false)
  const [typed, setTyped] = useState<Record<string, string>>({})
  const [busy, setBusy] = useState(false)
  const administrator = useIsAdministrator()
  const act = useAct()
  const missing = reasonFaults(reasonRequired, reason).reason
  if (problem) return problem.code === 'invalid-configuration' ? <Faults file={file.name} issues={problem.issues} /> : <ProblemNotice problem={problem} />
  if (!preview) return <Typography role="status" sx={{ color: 'text.secondary' }}>Comparing…</Typography>
  const rows = (kind !== '' || preview.issues.some(({ path }) => path === 'kind')) && <Choice label="What the rows are" width={300} value={kind} options={rowKinds} onChange={setKind} helper="Rows that say it themselves, in a column kind, stay what they are." />
  if (preview.issues.length > 0) return <>{rows}<Faults file={file.name} issues={preview.issues} /></>
  const { differences, secrets } = preview
  const typedSecrets = secrets.flatMap(({ server, purpose }: SecretAsked) => { const secret = typed[secretKey({ server, purpose })] ?? ''; return secret === '' ? [] : [{ server, purpose, secret }] })
  const take = (): void => {
    setTried(true)
    if (missing !== undefined || busy) return
    setBusy(true)
    void act(async () => onTaken({ what: 'imported', answer: await callMain('configuration.import', { ...given, reason: reason.trim() || null, secrets: typedSecrets }) })).then(() => setBusy(false))
  }
  const nothing = differences.length === 0
  return (
    <Box component="form" noValidate onSubmit={(event) => { event.preventDefault(); take() }} sx={{ display: 'grid', gap: 1.5 }}>
      <Typography variant="h3">{nothing ? `${file.name} changes nothing here.` : `What ${file.name} would change`}</Typography>
      {!nothing && <Box sx={{ color: 'text.secondary' }}>{countsText(differences)} {!isCsvFile(file) && <Button variant="text" onClick={onCompare}>Compare side by side</Button>}</Box>}
      <DifferenceList differences={differences} kinds={kinds} />
      <Warnings warnings={preview.warnings} />
      {rows}
      {!isCsvFile(file) && <Tick label="Also delete what is only here" value={replace} onChange={setReplace} disabled={!administrator} helper="Makes this console the same as the file; the secrets of what is deleted go too. Without it, what the file does not name stays." />}
      <AskedSecrets secrets={secrets} typed={typed} onType={(key, secret) => setTyped((before) => ({ ...before, [key]: secret }))} disabled={!administrator} />
      {(!nothing || typedSecrets.length > 0) && <ReasonLine required={reasonRequired} value={reason} onChange={setReason} error={tried ? missing : undefined} disabled={!administrator} />}
      <Box sx={{ display: 'flex', gap: 1 }}>
        <Button onClick={onDone}>Put away</Button>
        {(!nothing || typedSecrets.length > 0) && <Button type="submit" variant="contained" color={differences.some(({ kind }) => kind === 'removed') ? 'error' : 'primary'} disabled={!administrator || busy}>{busy ? 'Importing…' : nothing ? `Store ${plural(typedSecrets.length, 'secret')}` : `Import ${plural(differences.length, 'change')}`}</Button>}
      </Box>
    </Box>
  )
}

/** "2 servers added, 1 changed; settings changed." */
const countsText = (differences: readonly { kind: string; what: string }[]): string => {
  const servers = (kind: string): number => differences.filter((one) => one.kind === kind && one.what.endsWith('server')).length
  const others = differences.filter(({ what }) => !what.endsWith('server')).length
  const counted = (['added', 'changed', 'removed'] as const).filter((kind) => servers(kind) > 0).map((kind) => `${plural(servers(kind), 'server')} ${kind === 'removed' ? 'deleted' : kind}`)
  return `${[...counted, ...(others > 0 ? [`${plural(others, 'difference')} in partitions and settings`] : [])].join(', ')}.`
}
