import { Box, Button, FormHelperText, Typography } from '@mui/material'
import { useState } from 'react'
import { handOverTarget, type HandOverTarget } from '#contract/hand-over.ts'
import type { Problem } from '#contract/problem.ts'
import { useAsk } from '../../components/ask.tsx'
import { CopyButton } from '../../components/copy-line.tsx'
import { DialogFrame } from '../../components/dialog-frame.tsx'
import { faultAt, faultsByPath, focusFirstFault } from '../../components/field-faults.ts'
import { Choice, NumberLine, SecretLine, TextLine, Tick } from '../../components/fields.tsx'
import { Details } from '../../components/details.tsx'
import { plural } from '../../components/sizes.ts'
import { StatusMark } from '../../components/status-mark.tsx'
import { useDraft } from '../../components/use-draft.ts'
import { callMain, problemOf } from '../../main-process/call-main.ts'
import { useIsAdministrator } from '../../main-process/console-state.ts'
import { useCall } from '../../main-process/use-call.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
import { useChangeSettings } from '../../settings/change-settings.ts'
import { kindWords, newSigningSecret } from './hand-over-words.ts'
import { forgetSecret } from './forget-secret.ts'
import { TargetTest } from './target-test.tsx'

type Needs = { target: HandOverTarget | null; stored: boolean; onClose: () => void; onSaved: (name: string) => void }
const fresh: HandOverTarget = { name: '', kind: 'json', url: '', secret: 'keychain', partitions: [], attachments: true, caFile: null, timeoutMs: 30_000, enabled: true }

/** One help desk as typed; its secret is entered here and never shown again. */
export const TargetDialog = ({ target, stored, onClose, onSaved }: Needs) => {
  const [secret, setSecret] = useState('')
  const [made, setMade] = useState(false)
  const { draft, change, dirty, leave } = useDraft<HandOverTarget>(target ?? fresh, secret !== '')
  const [faults, setFaults] = useState<Record<string, string>>({})
  const [problem, setProblem] = useState<Problem | null>(null)
  const disabled = !useIsAdministrator()
  const changeSettings = useChangeSettings()
  const ask = useAsk()
  const words = kindWords[draft.kind]
  // Settings and secret are saved one after the other: what was saved of a new one is there already where its secret is refused.
  const [was, setWas] = useState(target?.name ?? null)
  const renamed = was !== null && draft.name.trim() !== was
  // Secrets are kept by name: under a new name, or for another kind, the stored one is not there.
  const kept = stored && !renamed && draft.kind === target?.kind
  const refuse = (found: Record<string, string>): void => { setFaults(found); focusFirstFault() }
  const checked = (): HandOverTarget | null => {
    const parsed = handOverTarget.safeParse({ ...draft, name: draft.name.trim(), url: draft.url.trim() })
    if (parsed.success) return parsed.data
    refuse(faultsByPath(parsed.error.issues))
    return null
  }
  const save = async (): Promise<void> => {
    const wanted = checked()
    if (wanted === null) return
    if (wanted.enabled && !kept && secret === '') return refuse({ secret: `Enter the ${words.secret.toLowerCase()}, or save it stopped.` })
    setFaults({})
    setProblem(null)
    try {
      if (await store(wanted)) onSaved(wanted.name)
    } catch (thrown) {
      const found = problemOf(thrown)
      if (found.code === 'invalid-input') refuse(secretFaults(found.issues))
      else setProblem(found)
    }
  }
  const store = async (wanted: HandOverTarget): Promise<boolean> => {
    if (renamed && was !== null && !(await mayDrop(was, wanted.name))) return false
    let taken = false
    const saved = await changeSettings((now) => {
      taken = now.handOver.some(({ name }) => name !== was && name.toLowerCase() === wanted.name.toLowerCase())
      return taken ? null : { ...now, handOver: now.handOver.some(({ name }) => name === was) ? now.handOver.map((each) => (each.name === was ? wanted : each)) : [...now.handOver, wanted] }
    })
    if (taken) refuse({ name: 'There is a help desk of that name already.' })
    if (!saved) return false
    setWas(wanted.name)
    if (secret !== '') await callMain('hand-over.secret', { target: wanted.name, secret })
    if (renamed && was !== null) await forgetSecret(was)
    return true
  }
  /** Under another name it is another help desk: what waits for the old one is dropped, which is asked first. */
  const mayDrop = async (from: string, to: string): Promise<boolean> => {
    const { waiting, refused } = await callMain('hand-over.list', { target: from, limit: 1 })
    const left = waiting + refused
    return left === 0 || (await ask({ title: `Call ${from} ${to}`, body: `${plural(left, 'event')} that ${left === 1 ? 'waits' : 'wait'} for ${from} will not be handed over: under another name it is another help desk.`, confirm: 'Rename', dangerous: true })) !== null
  }
  return (
    <DialogFrame
      title={was === null ? 'Add help desk' : `Help desk – ${was}`} width={680} onClose={() => leave(onClose)} onSubmit={() => !disabled && void save()}
      actions={
        <>
          <Box role="status" sx={{ flex: 1 }}>{Object.keys(faults).length > 0 ? <StatusMark tone="warning">Correct the marked fields.</StatusMark> : dirty ? <StatusMark tone="neutral">Not saved yet</StatusMark> : null}</Box>
          <Button onClick={() => leave(onClose)}>{dirty ? 'Cancel' : 'Close'}</Button>
          {!disabled && <Button type="submit" variant="contained" color="primary">Save</Button>}
        </>
      }
    >
      <Box sx={{ display: 'grid', gap: 1.5 }}>
        <Box sx={{ display: 'grid', gridTemplateColumns: { xs: '1fr', sm: '1fr 1fr' }, gap: 1.5 }}>
          <TextLine name="name" label="Name" value={draft.name} onChange={(name) => change({ name })} error={faults['name']} disabled={disabled} autoFocus={was === null} helper="How tables, notices and files call it." />
          <Choice label="Kind" value={draft.kind} onChange={(kind) => change({ kind })} disabled={disabled} options={(['json', 'servicedesk-plus'] as const).map((value) => ({ value, label: kindWords[value].label, hint: kindWords[value].hint }))} helper={words.hint} />
        </Box>
        <TextLine name="url" label="URL" mono inputMode="url" value={draft.url} onChange={(url) => change({ url })} error={faults['url']} disabled={disabled} placeholder={words.url} helper={draft.kind === 'json' ? 'Each event is posted to exactly this URL.' : 'Address of the help desk; /api/v3 is added.'} />
        {/^http:/i.test(draft.url) && <Box role="note" sx={{ '& span': { whiteSpace: 'normal' } }}><StatusMark tone="warning">Without https the {draft.kind === 'json' ? 'requests' : 'requests and the technician key'} can be read on the way.</StatusMark></Box>}
        <SecretLine name="secret" label={words.secret} stored={kept} value={secret} onChange={(value) => { setSecret(value); setMade(false) }} error={faults['secret']} disabled={disabled} helper={made ? 'Made just now and not saved yet.' : kept ? 'Stored; it is never shown again. Type to replace it.' : renamed && stored ? 'Secrets are kept by name: enter it again for the new one.' : words.secretHelper} />
        {draft.kind === 'json' && !disabled && (
          <Box sx={{ display: 'flex', gap: 1, alignItems: 'center', flexWrap: 'wrap', mt: -0.5 }}>
            <Button onClick={() => { setSecret(newSigningSecret()); setMade(true) }}>Make a new secret</Button>
            {made && <><CopyButton what="signing secret" text={secret} variant="outlined" /><Box sx={{ color: 'text.secondary' }}>Copy it to the receiver now; after saving it cannot be seen.</Box></>}
          </Box>
        )}
        <Partitions draft={draft} change={change} disabled={disabled} error={faultAt(faults, 'partitions')} />
        <Tick label="Hand attachments over" value={draft.attachments} onChange={(attachments) => change({ attachments })} disabled={disabled} helper="Otherwise it gets the text of messages alone." />
        <Tick label="Started" value={draft.enabled} onChange={(enabled) => change({ enabled })} disabled={disabled} helper="Hands over what happens from now on. While it is stopped, nothing new joins its queue, and what waits is kept." />
        <Details label="Advanced" hint="private certificate authority, time limit" open={faults['caFile'] !== undefined || faults['timeoutMs'] !== undefined}>
          <Box sx={{ display: 'grid', gridTemplateColumns: { xs: '1fr', sm: '1fr 160px' }, gap: 1.5, pt: 1 }}>
            <TextLine name="caFile" label="CA file" mono value={draft.caFile ?? ''} onChange={(caFile) => change({ caFile: caFile || null })} error={faults['caFile']} disabled={disabled} helper="PEM file of a private certificate authority, on the computer that runs Mailroom." />
            <NumberLine name="timeoutMs" label="Answer within" suffix="seconds" value={draft.timeoutMs / 1_000} onChange={(seconds) => change({ timeoutMs: Math.round(seconds * 1_000) })} error={faults['timeoutMs']} disabled={disabled} />
          </Box>
        </Details>
        <TargetTest checked={checked} secret={secret} />
        {problem && <ProblemNotice problem={problem} />}
      </Box>
    </DialogFrame>
  )
}

/** A fault of the secret comes from its own call; the rest are faults of the settings. */
const secretFaults = (issues: readonly { path: string; message: string }[]): Record<string, string> => faultsByPath(issues.map(({ path, message }) => ({ path: path.replace(/^(?:settings\.)?handOver(?:\[\d+\]|\.\d+)\./, ''), message })))

const Partitions = ({ draft, change, disabled, error }: { draft: HandOverTarget; change: (part: Partial<HandOverTarget>) => void; disabled: boolean; error: string | undefined }) => {
  const known = useCall('partitions.list', {}).value?.map(({ name }) => name) ?? []
  const names = [...known, ...draft.partitions.filter((name) => !known.includes(name))]
  const toggle = (name: string, wanted: boolean): void => change({ partitions: names.filter((each) => (each === name ? wanted : draft.partitions.includes(each))) })
  return (
    <Box role="group" aria-label="Partitions" data-field="partitions">
      <Typography sx={{ fontSize: 12.5, fontWeight: 500 }}>Requests of</Typography>
      <Box sx={{ display: 'flex', columnGap: 2.5, flexWrap: 'wrap' }}>
        <Tick label="All partitions" value={draft.partitions.length === 0} onChange={(all) => change({ partitions: all ? [] : names.slice(0, 1) })} disabled={disabled || (draft.partitions.length === 0 && names.length === 0)} />
        {names.map((name) => <Tick key={name} label={name} value={draft.partitions.includes(name)} onChange={(wanted) => toggle(name, wanted)} disabled={disabled} />)}
      </Box>
      {error && <FormHelperText error>{error}</FormHelperText>}
    </Box>
  )
}
