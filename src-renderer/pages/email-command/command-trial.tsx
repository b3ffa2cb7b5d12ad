import { Box, Button } from '@mui/material'
import { useState } from 'react'
import type { ProcessedMessage } from '#contract/message.ts'
import type { Problem } from '#contract/problem.ts'
import { mailAddress } from '#contract/fields.ts'
import { Choice, TextLine } from '../../components/fields.tsx'
import { Panel } from '../../components/page-frame.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { callMain, problemOf } from '../../main-process/call-main.ts'
import { useCall } from '../../main-process/use-call.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
import { ProcessedView } from '../../processed/processed-view.tsx'
import { writtenMail } from '../../processed/written-mail.ts'
import type { CommandMail } from './command-examples.ts'

type Needs = { enabled: boolean; dirty: boolean; mail: CommandMail; onChange: (mail: CommandMail) => void }

/** A command as typed or pasted, taken through all steps: what would be made or changed. Nothing is stored. */
export const CommandTrial = ({ enabled, dirty, mail, onChange }: Needs) => {
  const views = useCall('incoming.list', {}, { refreshOn: ['servers-changed'] }).value ?? []
  const people = useCall('people.list', { limit: 500 }, { refreshOn: ['people-changed'] }).value
  const [typedFrom, setFrom] = useState<string | null>(null)
  const [server, setServer] = useState('')
  const [fault, setFault] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const [outcome, setOutcome] = useState<{ answer: ProcessedMessage; of: string } | { problem: Problem } | null>(null)
  const from = typedFrom ?? people?.rows.find(({ signIn }) => signIn)?.address ?? ''
  const asked = JSON.stringify([from, server, mail])
  const attempt = async (): Promise<void> => {
    const address = mailAddress.safeParse(from.trim())
    setFault(address.success ? null : 'Say who writes: what may be done depends on it.')
    if (!address.success) return
    setBusy(true)
    try {
      const to = views.find((view) => view.server.name === server)?.server.addresses[0] ?? views[0]?.server.addresses[0] ?? 'support@example.com'
      setOutcome({ answer: await callMain('processing.try', { base64: writtenMail({ from: from.trim(), to, ...mail }, new Date()), server: server || null }), of: asked })
    } catch (thrown) {
      setOutcome({ problem: problemOf(thrown) })
    } finally {
      setBusy(false)
    }
  }
  return (
    <Panel title="Try a command">
      <Box component="form" noValidate aria-label="Try a command" onSubmit={(event) => { event.preventDefault(); void attempt() }} sx={{ p: 1.5, display: 'grid', gap: 1.25 }}>
        {dirty && <Box sx={{ '& span': { whiteSpace: 'normal' } }}><StatusMark tone="neutral">Commands are tried with the settings as saved, not as typed.</StatusMark></Box>}
        {!enabled && !dirty && <Box sx={{ '& span': { whiteSpace: 'normal' } }}><StatusMark tone="neutral">E-mail commands are off: this would become a request.</StatusMark></Box>}
        <Box sx={{ display: 'grid', gap: 1.25, gridTemplateColumns: { xs: '1fr', sm: '1fr 1fr' } }}>
          <TextLine label="From" name="from" mono inputMode="email" value={from} onChange={setFrom} error={fault ?? undefined} placeholder="you@example.com" />
          <Choice label="As if fetched by" value={server} onChange={setServer} options={[{ value: '', label: 'No server in particular' }, ...views.map((view) => ({ value: view.server.name, label: view.server.name }))]} />
        </Box>
        <TextLine label="Subject" name="subject" mono value={mail.subject} onChange={(subject) => onChange({ ...mail, subject })} />
        <TextLine label="Text" name="text" mono rows={7} value={mail.text} onChange={(text) => onChange({ ...mail, text })} />
        <Box sx={{ display: 'flex', gap: 1, alignItems: 'center', flexWrap: 'wrap' }}>
          <Button type="submit" variant="outlined" disabled={busy}>{busy ? 'Trying…' : 'Try it'}</Button>
          <Box sx={{ color: 'text.secondary' }}>Nothing is stored or sent.</Box>
        </Box>
        {outcome && 'problem' in outcome && <ProblemNotice problem={outcome.problem} />}
        {outcome && 'answer' in outcome && (
          <Box sx={{ borderTop: 1, borderColor: 'divider', pt: 1.5 }}>
            {outcome.of !== asked && <Box sx={{ mb: 1, '& span': { whiteSpace: 'normal' } }}><StatusMark tone="neutral">The mail above has changed since. Try it again.</StatusMark></Box>}
            <ProcessedView answer={outcome.answer} withMessage={false} />
          </Box>
        )}
      </Box>
    </Panel>
  )
}
