import { useState } from 'react'
import { LookOnly } from '../../components/look-only.tsx'
import { PageFrame } from '../../components/page-frame.tsx'
import { useCall } from '../../main-process/use-call.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
import { QueuePanel } from './queue-panel.tsx'
import { TargetsPanel } from './targets-panel.tsx'
import { Button } from '@mui/material'

/** Help desks that requests are handed over to, and what is on its way there. */
export const HandOverPage = () => {
  const { value: settings, problem, reload } = useCall('settings.get', {}, { refreshOn: ['settings-changed'] })
  const [selected, setSelected] = useState<string | null>(null)
  const [target, setTarget] = useState<string | null>(null)
  const targets = settings?.handOver ?? null
  return (
    <PageFrame title="Hand-over" fill minHeight={620} intro="Requests, replies and changes go on to a help desk, those of one request in their order. One that does not answer holds up nobody else.">
      <LookOnly what="help desks" />
      {problem && <ProblemNotice problem={problem} action={<Button onClick={reload}>Try again</Button>} />}
      <TargetsPanel targets={targets} selected={selected} onSelect={setSelected} onQueue={(name) => { setSelected(name); setTarget(name) }} reload={reload} />
      {targets !== null && targets.length > 0 && <QueuePanel targets={targets.map(({ name }) => name)} target={target !== null && targets.some(({ name }) => name === target) ? target : null} onTarget={setTarget} />}
    </PageFrame>
  )
}
