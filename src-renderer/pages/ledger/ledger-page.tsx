import { Box, Button, Link } from '@mui/material'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { ledgerOutcomes, type LedgerOutcome, type LedgerRow } from '#contract/ledger.ts'
import { DataTable, type Column } from '../../components/data-table.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { FilterChoice } from '../../components/filter-choice.tsx'
import { goTo, hashOf, useHashLocation, withSearch } from '../../components/hash-location.ts'
import { LookOnly } from '../../components/look-only.tsx'
import { Mono } from '../../components/mono.tsx'
import { PageFrame, Panel } from '../../components/page-frame.tsx'
import { ProgressStrip } from '../../components/progress-strip.tsx'
import { SearchLine } from '../../components/search-line.tsx'
import { MenuButton } from '../../components/select-menu.tsx'
import { countText, plural } from '../../components/sizes.ts'
import { StatusMark } from '../../components/status-mark.tsx'
import { LocalTime } from '../../components/times.tsx'
import { callMain } from '../../main-process/call-main.ts'
import { useIsAdministrator } from '../../main-process/console-state.ts'
import { useCall } from '../../main-process/use-call.ts'
import { useMainEvent } from '../../main-process/use-main-event.ts'
import { usePages } from '../../main-process/use-pages.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
import { useAct, useToasts } from '../../problems/toasts.tsx'
import { becameWords, outcomeLooks } from './ledger-words.ts'
import { ReconciliationView } from './reconciliation-view.tsx'
import { useReconcile } from './use-reconcile.ts'

/** Every mail ever seen on a server with what became of it, and whether the servers agree. */
export const LedgerPage = () => {
  const { path, search } = useHashLocation()
  const server = search.get('server')
  const [outcome, setOutcome] = useState<LedgerOutcome | null>(null)
  const [query, setQuery] = useState('')
  const [selected, setSelected] = useState<number | null>(null)
  const scroller = useRef<HTMLDivElement | null>(null)
  const filter = { server, outcome, query }
  const list = usePages(JSON.stringify(filter), (before) => callMain('ledger.list', { ...filter, limit: pageSize, before }))
  const total = list.newest?.total ?? 0
  // Who has scrolled down reads, and nothing may jump.
  useMainEvent('round-finished', ({ fetched }) => { if (fetched > 0 && (scroller.current?.scrollTop ?? 0) < 4) list.reload() })
  const views = useCall('incoming.list', {}, { refreshOn: ['servers-changed'] }).value ?? []
  const ready = views.filter(({ issues }) => issues.length === 0).map((view) => view.server.name)
  // Who looks at one server means that one.
  const only = ready.filter((name) => name === server)
  const reconciling = useReconcile(list.reload)
  const startNamed = useEffectEvent((name: string) => {
    goTo(addressOf(name))
    reconciling.start([name])
  })
  const asked = path[0] === 'ledger' && path[1] === 'reconcile' ? server : null
  useEffect(() => {
    if (asked !== null) startNamed(asked)
  }, [asked])
  const isBare = server === null && outcome === null && query === ''
  return (
    <PageFrame
      title="Ledger" fill minHeight={420} intro="What became of each mail that was ever seen on a server, and whether the server agrees."
      actions={
        <>
          <FilterChoice label="Server" width={165} value={server ?? ''} onChange={(name) => goTo(addressOf(name))} options={[{ value: '', label: 'All servers' }, ...views.map((view) => ({ value: view.server.name, label: view.server.name }))]} />
          <FilterChoice<LedgerOutcome | ''> label="Outcome" width={165} value={outcome ?? ''} onChange={(next) => setOutcome(next === '' ? null : next)} options={[{ value: '', label: 'All outcomes' }, ...ledgerOutcomes.map((one) => ({ value: one, label: `${outcomeLooks[one].word}${countOf(list.newest?.counts ?? [], one)}` }))]} />
          <SearchLine label="Search subject, sender, number" width={256} onSearch={setQuery} />
          <MenuButton variant="contained" color="primary" label="Reconcile" disabled={ready.length === 0 || reconciling.running !== null} items={[...only.map((name) => ({ label: name, onChoose: () => reconciling.start([name]) })), { label: 'All servers', parted: only.length > 0, onChoose: () => reconciling.start(ready) }, ...ready.filter((name) => !only.includes(name)).map((name, index) => ({ label: name, parted: index === 0, onChoose: () => reconciling.start([name]) }))]} />
        </>
      }
    >
      {list.problem && <ProblemNotice problem={list.problem} action={<Button onClick={list.reload}>Try again</Button>} />}
      <LookOnly what="what is on a server; reconciling changes nothing" />
      <Results reconciling={reconciling} onTaken={list.reload} />
      <Panel fill footer={<Box role="status" sx={{ color: 'text.secondary', ml: 'auto' }}>{list.loaded ? plural(total, 'mail') : ''}</Box>}>
        {list.loaded && list.rows.length === 0 ? (isBare ? <NothingYet /> : <EmptyState title="No mail fits">Choose another server, outcome or search.</EmptyState>) : (
          <DataTable<LedgerRow> label="Ledger" columns={columns} rows={list.rows} keyOf={({ id }) => id} selected={selected} onSelect={({ id }) => setSelected(id)} minWidth={760} keys={{ open: (row) => goTo(placeOf(row) ?? window.location.hash) }} virtual={{ total, scroller, onNearEnd: list.more }} />
        )}
      </Panel>
    </PageFrame>
  )
}

const pageSize = 200

const countOf = (counts: readonly { outcome: LedgerOutcome; count: number }[], outcome: LedgerOutcome): string => ` · ${countText(counts.find((one) => one.outcome === outcome)?.count ?? 0)}`

const addressOf = (name: string): string => withSearch(hashOf('ledger'), { server: name })

const NothingYet = () => <EmptyState title="The ledger is empty" action={<Button href={hashOf('email-settings')}>Go to E-mail settings</Button>}>Each mail that is fetched is entered here with what became of it, before anything is marked, moved or deleted on the server.</EmptyState>

const Results = ({ reconciling, onTaken }: { reconciling: ReturnType<typeof useReconcile>; onTaken: () => void }) => {
  const { results, work, running, start, close } = reconciling
  const administrator = useIsAdministrator()
  const act = useAct()
  const { say } = useToasts()
  const [doing, setDoing] = useState(false)
  const during = (action: (workId: string) => Promise<string>): void => {
    setDoing(true)
    void act(async () => {
      say(await work.run(action))
      onTaken()
    }).finally(() => setDoing(false))
  }
  const deedsOn = (server: string) => ({
    take: (ids: string[]) => during(async (workId) => {
      const { marked } = await callMain('ledger.take-again', { name: server, ids, workId })
      return `${plural(marked, 'mail')} ${marked === 1 ? 'is' : 'are'} unread now, and taken by the next round.`
    }),
    moveBack: () => during(async (workId) => `${plural((await callMain('errors.requeue', { server, ids: null, workId })).moved, 'mail')} moved back to the inbox, to be processed by the next round.`)
  })
  if (running === null && results.length === 0) return null
  return (
    <Box sx={{ display: 'grid', gap: 1, maxHeight: '55%', overflow: 'auto', flex: 'none' }} tabIndex={0} role="region" aria-label="Reconciliation">
      {running !== null && <Panel><ProgressStrip what={`Reconciling ${running}`} done={work.progress?.done ?? 0} total={null} onCancel={work.cancel} /></Panel>}
      {results.map((found) => <ReconciliationView key={found.server} found={found} busy={running !== null || doing} deeds={administrator ? deedsOn(found.server) : null} onAgain={() => start([found.server])} onClose={() => close(found.server)} />)}
    </Box>
  )
}

const placeOf = ({ request, error }: LedgerRow): string | null => (request !== null ? hashOf('requests', request) : error !== null ? hashOf('error-folder', error) : null)

const Became = ({ row }: { row: LedgerRow }) => {
  const { request, error } = row
  const words = becameWords(row)
  return (
    <span title={words}>
      {request !== null && <><Link href={hashOf('requests', request)}>Request <Mono>{request}</Mono></Link>{words && ' · '}</>}
      {error !== null && <><Link href={hashOf('error-folder', error)}>Error record</Link>{words && ' · '}</>}
      {words}
    </span>
  )
}

const columns: Column<LedgerRow>[] = [
  { id: 'at', header: 'When', width: '104px', cell: ({ at }) => <LocalTime at={at} /> },
  { id: 'server', header: 'Server', width: 'minmax(78px, 0.6fr)', cell: ({ server }) => server || <Box component="span" sx={{ color: 'text.secondary' }}>deleted, or a file</Box> },
  { id: 'outcome', header: 'Outcome', width: '140px', cell: ({ outcome }) => <StatusMark tone={outcomeLooks[outcome].tone}>{outcomeLooks[outcome].word}</StatusMark> },
  { id: 'subject', header: 'Subject', width: 'minmax(118px, 1.7fr)', cell: ({ subject }) => <Box component="span" title={subject ?? ''} sx={{ fontWeight: 500 }}>{subject || '(no subject)'}</Box> },
  { id: 'from', header: 'From', width: 'minmax(92px, 1.1fr)', cell: ({ from }) => <Mono title={from ?? ''}>{from || '–'}</Mono> },
  { id: 'became', header: 'What became of it', width: 'minmax(110px, 1.6fr)', cell: (row) => <Became row={row} /> },
  { id: 'finished', header: 'On the server', width: '106px', cell: ({ isFinished }) => (isFinished ? <Box component="span" sx={{ color: 'text.secondary' }}>Done</Box> : <StatusMark tone="pending">To be done</StatusMark>) }
]
