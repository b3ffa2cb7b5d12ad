import { Box, Button } from '@mui/material'
import { useState } from 'react'
import type { HandOverTarget } from '#contract/hand-over.ts'
import { wordsOf } from '#contract/problem-words.ts'
import { useAsk } from '../../components/ask.tsx'
import { DataTable, type Column } from '../../components/data-table.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { Mono } from '../../components/mono.tsx'
import { Panel } from '../../components/page-frame.tsx'
import { countText, plural } from '../../components/sizes.ts'
import { StatusMark } from '../../components/status-mark.tsx'
import { callMain } from '../../main-process/call-main.ts'
import { useIsAdministrator } from '../../main-process/console-state.ts'
import { useCall } from '../../main-process/use-call.ts'
import { useAct, useToasts } from '../../problems/toasts.tsx'
import { useChangeSettings } from '../../settings/change-settings.ts'
import { forgetSecret } from './forget-secret.ts'
import { kindWords } from './hand-over-words.ts'
import { TargetDialog } from './target-dialog.tsx'

type Needs = { targets: readonly HandOverTarget[] | null; selected: string | null; onSelect: (name: string) => void; onQueue: (name: string) => void; reload: () => void }

/** The help desks, each with how it stands. */
export const TargetsPanel = ({ targets, selected, onSelect, onQueue, reload }: Needs) => {
  const [opened, setOpened] = useState<{ target: HandOverTarget | null } | null>(null)
  const { value: secrets, reload: reloadSecrets } = useCall('hand-over.secrets', {}, { refreshOn: ['settings-changed', 'hand-over-changed'] })
  const administrator = useIsAdministrator()
  const changeSettings = useChangeSettings()
  const ask = useAsk()
  const act = useAct()
  const { say } = useToasts()
  const chosen = targets?.find(({ name }) => name === selected) ?? null
  const change = (put: (all: HandOverTarget[]) => HandOverTarget[], words: string): void => void act(async () => { if (await changeSettings((fresh) => ({ ...fresh, handOver: put(fresh.handOver) }))) say(words); reload() })
  const enable = (target: HandOverTarget): void => change((all) => all.map((each) => (each.name === target.name ? { ...each, enabled: !target.enabled } : each)), target.enabled ? `Nothing more is handed over to ${target.name}.` : `New requests are handed over to ${target.name} from now on.`)
  const remove = async (target: HandOverTarget): Promise<void> => {
    const { waiting, refused } = await callMain('hand-over.list', { target: target.name, limit: 1 })
    const left = waiting + refused
    const goAhead = await ask({ title: `Delete ${target.name}`, body: `Its settings and its secret go${left > 0 ? `, and ${plural(left, 'event')} that ${left === 1 ? 'is' : 'are'} not handed over yet will never be` : ''}. The requests stay here.`, confirm: 'Delete help desk', dangerous: true })
    if (!goAhead) return
    await act(async () => {
      if (!(await changeSettings((fresh) => ({ ...fresh, handOver: fresh.handOver.filter(({ name }) => name !== target.name) })))) return
      await forgetSecret(target.name)
      say(`${target.name} was deleted.`)
    })
    reload()
  }
  const add = <Button variant="contained" color="primary" disabled={!administrator} onClick={() => setOpened({ target: null })}>Add</Button>
  return (
    <Panel
      title="Help desks"
      footer={targets?.length === 0 ? null : (
        <>
          {add}
          <Button disabled={!chosen} onClick={() => setOpened({ target: chosen })}>Open</Button>
          <Button disabled={!chosen || !administrator} onClick={() => chosen && void act(() => remove(chosen))}>Delete</Button>
          <Button disabled={!chosen || !administrator} onClick={() => chosen && enable(chosen)}>{chosen?.enabled ? 'Stop' : 'Start'}</Button>
          <Button variant="text" disabled={!chosen} onClick={() => chosen && onQueue(chosen.name)}>Show its queue</Button>
        </>
      )}
    >
      {targets?.length === 0 ? (
        <EmptyState title="No help desk yet" action={add}>Requests stay in this console. Add a help desk to pass them on: as signed JSON to a URL, or to ServiceDesk Plus through its API. What cannot be delivered waits and is tried again.</EmptyState>
      ) : (
        <DataTable<HandOverTarget> label="Help desks" columns={columnsFor(secrets)} rows={targets ?? []} keyOf={({ name }) => name} selected={selected} onSelect={({ name }) => onSelect(name)} minWidth={730} keys={{ open: (target) => setOpened({ target }), ...(administrator ? { remove: (target) => void act(() => remove(target)) } : {}) }} />
      )}
      {opened && <TargetDialog target={opened.target} stored={opened.target !== null && (secrets?.includes(opened.target.name) ?? false)} onClose={() => setOpened(null)} onSaved={(name) => { setOpened(null); onSelect(name); reload(); reloadSecrets() }} />}
    </Panel>
  )
}

const columnsFor = (secrets: readonly string[] | null): Column<HandOverTarget>[] => [
  { id: 'name', header: 'Name', width: 'minmax(100px, 1fr)', cell: ({ name }) => <Box component="span" sx={{ fontWeight: 500 }}>{name}</Box> },
  { id: 'kind', header: 'Kind', width: '132px', cell: ({ kind }) => kindWords[kind].short },
  { id: 'url', header: 'URL', width: 'minmax(130px, 1.7fr)', cell: ({ url }) => <Mono title={url}>{url}</Mono> },
  { id: 'partitions', header: 'Partitions', width: 'minmax(76px, 0.8fr)', cell: ({ partitions }) => partitions.join(', ') || 'All' },
  { id: 'state', header: 'State', width: 'minmax(150px, 1.3fr)', cell: (target) => <TargetState target={target} secretMissing={secrets !== null && !secrets.includes(target.name)} /> },
  { id: 'waiting', header: 'Waiting', width: '72px', align: 'right', cell: ({ name }) => <Count target={name} of="waiting" /> },
  { id: 'refused', header: 'Refused', width: '72px', align: 'right', cell: ({ name }) => <Count target={name} of="refused" /> }
]

const useCounts = (target: string) => useCall('hand-over.list', { target, limit: 1 }, { refreshOn: ['hand-over-changed'] }).value

const Count = ({ target, of }: { target: string; of: 'waiting' | 'refused' }) => {
  const count = useCounts(target)?.[of] ?? 0
  return <Box component="span" sx={count === 0 ? { color: 'text.secondary' } : { fontWeight: 600, ...(of === 'refused' ? { color: 'error.main' } : {}) }}>{countText(count)}</Box>
}

/** So many events are looked at to tell whether a help desk answers; those that came last may not have been tried yet. */
const lookedAt = 50

const TargetState = ({ target, secretMissing }: { target: HandOverTarget; secretMissing: boolean }) => {
  const counts = useCounts(target.name)
  const inTheWay = useCall('hand-over.list', { target: target.name, state: 'waiting', limit: lookedAt }, { refreshOn: ['hand-over-changed'] }).value?.rows.find(({ problem }) => problem !== null)?.problem ?? null
  if (secretMissing) return <StatusMark tone={target.enabled ? 'bad' : 'draft'}>Secret missing</StatusMark>
  if (!target.enabled) return <StatusMark tone="stopped">Stopped</StatusMark>
  if (counts && counts.refused > 0) return <StatusMark tone="bad">Waits for a decision</StatusMark>
  if (inTheWay) return <StatusMark tone="warning" title={wordsOf(inTheWay).title}>Held up, tried again</StatusMark>
  return counts && counts.waiting > 0 ? <StatusMark tone="paused">{plural(counts.waiting, 'event')} on the way</StatusMark> : <StatusMark tone="good">Up to date</StatusMark>
}
