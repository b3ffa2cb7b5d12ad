import { Box, Button, Switch } from '@mui/material'
import { useState } from 'react'
import type { SpamHits, SpamRule } from '#contract/spam-rule.ts'
import { useAsk } from '../../components/ask.tsx'
import { DataTable, type Column } from '../../components/data-table.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { goTo, hashOf, useHashLocation } from '../../components/hash-location.ts'
import { LookOnly } from '../../components/look-only.tsx'
import { PageFrame, Panel } from '../../components/page-frame.tsx'
import { countText, plural } from '../../components/sizes.ts'
import { TimeAgo } from '../../components/times.tsx'
import { callMain } from '../../main-process/call-main.ts'
import { useIsAdministrator } from '../../main-process/console-state.ts'
import { useCall } from '../../main-process/use-call.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
import { useAct, useToasts } from '../../problems/toasts.tsx'
import { RuleDialog } from './rule-dialog.tsx'
import { freeName, ruleWords } from './rule-words.ts'
import { useRules } from './use-rules.ts'

type Row = { rule: SpamRule; place: number; hits: SpamHits | null }
type Edited = { was: string | null; rule: SpamRule }
const newRule: SpamRule = { name: '', enabled: true, match: 'all', criteria: [{ field: 'subject', condition: 'contains', values: [] }] }

/** Rules that drop mail before it becomes a request. */
export const SpamFilterPage = () => {
  const { rules, problem, reload, change } = useRules()
  const hits = useCall('spam.hits', {}, { refreshOn: ['spam-hits-changed', 'settings-changed'] })
  const [selected, setSelected] = useState<string | null>(null)
  const [edited, setEdited] = useState<Edited | null>(null)
  const administrator = useIsAdministrator()
  const adding = useHashLocation().path[1] === 'new' && administrator && rules !== null
  const add = (): void => goTo(hashOf('spam-filter', 'new'))
  const close = (): void => {
    setEdited(null)
    if (adding) goTo(hashOf('spam-filter'))
  }
  const ask = useAsk()
  const act = useAct()
  const { say } = useToasts()
  const rows = (rules ?? []).map((rule, place): Row => ({ rule, place, hits: hits.value?.find((one) => one.rule === rule.name) ?? null }))
  const chosen = rows.find(({ rule }) => rule.name === selected) ?? null
  const toggle = ({ rule: { name, enabled } }: Row): void => {
    setSelected(name)
    change((all) => all.map((rule) => (rule.name === name ? { ...rule, enabled: !enabled } : rule)))
  }
  const move = ({ rule: { name } }: Row, to: number): void => change((all) => moved(all, name, to))
  const duplicate = ({ rule }: Row): void => setEdited({ was: null, rule: { ...structuredClone(rule), name: freeName(rule.name, rows.map((row) => row.rule.name)) } })
  const remove = async ({ rule: { name }, hits: counted }: Row): Promise<void> => {
    const goAhead = await ask({ title: `Delete ${name}`, body: `The rule goes${counted ? `, and its count of ${plural(counted.hits, 'dropped message')} with it` : ''}. Mail that it would have dropped becomes requests.`, confirm: 'Delete rule', dangerous: true })
    if (goAhead) change((all) => all.filter((rule) => rule.name !== name), `${name} was deleted.`)
  }
  const reset = async ({ rule: { name } }: Row): Promise<void> => {
    if (!(await ask({ title: `Reset the count of ${name}`, body: 'It begins again at zero. Nothing else changes.', confirm: 'Reset' }))) return
    if (await act(() => callMain('spam.reset-hits', { rule: name }))) say(`The count of ${name} begins at zero.`)
    hits.reload()
  }
  const open = ({ rule }: Row): void => setEdited({ was: rule.name, rule })
  const total = hits.value?.reduce((sum, one) => sum + one.hits, 0) ?? 0
  return (
    <PageFrame title="Spam filter" intro="Mail that fulfils a rule is dropped and counted; it becomes no request. Rules are tried from the top, the first that fits decides." actions={<Box role="status" sx={{ color: 'text.secondary' }}>{total > 0 ? `${plural(total, 'message')} dropped so far` : ''}</Box>}>
      <LookOnly what="rules; opening one lets you try it" />
      {problem && <ProblemNotice problem={problem} action={<Button onClick={reload}>Try again</Button>} />}
      {hits.problem && <ProblemNotice problem={hits.problem} action={<Button onClick={hits.reload}>Try again</Button>} />}
      <Panel footer={<Deeds chosen={chosen} count={rows.length} administrator={administrator} onAdd={add} onOpen={open} onDuplicate={duplicate} onRemove={(row) => void remove(row)} onMove={move} onReset={(row) => void reset(row)} />}>
        {rules?.length === 0 ? (
          <EmptyState title="No rule yet" action={administrator && <Button variant="contained" color="primary" onClick={add}>Add the first rule</Button>}>A rule looks at sender, recipient, subject, text, a header field, size or attachments, and drops what fits: out-of-office answers, newsletters, a sender that nobody wants to hear from. It can be tried on a message before it is saved.</EmptyState>
        ) : (
          <DataTable<Row>
            label="Spam rules" columns={columns(administrator, toggle)} rows={rows} keyOf={({ rule }) => rule.name} selected={selected} onSelect={({ rule }) => setSelected(rule.name)} minWidth={720}
            keys={{ open, ...(administrator ? { remove: (row: Row) => void remove(row), toggle, move } : {}) }}
          />
        )}
      </Panel>
      {administrator && rows.length > 1 && <Box sx={{ color: 'text.secondary', fontSize: 12 }}>Drag a rule to its place, or press Alt with an arrow. Space switches a rule on or off.</Box>}
      {(edited !== null || adding) && <RuleDialog was={edited?.was ?? null} stored={edited?.rule ?? newRule} taken={rows.map((row) => row.rule.name)} onClose={close} onSaved={(name) => { close(); setSelected(name); reload(); focusRow() }} />}
    </PageFrame>
  )
}

/** Where the dialog was reached without a button, by the palette, nothing has the focus after it: the rule gets it. */
const focusRow = (): void =>
  void setTimeout(() => {
    if (document.activeElement === document.body || document.activeElement?.id === 'content') document.querySelector<HTMLElement>('[aria-label="Spam rules"] [role="row"][tabindex="0"]')?.focus()
  }, 300)

const moved = (rules: readonly SpamRule[], name: string, to: number): SpamRule[] => {
  const rule = rules.find((one) => one.name === name)
  const others = rules.filter((one) => one !== rule)
  return rule ? others.toSpliced(to, 0, rule) : others
}

type DeedNeeds = { chosen: Row | null; count: number; administrator: boolean; onAdd: () => void; onOpen: (row: Row) => void; onDuplicate: (row: Row) => void; onRemove: (row: Row) => void; onMove: (row: Row, to: number) => void; onReset: (row: Row) => void }

const Deeds = ({ chosen, count, administrator, onAdd, onOpen, onDuplicate, onRemove, onMove, onReset }: DeedNeeds) => {
  const deed = (label: string, possible: boolean, act: (row: Row) => void) => <Button disabled={!chosen || !possible} onClick={() => chosen && act(chosen)}>{label}</Button>
  return (
    <>
      <Button variant="contained" color="primary" disabled={!administrator} onClick={onAdd}>Add</Button>
      {deed('Open', true, onOpen)}
      {deed('Duplicate', administrator, onDuplicate)}
      {deed('Delete', administrator, onRemove)}
      <Box sx={{ flex: 1 }} />
      {deed('Up', administrator && (chosen?.place ?? 0) > 0, (row) => onMove(row, row.place - 1))}
      {deed('Down', administrator && (chosen?.place ?? count) < count - 1, (row) => onMove(row, row.place + 1))}
      {deed('Reset count', administrator && (chosen?.hits?.hits ?? 0) > 0, onReset)}
    </>
  )
}

const columns = (administrator: boolean, toggle: (row: Row) => void): Column<Row>[] => [
  { id: 'place', header: '', width: '34px', align: 'right', cell: ({ place }) => <Box component="span" sx={{ color: 'text.secondary' }}>{place + 1}</Box> },
  { id: 'enabled', header: 'On', width: '54px', cell: (row) => <Switch size="small" checked={row.rule.enabled} disabled={!administrator} onChange={() => toggle(row)} onClick={(event) => event.stopPropagation()} onDoubleClick={(event) => event.stopPropagation()} slotProps={{ input: { 'aria-label': `${row.rule.name} is on`, tabIndex: -1 } }} /> },
  { id: 'name', header: 'Name', width: 'minmax(140px, 0.8fr)', cell: ({ rule }) => <Box component="span" title={rule.name} sx={{ fontWeight: 500, color: rule.enabled ? 'text.primary' : 'text.secondary' }}>{rule.name}</Box> },
  { id: 'criteria', header: 'Drops mail if', width: 'minmax(220px, 2fr)', cell: ({ rule }) => <Box component="span" title={ruleWords(rule)} sx={rule.enabled ? {} : { color: 'text.secondary' }}>{ruleWords(rule)}</Box> },
  { id: 'hits', header: 'Dropped', width: '82px', align: 'right', cell: ({ hits }) => (hits && hits.hits > 0 ? <Box component="span" sx={{ fontWeight: 600 }}>{countText(hits.hits)}</Box> : <Box component="span" sx={{ color: 'text.secondary' }}>0</Box>) },
  { id: 'last', header: 'Last', width: '128px', cell: ({ hits }) => (hits ? <TimeAgo at={hits.lastAt} /> : <Box component="span" sx={{ color: 'text.secondary' }}>never</Box>) }
]
