import { Button } from '@mui/material'
import type { Settings } from '#contract/settings.ts'
import { useAsk } from '../../components/ask.tsx'
import { DataTable, type Column } from '../../components/data-table.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { Panel } from '../../components/page-frame.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { useIsAdministrator } from '../../main-process/console-state.ts'
import { useAct, useToasts } from '../../problems/toasts.tsx'
import { useChangeSettings } from '../../settings/change-settings.ts'
import { eventWords, newRule, recipientText, type MailRule } from './event-words.ts'
import type { OpenedMail } from './mail-dialog.tsx'

type Needs = { settings: Settings; selected: string | null; onSelect: (name: string) => void; onOpen: (opened: OpenedMail) => void }

/** Who gets which mail when something happens to a request. */
export const RulesPart = ({ settings, selected, onSelect, onOpen }: Needs) => {
  const administrator = useIsAdministrator()
  const ask = useAsk()
  const act = useAct()
  const { say } = useToasts()
  const changeSettings = useChangeSettings()
  const rules = settings.requestMails
  const chosen = rules.find(({ name }) => name === selected) ?? null
  const open = (rule: MailRule): void => onOpen({ kind: 'rule', was: rule.name, rule })
  const change = (done: string, to: (rules: MailRule[]) => MailRule[]): void => void act(async () => { if (await changeSettings((fresh) => ({ ...fresh, requestMails: to(fresh.requestMails) }))) say(done) })
  const remove = async ({ name }: MailRule): Promise<void> => {
    if (await ask({ title: `Delete ${name}`, body: 'The mail goes out no more, and its text is gone. What is in the outbox already stays there.', confirm: 'Delete', dangerous: true })) change(`${name} was deleted.`, (all) => all.filter((one) => one.name !== name))
  }
  const toggle = ({ name, enabled }: MailRule): void => change(`${name} is ${enabled ? 'off' : 'on'}.`, (all) => all.map((one) => (one.name === name ? { ...one, enabled: !enabled } : one)))
  const add = <Button variant="contained" color="primary" disabled={!administrator} onClick={() => onOpen({ kind: 'rule', was: null, rule: newRule })}>Add</Button>
  return (
    <Panel
      title="Mail about requests"
      footer={rules.length === 0 ? null : (
        <>
          {add}
          <Button disabled={!chosen} onClick={() => chosen && open(chosen)}>Open</Button>
          <Button disabled={!chosen || !administrator} onClick={() => chosen && onOpen({ kind: 'rule', was: null, rule: { ...chosen, name: freshName(chosen.name, rules) } })}>Duplicate</Button>
          <Button disabled={!chosen || !administrator} onClick={() => chosen && toggle(chosen)}>{chosen?.enabled === false ? 'Switch on' : 'Switch off'}</Button>
          <Button disabled={!chosen || !administrator} onClick={() => chosen && void remove(chosen)}>Delete</Button>
        </>
      )}
    >
      {rules.length === 0
        ? <EmptyState title="No mail about requests yet" action={add}>Tell the requester when a request is closed, or the technician when a reply comes: say when, to whom, and write the text.</EmptyState>
        : <DataTable<MailRule> label="Mail about requests" columns={columns} rows={rules} keyOf={({ name }) => name} selected={selected} onSelect={({ name }) => onSelect(name)} minWidth={720} keys={{ open, ...(administrator ? { remove: (rule) => void remove(rule) } : {}) }} />}
    </Panel>
  )
}

/** "Closed copy", "Closed copy 2": a name that no rule has. */
const freshName = (name: string, rules: readonly MailRule[]): string => {
  const taken = new Set(rules.map((rule) => rule.name.toLowerCase()))
  const base = `${name.slice(0, 50)} copy`
  let fresh = base
  for (let number = 2; taken.has(fresh.toLowerCase()); number++) fresh = `${base} ${number}`
  return fresh
}

const columns: Column<MailRule>[] = [
  { id: 'name', header: 'Name', width: 'minmax(150px, 1.4fr)', cell: ({ name, enabled }) => <StatusMark tone={enabled ? 'good' : 'neutral'} title={name}>{enabled ? name : `${name} (off)`}</StatusMark> },
  { id: 'event', header: 'When', width: 'minmax(205px, 1fr)', cell: ({ event }) => eventWords[event] },
  { id: 'to', header: 'Goes to', width: 'minmax(150px, 1.2fr)', cell: ({ to }) => <span title={to.map(recipientText).join(', ')}>{to.map(recipientText).join(', ')}</span> },
  { id: 'partitions', header: 'Partitions', width: 'minmax(80px, 0.7fr)', cell: ({ partitions }) => <span title={partitions.join(', ')}>{partitions.length === 0 ? 'any' : partitions.join(', ')}</span> },
  { id: 'subject', header: 'Subject', width: 'minmax(150px, 1.4fr)', cell: ({ template }) => <span title={template.subject}>{template.subject}</span> }
]
