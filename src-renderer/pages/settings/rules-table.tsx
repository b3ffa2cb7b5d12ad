import { Box, Button } from '@mui/material'
import { useState } from 'react'
import { DataTable, type Column } from '../../components/data-table.tsx'
import { Panel } from '../../components/page-frame.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { useCall } from '../../main-process/use-call.ts'
import { eventWords } from './event-words.ts'
import { newRule, RuleDialog, type Rule } from './rule-dialog.tsx'
import { TestNotice } from './test-notice.tsx'

type Needs = { rules: readonly Rule[]; technicians: readonly string[]; disabled: boolean; error: string | undefined; onChange: (rules: Rule[]) => void }

/** Which events mail whom. */
export const RulesTable = ({ rules, technicians, disabled, error, onChange }: Needs) => {
  const [selected, setSelected] = useState<string | null>(null)
  const [editing, setEditing] = useState<Rule | null>(null)
  const [testing, setTesting] = useState(false)
  const incoming = useCall('incoming.list', {}, { refreshOn: ['servers-changed'] }).value ?? []
  const outgoing = useCall('outgoing.list', {}, { refreshOn: ['servers-changed'] }).value ?? []
  const chosen = rules.find(({ name }) => name === selected) ?? null
  const others = rules.filter((rule) => rule !== editing)
  const done = (rule: Rule): void => {
    onChange(editing !== null && rules.includes(editing) ? rules.map((one) => (one === editing ? rule : one)) : [...rules, rule])
    setSelected(rule.name)
    setEditing(null)
  }
  const remove = (rule: Rule): void => onChange(rules.filter((one) => one !== rule))
  return (
    <Panel
      title="Notification rules"
      footer={
        <>
          <Button disabled={disabled} onClick={() => setEditing(newRule)}>Add rule</Button>
          <Button disabled={!chosen || disabled} onClick={() => chosen && setEditing(chosen)}>Edit</Button>
          <Button disabled={!chosen || disabled} onClick={() => chosen && remove(chosen)}>Delete</Button>
          <Button disabled={!chosen || disabled} onClick={() => chosen && onChange(rules.map((one) => (one === chosen ? { ...one, enabled: !one.enabled } : one)))}>{chosen?.enabled === false ? 'Switch on' : 'Switch off'}</Button>
          <Box sx={{ flex: 1 }} />
          <Button disabled={disabled} onClick={() => setTesting(true)}>Send a test notification…</Button>
        </>
      }
    >
      {rules.length === 0
        ? <Box sx={{ p: 1.5, color: 'text.secondary' }}>There is no rule yet. A rule mails people when something happens, at all servers or some: the network team when a server cannot be reached, the service desk when a mailbox is silent.</Box>
        : <DataTable label="Notification rules" columns={columns} rows={rules} keyOf={({ name }) => name} selected={selected} onSelect={({ name }) => setSelected(name)} minWidth={560} keys={disabled ? {} : { open: setEditing, remove }} />}
      {error && <Box sx={{ p: 1.5, color: 'error.main' }}>{error}</Box>}
      {editing && <RuleDialog rule={editing} isNew={!rules.includes(editing)} others={others} servers={[...new Set([...incoming, ...outgoing].map(({ server }) => server.name))]} onDone={done} onClose={() => setEditing(null)} />}
      {testing && <TestNotice known={[...new Set([...technicians, ...rules.flatMap(({ to }) => to)])]} first={chosen?.to ?? technicians} onClose={() => setTesting(false)} />}
    </Panel>
  )
}

const columns: Column<Rule>[] = [
  { id: 'name', header: 'Name', width: 'minmax(110px, 1fr)', cell: ({ name, enabled }) => <StatusMark tone={enabled ? 'good' : 'neutral'}>{enabled ? name : `${name} (off)`}</StatusMark> },
  { id: 'events', header: 'When', width: 'minmax(180px, 2fr)', cell: ({ events }) => <span title={events.map(eventWords).join('\n')}>{eventWords(events[0] ?? 'message-failed')}{events.length > 1 ? ` and ${events.length - 1} more` : ''}</span> },
  { id: 'servers', header: 'Servers', width: 'minmax(80px, 1fr)', cell: ({ servers }) => <span title={servers.join(', ')}>{servers.length === 0 ? 'every' : servers.join(', ')}</span> },
  { id: 'to', header: 'Mail goes to', width: 'minmax(140px, 1.4fr)', cell: ({ to }) => <span className="mono" title={to.join(', ')}>{to.join(', ')}</span> }
]
