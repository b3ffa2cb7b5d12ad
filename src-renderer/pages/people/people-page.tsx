import { Box, Button, Checkbox } from '@mui/material'
import { useCallback, useState } from 'react'
import type { Person } from '#contract/person.ts'
import { useAsk } from '../../components/ask.tsx'
import { DataTable, type Column } from '../../components/data-table.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { useHashLocation } from '../../components/hash-location.ts'
import { Mono } from '../../components/mono.tsx'
import { LookOnly } from '../../components/look-only.tsx'
import { PageFrame, Panel } from '../../components/page-frame.tsx'
import { Pager } from '../../components/pager.tsx'
import { SearchLine } from '../../components/search-line.tsx'
import { plural } from '../../components/sizes.ts'
import { StatusMark } from '../../components/status-mark.tsx'
import { LocalTime } from '../../components/times.tsx'
import { callMain } from '../../main-process/call-main.ts'
import { useIsAdministrator } from '../../main-process/console-state.ts'
import { useCall } from '../../main-process/use-call.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
import { useAct, useToasts } from '../../problems/toasts.tsx'
import { ImportDialog } from './import-dialog.tsx'
import { PersonDialog } from './person-dialog.tsx'
import { rightsText, roleText } from './person-words.ts'

const pageSize = 100
type Opened = { kind: 'person'; person: Person | null } | { kind: 'import' } | null

/** Everybody who writes or answers requests, page by page. `#/people?query=…` begins with a search. */
export const PeoplePage = () => {
  const { search } = useHashLocation()
  const initial = search.get('query') ?? ''
  const [query, setQuery] = useState(initial)
  const [offset, setOffset] = useState(0)
  const [selected, setSelected] = useState<number | null>(null)
  const [ticked, setTicked] = useState<ReadonlyMap<number, Person>>(new Map())
  const [opened, setOpened] = useState<Opened>(null)
  const administrator = useIsAdministrator()
  const ask = useAsk()
  const act = useAct()
  const { say } = useToasts()
  const { value: page, problem, reload } = useCall('people.list', { query, limit: pageSize, offset }, { refreshOn: ['people-changed'] })
  const perPerson = useCall('settings.get', {}, { refreshOn: ['settings-changed'] }).value?.emailFormat.perPerson ?? false
  const rows = page?.rows ?? []
  const find = useCallback((words: string) => { setQuery(words); setOffset(0) }, [])
  const toggle = useCallback((person: Person) => setTicked((before) => { const next = new Map(before); if (!next.delete(person.id)) next.set(person.id, person); return next }), [])
  const chosen = ticked.size > 0 ? [...ticked.values()] : rows.filter(({ id }) => id === selected)
  const open = (person: Person): void => setOpened({ kind: 'person', person })
  const remove = async (people: readonly Person[]): Promise<void> => {
    const goAhead = await ask({ title: people.length === 1 ? `Delete ${nameOf(people[0])}` : `Delete ${plural(people.length, 'person', 'people')}`, body: <WhatGoes people={people} />, confirm: 'Delete', dangerous: true })
    if (!goAhead) return
    await act(async () => { say(`${plural((await callMain('people.delete', { ids: people.map(({ id }) => id) })).deleted, 'person', 'people')} deleted.`); setTicked(new Map()) })
    reload()
  }
  const nobody = page !== null && page.total === 0 && query === ''
  const add = <Button variant="contained" color="primary" disabled={!administrator} onClick={() => setOpened({ kind: 'person', person: null })}>Add</Button>
  const importing = <Button disabled={!administrator} onClick={() => setOpened({ kind: 'import' })}>Import…</Button>
  return (
    <PageFrame title="People" fill actions={<SearchLine key={initial} initial={initial} label="Search name or address" onSearch={find} />}>
      <LookOnly what="people" />
      {problem && <ProblemNotice problem={problem} action={<Button onClick={reload}>Try again</Button>} />}
      <Panel
        fill
        footer={nobody ? null : (
          <>
            {add}
            <Button disabled={chosen.length !== 1} onClick={() => chosen[0] && open(chosen[0])}>Open</Button>
            <Button disabled={!administrator || chosen.length === 0} onClick={() => void remove(chosen)}>Delete{ticked.size > 1 ? ` ${ticked.size}` : ''}</Button>
            {importing}
            {ticked.size > 0 && <><Box role="status" sx={{ color: 'text.secondary' }}>{plural(ticked.size, 'person', 'people')} chosen</Box><Button variant="text" onClick={() => setTicked(new Map())}>Choose none</Button></>}
            <Box sx={{ ml: 'auto' }}>{page && <Pager offset={offset} shown={rows.length} total={page.total} size={pageSize} next={page.next} onMove={setOffset} />}</Box>
          </>
        )}
      >
        {nobody ? (
          <EmptyState title="Nobody is known yet" action={<Box sx={{ display: 'inline-flex', gap: 1 }}>{add}{importing}</Box>}>People become known by the mail they send. Add those who answer requests or may send e-mail commands, or bring everybody along from a CSV file.</EmptyState>
        ) : page !== null && rows.length === 0 ? (
          <EmptyState title={`Nobody was found for “${query}”`}>The search looks at names and addresses.</EmptyState>
        ) : (
          <Box sx={{ flex: 1, minHeight: 120, overflow: 'auto' }}>
            <DataTable<Person> label="People" columns={columnsFor(ticked, toggle, perPerson)} rows={rows} keyOf={({ id }) => id} selected={selected} onSelect={({ id }) => setSelected(id)} minWidth={900} keys={{ open, toggle, ...(administrator ? { remove: (person) => void remove(ticked.size > 0 ? [...ticked.values()] : [person]) } : {}) }} />
          </Box>
        )}
      </Panel>
      {opened?.kind === 'person' && <PersonDialog person={opened.person} perPerson={perPerson} onClose={() => setOpened(null)} onSaved={({ id }) => { setSelected(id); setOpened(null); reload() }} />}
      {opened?.kind === 'import' && <ImportDialog onClose={() => setOpened(null)} />}
    </PageFrame>
  )
}

const nameOf = (person: Person | undefined): string => person?.name || person?.address || ''

const WhatGoes = ({ people }: { people: readonly Person[] }) => (
  <>
    {people.length > 1 && <Box component="ul" sx={{ my: 0, mb: 1, pl: 2.5 }}>{people.slice(0, 5).map(({ id, name, address }) => <li key={id}>{name ? `${name} <${address}>` : address}</li>)}{people.length > 5 && <li>and {people.length - 5} more</li>}</Box>}
    Rights and format go; requests and mail stay. Who writes again becomes a user again.
  </>
)

const columnsFor = (ticked: ReadonlyMap<number, Person>, toggle: (person: Person) => void, perPerson: boolean): Column<Person>[] => [
  { id: 'tick', header: '', width: '36px', cell: (person) => <Checkbox sx={{ p: 0 }} tabIndex={-1} checked={ticked.has(person.id)} onClick={(event) => event.stopPropagation()} onChange={() => toggle(person)} slotProps={{ input: { 'aria-label': `Choose ${nameOf(person)}` } }} /> },
  { id: 'name', header: 'Name', width: 'minmax(120px, 1.1fr)', cell: (person) => <Box component="span" title={person.name} sx={{ fontWeight: 500 }}>{person.name || '–'}</Box> },
  { id: 'address', header: 'Address', width: 'minmax(180px, 1.4fr)', cell: ({ address }) => <Mono title={address}>{address}</Mono> },
  { id: 'role', header: 'Role', width: 'minmax(106px, 0.6fr)', cell: roleText },
  { id: 'commands', header: 'E-mail commands', width: 'minmax(164px, 1fr)', cell: (person) => <Box component="span" sx={person.signIn ? {} : { color: 'text.secondary' }}>{rightsText(person)}</Box> },
  ...(perPerson ? [{ id: 'format', header: 'Format', width: '86px', cell: ({ format }: Person) => (format === null ? <Box component="span" sx={{ color: 'text.secondary' }}>default</Box> : format === 'html' ? 'HTML' : 'Plain text') }] : []),
  { id: 'returned', header: 'Mail to them', width: 'minmax(212px, 0.9fr)', cell: ({ undeliverableSince }) => (undeliverableSince === null ? '' : <StatusMark tone="warning">came back <LocalTime at={undeliverableSince} /></StatusMark>) }
]
