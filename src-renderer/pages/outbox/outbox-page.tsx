import { Box, Button, Checkbox, FormControlLabel } from '@mui/material'
import { useCallback, useRef } from 'react'
import type { OutboxPage as Page, OutboxRow } from '#contract/outbox.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import { FilterChoice } from '../../components/filter-choice.tsx'
import { hashOf } from '../../components/hash-location.ts'
import { LookOnly } from '../../components/look-only.tsx'
import { PageFrame, Panel } from '../../components/page-frame.tsx'
import { SearchLine } from '../../components/search-line.tsx'
import { countText, plural } from '../../components/sizes.ts'
import { SplitView } from '../../components/split-view.tsx'
import { useTicks, type Ticks } from '../../components/use-ticks.ts'
import { callMain } from '../../main-process/call-main.ts'
import { useIsAdministrator } from '../../main-process/console-state.ts'
import { useCall } from '../../main-process/use-call.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
import { useAct, useToasts } from '../../problems/toasts.tsx'
import { OutboxTable } from './outbox-table.tsx'
import { OutboxView } from './outbox-view.tsx'
import { stateWords, unsentStates } from '../../components/outbox-words.ts'
import { StateChips } from './state-chips.tsx'
import { canBeSent, isOnItsWay, useOutboxDeeds, type OutboxDeeds } from './use-outbox-deeds.tsx'
import { allThatFit, useOutboxFilter, type OutboxFilter } from './use-outbox-filter.ts'
import { useOutboxRows } from './use-outbox-rows.ts'

/** Mail that goes out by itself: how each stands, why, and what can be done about it. */
export const OutboxPage = () => {
  const filtering = useOutboxFilter()
  const { filter, open, show } = filtering
  const scroller = useRef<HTMLDivElement | null>(null)
  const ticks = useTicks(idOf)
  const steady = useCallback(() => (scroller.current?.scrollTop ?? 0) > 4 || (scroller.current?.contains(document.activeElement) ?? false), [])
  const list = useOutboxRows(filter, steady)
  const page = list.loaded ? list.newest : null
  const administrator = useIsAdministrator()
  const servers = useCall('outgoing.list', {}, { refreshOn: ['servers-changed'] }).value?.map(({ server }) => server.name) ?? []
  const chosen = chosenOf(ticks, list.rows, open)
  const deeds = useOutboxDeeds(chosen, filter, (gone) => {
    ticks.set([])
    if (open !== null && gone.includes(open)) show(null)
    list.reload()
  })
  const close = (): void => {
    show(null)
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>('[role="row"][tabindex="0"]')?.focus())
  }
  const choose = (wanted: () => void) => (): void => { ticks.set([]); wanted() }
  const isEmpty = page !== null && page.rows.length === 0 && list.rows.length === 0
  return (
    <PageFrame title="Outbox" fill intro="What a server does not take is tried again by itself; what needs a person says so." actions={<>{servers.length > 1 && <FilterChoice label="Server" width={150} value={filter.server ?? ''} onChange={(name) => choose(() => filtering.chooseServer(name || null))()} options={[{ value: '', label: 'All servers' }, ...servers.map((name) => ({ value: name, label: name }))]} />}<SearchLine label="Search recipient or subject" width={230} onSearch={filtering.search} /></>}>
      <LookOnly what="what is sent" />
      {list.problem && <ProblemNotice problem={list.problem} action={<Button onClick={list.reload}>Try again</Button>} />}
      <StateChips counts={list.newest?.matching ?? null} chosen={filter.state} onChoose={(state) => choose(() => filtering.chooseState(state))()} />
      <SplitView
        listWidth="minmax(330px, 46%)"
        detail={open === null ? null : <OutboxView key={open} id={open} onClose={close} />}
        list={
          <Panel fill footer={isEmpty ? null : <Actions chosen={chosen} page={page} filter={filter} deeds={deeds} administrator={administrator} reload={list.reload} />}>
            {list.fresh + list.gone.size > 0 && <Box sx={{ p: 0.75, borderBottom: 1, borderColor: 'divider', textAlign: 'center' }}><Button onClick={() => { list.showFresh(); scroller.current?.scrollTo({ top: 0 }) }}>{freshWords(list.fresh, list.gone.size)}</Button></Box>}
            {isEmpty ? <Nothing filter={filter} counts={page.counts} /> : (
              <>
                <TickLine rows={list.rows} total={page?.total ?? list.rows.length} ticks={ticks} all={() => allThatFit(filter)} />
                <OutboxTable rows={list.rows} gone={list.gone} total={page?.total ?? list.rows.length} open={open} onlySent={filter.state === 'sent'} ticks={ticks} scroller={scroller} onShow={show} onNearEnd={list.more} onRemove={administrator ? (row) => deeds.cancel([row]) : null} />
              </>
            )}
          </Panel>
        }
      />
    </PageFrame>
  )
}

const idOf = ({ id }: OutboxRow): number => id

/** Ticked mail as it stands now, where it is in sight; otherwise the open one. */
const chosenOf = (ticks: Ticks<OutboxRow>, rows: readonly OutboxRow[], open: number | null): OutboxRow[] => {
  if (ticks.rows.size === 0) return rows.filter(({ id }) => id === open)
  const now = new Map(rows.map((row) => [row.id, row]))
  return [...ticks.rows.values()].map((row) => now.get(row.id) ?? row)
}

const freshWords = (fresh: number, gone: number): string => (gone === 0 ? `Show ${plural(fresh, 'new mail')}` : fresh === 0 ? `Take away ${countText(gone)} that went on` : `Show ${plural(fresh, 'new mail')}, take away ${countText(gone)} that went on`)

const TickLine = ({ rows, total, ticks, all }: { rows: readonly OutboxRow[]; total: number; ticks: Ticks<OutboxRow>; all: () => Promise<OutboxRow[]> }) => {
  const act = useAct()
  const ticked = rows.filter(({ id }) => ticks.rows.has(id)).length
  const isFull = rows.length > 0 && ticked === rows.length
  return (
    <Box sx={{ display: 'flex', alignItems: 'center', gap: 1, px: 1.5, minHeight: 34, borderBottom: 1, borderColor: 'divider' }}>
      <FormControlLabel sx={{ m: 0 }} control={<Checkbox sx={{ p: 0, mr: 1 }} checked={isFull} indeterminate={ticked > 0 && !isFull} onChange={() => ticks.toggleAll(rows)} />} label={rows.length >= total ? `Choose all ${countText(total)}` : `Choose the ${countText(rows.length)} shown`} />
      {isFull && total > rows.length && ticks.rows.size < total && <Button variant="text" onClick={() => void act(async () => ticks.set(await all()))}>Choose all {countText(total)} that fit</Button>}
      {ticks.rows.size > 0 && <Button variant="text" onClick={() => ticks.set([])}>Choose none</Button>}
    </Box>
  )
}

type ActionNeeds = { chosen: readonly OutboxRow[]; page: Page | null; filter: OutboxFilter; deeds: OutboxDeeds; administrator: boolean; reload: () => void }

/** What can be done with what is chosen; with nothing chosen, what waits is sent now. */
const Actions = ({ chosen, page, filter, deeds, administrator, reload }: ActionNeeds) => {
  const act = useAct()
  const { say } = useToasts()
  const flush = (): void => void act(async () => {
    const { tried, sent, left } = await callMain('outbox.flush', {})
    say(`${plural(tried, 'mail')} ${tried === 1 ? 'was' : 'were'} tried, ${countText(sent)} ${sent === 1 ? 'was' : 'were'} sent${left > 0 ? `; ${countText(left)} wait` : ''}.`, left > 0 ? 'warning' : 'good')
    reload()
  })
  const none = chosen.length === 0
  const total = page?.total ?? 0
  const barred = !administrator || deeds.busy
  const why = administrator ? {} : { title: 'Only an administrator decides what is sent.' }
  const sendable = chosen.filter(canBeSent)
  const again = sendable.length > 0 && sendable.every(({ state }) => state === 'refused' || state === 'uncertain')
  const doubtful = none ? filter.state === 'uncertain' && total > 0 : chosen.some(({ state }) => state === 'uncertain')
  return (
    <Box sx={{ display: 'contents' }} {...why}>
      {none && (filter.state === null || filter.state === 'waiting') ? <Button disabled={barred || (page?.counts.waiting ?? 0) === 0} {...why} onClick={flush}>Send all that waits now</Button> : none && (filter.state === 'sent' || filter.state === 'sending') ? null : <Button disabled={barred || (none ? total === 0 : sendable.length === 0)} onClick={deeds.sendAgain}>{none ? `Send all ${countText(total)} again` : again ? 'Send again' : 'Send now'}</Button>}
      {doubtful && <Button disabled={barred} onClick={deeds.arrived}>{none ? 'They all arrived' : 'It arrived'}</Button>}
      <Button disabled={barred || (none ? total === 0 || filter.state === 'sending' : chosen.every(({ state }) => state === 'sending'))} onClick={() => deeds.cancel()}>{cancelWords(chosen, filter)}</Button>
      <Box role="status" sx={{ color: 'text.secondary', ml: 'auto' }}>{none ? (page ? plural(total, 'mail') : '') : `${countText(chosen.length)} of ${plural(total, 'mail')} chosen`}</Box>
    </Box>
  )
}

const cancelWords = (chosen: readonly OutboxRow[], { state }: OutboxFilter): string => {
  if (chosen.length > 0) return chosen.every(isOnItsWay) ? 'Cancel mail' : 'Take off the list'
  return state === 'sent' || state === 'refused' || state === 'uncertain' ? 'Take all off the list' : 'Cancel all'
}

const Nothing = ({ filter, counts }: { filter: OutboxFilter; counts: Page['counts'] }) => {
  if (filter.query !== '') return <EmptyState title={`Nothing was found for “${filter.query}”`}>The search looks at recipients and subjects{filter.state === null ? ' of mail that is not sent' : ' of mail in this state'}.</EmptyState>
  if (filter.server !== null) return <EmptyState title={`Nothing of ${filter.server}`}>Choose another server or state.</EmptyState>
  const unsent = unsentStates.reduce((sum, state) => sum + counts[state], 0)
  if (filter.state === null || unsent + counts.sent === 0) return <EmptyState title="Nothing waits to be sent" action={counts.sent > 0 ? <Button href={`${hashOf('outbox')}?state=sent`}>Show the {countText(counts.sent)} sent</Button> : undefined}>Acknowledgements, mail about requests, notices and alerts appear here until a mail server has taken them.</EmptyState>
  return <EmptyState title="No mail is in this state">{filter.state === 'sent' ? 'What a server has taken is kept here for some days.' : stateWords[filter.state].hint}</EmptyState>
}
