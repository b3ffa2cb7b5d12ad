import { Box, Button, Checkbox } from '@mui/material'
import { useCallback, useRef, useState } from 'react'
import type { ErrorRow } from '#contract/error-record.ts'
import type { Problem } from '#contract/problem.ts'
import { DataTable, type Column } from '../../components/data-table.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { Choice } from '../../components/fields.tsx'
import { goTo, hashOf, useHashLocation } from '../../components/hash-location.ts'
import { PageFrame, Panel } from '../../components/page-frame.tsx'
import { ProgressStrip } from '../../components/progress-strip.tsx'
import { SearchLine } from '../../components/search-line.tsx'
import { MenuButton } from '../../components/select-menu.tsx'
import { plural } from '../../components/sizes.ts'
import { SplitView } from '../../components/split-view.tsx'
import { LocalTime } from '../../components/times.tsx'
import { useIsAdministrator } from '../../main-process/console-state.ts'
import { useCall } from '../../main-process/use-call.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
import { CauseList, causeWords } from './cause-list.tsx'
import { ErrorView } from './error-view.tsx'
import { useErrorDeeds } from './error-deeds.tsx'

const pageSize = 200

/** Mail that could not be processed: causes, messages, and what happened to one of them. */
export const ErrorFolderPage = () => {
  const { path, search } = useHashLocation()
  const open = Number(path[1]) || null
  const server = search.get('server')
  const [code, setCode] = useState<Problem['code'] | null>(null)
  const [query, setQuery] = useState('')
  const [limit, setLimit] = useState(pageSize)
  const [selected, setSelected] = useState<number | null>(null)
  const [ticked, setTicked] = useState<ReadonlySet<number>>(new Set())
  const administrator = useIsAdministrator()
  const scroller = useRef<HTMLDivElement | null>(null)
  const { value: page, problem, reload } = useCall('errors.list', { server, code, query, limit }, { refreshOn: ['errors-changed'] })
  const servers = useCall('incoming.list', {}, { refreshOn: ['servers-changed'] }).value?.map((view) => view.server.name) ?? []
  const rows = page?.rows ?? []
  const chosen = rows.filter((row) => (ticked.size > 0 ? ticked.has(row.id) : row.id === open))
  const address = (id: number | null, from: string | null = server): string => `${id === null ? hashOf('error-folder') : hashOf('error-folder', id)}${from ? `?server=${encodeURIComponent(from)}` : ''}`
  const deeds = useErrorDeeds(chosen.length > 0 ? chosen : rows, chosen.length > 0 || code !== null || query !== '', server, (deleted) => {
    setTicked(new Set())
    if (open !== null && deleted.includes(open)) goTo(address(null))
    reload()
  })
  const toggle = useCallback((row: ErrorRow) => setTicked((before) => (before.has(row.id) ? new Set([...before].filter((id) => id !== row.id)) : new Set([...before, row.id]))), [])
  const all = page !== null && page.causes.length === 0 && !query && !code && rows.length === 0
  const many = chosen.length > 0 ? plural(chosen.length, 'message') : 'all messages shown'
  return (
    <PageFrame
      title="Error folder" fill
      actions={
        <>
          {servers.length > 0 && <Box sx={{ width: 170, '& label': { position: 'absolute', clip: 'rect(0 0 0 0)', width: '1px', height: '1px', overflow: 'hidden' }, '& .MuiFormHelperText-root': { display: 'none' } }}><Choice label="Server" value={server ?? ''} onChange={(name) => goTo(address(null, name || null))} options={[{ value: '', label: 'All servers' }, ...servers.map((name) => ({ value: name, label: name }))]} /></Box>}
          <SearchLine label="Search subject or sender" width={240} onSearch={setQuery} />
        </>
      }
    >
      {problem && <ProblemNotice problem={problem} action={<Button onClick={reload}>Try again</Button>} />}
      {all ? (
        <Panel><EmptyState title="No mail has failed">Mail that cannot be processed will wait here, with the reason and the message itself. Nothing is lost, and one bad message never holds up the others.</EmptyState></Panel>
      ) : (
        <Box sx={{ flex: 1, minHeight: 320, display: 'flex', gap: 1.5, flexDirection: { xs: 'column', md: 'row' } }}>
          <CauseList beside={open !== null} causes={page?.causes ?? []} chosen={code} onChoose={setCode} />
          <SplitView
            listWidth="minmax(290px, 40%)"
            detail={open === null ? null : <ErrorView key={open} id={open} onClose={() => goTo(address(null))} />}
            list={
              <Panel
                fill
                footer={
                  <>
                    <Button disabled={!administrator || rows.length === 0 || deeds.work.running} onClick={deeds.requeue} title={`Moves ${many} back to the inbox, where the next round takes them again`}>{chosen.length === 0 ? 'Move all to inbox' : 'Move to inbox'}</Button>
                    <MenuButton label="Download bundle" title={`A file with ${many} for support`} disabled={rows.length === 0 || deeds.work.running} items={[{ label: 'With personal data', onChoose: () => deeds.download(false) }, { label: 'Without personal data', onChoose: () => deeds.download(true) }]} />
                    <Button disabled={!administrator || chosen.length === 0 || deeds.work.running} onClick={deeds.remove}>Delete</Button>
                    <Box role="status" sx={{ color: 'text.secondary', ml: 'auto' }}>{chosen.length > 0 ? `${chosen.length} of ${plural(page?.total ?? 0, 'message')} chosen` : page ? plural(page.total, 'message') : ''}</Box>
                  </>
                }
              >
                {deeds.work.running && <ProgressStrip what={deeds.work.progress?.what ?? 'Working'} done={deeds.work.progress?.done ?? 0} total={deeds.work.progress?.total ?? null} onCancel={deeds.work.cancel} />}
                {page && rows.length === 0 ? <EmptyState title="No message fits">Choose another cause, server or search.</EmptyState> : (
                  <DataTable<ErrorRow>
                    label="Messages that failed" columns={columnsFor(ticked, toggle, open !== null)} rows={rows} keyOf={(row) => row.id} selected={open ?? selected} minWidth={open === null ? 640 : 300} openOnClick
                    onSelect={(row) => { setSelected(row.id); if (open !== null) goTo(address(row.id)) }} virtual={{ total: page?.total ?? 0, scroller, onNearEnd: () => { if (page?.next !== null && limit < 500) setLimit(500) } }}
                    keys={{ open: (row) => goTo(address(row.id)), toggle, ...(administrator ? { remove: (row) => deeds.removeOne(row) } : {}) }}
                  />
                )}
              </Panel>
            }
          />
        </Box>
      )}
    </PageFrame>
  )
}

const columnsFor = (ticked: ReadonlySet<number>, toggle: (row: ErrorRow) => void, narrow: boolean): Column<ErrorRow>[] => [
  { id: 'tick', header: '', width: '36px', cell: (row) => <Checkbox sx={{ p: 0 }} tabIndex={-1} checked={ticked.has(row.id)} onClick={(event) => event.stopPropagation()} onChange={() => toggle(row)} slotProps={{ input: { 'aria-label': `Choose ${row.subject || 'message without subject'}` } }} /> },
  { id: 'subject', header: 'Subject', width: 'minmax(130px, 2fr)', cell: (row) => <Box component="span" title={row.subject} sx={{ fontWeight: 500 }}>{row.subject || '(no subject)'}</Box> },
  ...(narrow ? [] : [{ id: 'from', header: 'From', width: 'minmax(130px, 1.1fr)', cell: (row: ErrorRow) => row.from || 'unknown' }, { id: 'cause', header: 'Cause', width: 'minmax(170px, 1.3fr)', cell: (row: ErrorRow) => <span title={causeWords(row.code)}>{causeWords(row.code)}</span> }, { id: 'server', header: 'Server', width: '84px', cell: (row: ErrorRow) => row.server }]),
  { id: 'failed', header: 'Failed', width: '116px', cell: (row) => <LocalTime at={row.failedAt} /> }
]
