import { Box, Button, Checkbox, FormControlLabel } from '@mui/material'
import { useState } from 'react'
import type { ErrorPage, ErrorRow } from '#contract/error-record.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import { LookOnly } from '../../components/look-only.tsx'
import { PageFrame, Panel } from '../../components/page-frame.tsx'
import { ProgressStrip } from '../../components/progress-strip.tsx'
import { MenuButton } from '../../components/select-menu.tsx'
import { countText, plural } from '../../components/sizes.ts'
import { SplitView } from '../../components/split-view.tsx'
import { useIsAdministrator } from '../../main-process/console-state.ts'
import { useCall } from '../../main-process/use-call.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
import { useAct } from '../../problems/toasts.tsx'
import { CauseList } from './cause-list.tsx'
import { EditCopyDialog } from './edit-copy-dialog.tsx'
import { useErrorDeeds, type Deeds } from './error-deeds.tsx'
import { ErrorFilters } from './error-filters.tsx'
import { ErrorTable } from './error-table.tsx'
import { ErrorView } from './error-view.tsx'
import { allThatFit, useErrorFilter } from './use-error-filter.ts'
import { useErrorRows } from './use-error-rows.ts'
import { useTicks, type Ticks } from '../../components/use-ticks.ts'

/** Mail that could not be processed: causes, messages, and what happened to one of them. */
export const ErrorFolderPage = () => {
  const filtering = useErrorFilter()
  const { filter, open, show } = filtering
  const [editing, setEditing] = useState<number | null>(null)
  const ticks = useTicks(idOf)
  const administrator = useIsAdministrator()
  const { newest, loaded, problem, reload, rows, more } = useErrorRows(filter)
  const page = loaded ? newest : null
  const servers = useCall('incoming.list', {}, { refreshOn: ['servers-changed'] }).value?.map((view) => view.server.name) ?? []
  const chosen = ticks.rows.size > 0 ? [...ticks.rows.values()] : rows.filter((row) => row.id === open)
  const deeds = useErrorDeeds(chosen, filtering, (gone) => {
    ticks.set([])
    if (open !== null && gone.includes(open)) show(null)
    reload()
  })
  const isEmpty = page !== null && page.total === 0 && !filtering.isNarrow && page.causes.length === 0
  return (
    <PageFrame title="Error folder" fill actions={<ErrorFilters filtering={filtering} servers={servers} />}>
      <LookOnly what="mail in the error folder" />
      {problem && <ProblemNotice problem={problem} action={<Button onClick={reload}>Try again</Button>} />}
      {isEmpty ? (
        <Panel><EmptyState title="No mail has failed">Mail that cannot be processed will wait here, with the reason and the message itself. Nothing is lost, and one bad message never holds up the others.</EmptyState></Panel>
      ) : (
        <Box sx={{ flex: 1, minHeight: 320, display: 'flex', gap: 1.5, flexDirection: { xs: 'column', md: 'row' } }}>
          <CauseList beside={open !== null} causes={page?.causes ?? []} chosen={filter.code} onChoose={filtering.chooseCode} />
          <SplitView
            listWidth="minmax(290px, 40%)"
            detail={open === null ? null : <ErrorView key={open} id={open} onClose={() => show(null)} />}
            list={
              <Panel fill footer={<Actions chosen={chosen} page={page} deeds={deeds} administrator={administrator} onEdit={setEditing} />}>
                {deeds.progress && <ProgressStrip {...deeds.progress} onCancel={deeds.cancel} />}
                {page && rows.length === 0 ? <EmptyState title="No message fits">Choose another cause, server, place, period or search.</EmptyState> : (
                  <>
                    <TickLine rows={rows} total={page?.total ?? 0} ticks={ticks} all={() => allThatFit(filter)} />
                    <ErrorTable rows={rows} total={page?.total ?? 0} open={open} ticks={ticks} onShow={show} onNearEnd={more} onRemove={administrator ? (row) => deeds.remove([row]) : null} />
                  </>
                )}
              </Panel>
            }
          />
        </Box>
      )}
      {editing !== null && <EditCopyDialog id={editing} onClose={() => setEditing(null)} onTaken={() => { setEditing(null); reload() }} />}
    </PageFrame>
  )
}

const idOf = ({ id }: ErrorRow): number => id

/** Ticks all that are shown, and then all that fit the filter where these are more. */
const TickLine = ({ rows, total, ticks, all }: { rows: readonly ErrorRow[]; total: number; ticks: Ticks<ErrorRow>; all: () => Promise<ErrorRow[]> }) => {
  const act = useAct()
  const ticked = rows.filter(({ id }) => ticks.rows.has(id)).length
  const isFull = rows.length > 0 && ticked === rows.length
  return (
    <Box sx={{ display: 'flex', alignItems: 'center', gap: 1, px: 1.5, minHeight: 34, borderBottom: 1, borderColor: 'divider' }}>
      <FormControlLabel sx={{ m: 0 }} control={<Checkbox sx={{ p: 0, mr: 1 }} checked={isFull} indeterminate={ticked > 0 && !isFull} onChange={() => ticks.toggleAll(rows)} />} label={rows.length === total ? `Choose all ${countText(total)}` : `Choose the ${countText(rows.length)} shown`} />
      {isFull && total > rows.length && ticks.rows.size < total && <Button variant="text" onClick={() => void act(async () => ticks.set(await all()))}>Choose all {countText(total)} that fit</Button>}
      {ticks.rows.size > 0 && <Button variant="text" onClick={() => ticks.set([])}>Choose none</Button>}
    </Box>
  )
}

type ActionNeeds = { chosen: readonly ErrorRow[]; page: ErrorPage | null; deeds: Deeds; administrator: boolean; onEdit: (id: number) => void }

const Actions = ({ chosen, page, deeds, administrator, onEdit }: ActionNeeds) => {
  const total = page?.total ?? 0
  const busy = deeds.progress !== null
  const many = chosen.length > 0 ? plural(chosen.length, 'message') : `all ${countText(total)} that fit`
  const [only] = chosen
  const editable = chosen.length === 1 && only !== undefined && only.where !== 'replayed'
  return (
    <>
      <Button disabled={!administrator || total === 0 || busy} onClick={deeds.requeue} title={`Moves ${many} back to the inbox, where the next round takes them again`}>{chosen.length === 0 ? 'Move all to inbox' : 'Move to inbox'}</Button>
      <Button disabled={!administrator || busy || chosen.every(({ where }) => where === 'replayed')} onClick={deeds.replay} title="Takes a copy through the same steps as fetched mail; the mail on the server stays where it is">Replay</Button>
      <Button disabled={!administrator || busy || !editable} onClick={() => { if (only) onEdit(only.id) }} title="Mends header, text or character set of a copy, and replays that">Edit a copy…</Button>
      <MenuButton label="Download bundle" title={`A file with ${many} for support`} disabled={total === 0 || busy} items={[{ label: 'With personal data', onChoose: () => deeds.download(false) }, { label: 'Without personal data', onChoose: () => deeds.download(true) }]} />
      <Button disabled={!administrator || chosen.length === 0 || busy} onClick={() => deeds.remove()}>Delete</Button>
      <Box role="status" sx={{ color: 'text.secondary', ml: 'auto' }}>{chosen.length > 0 ? `${countText(chosen.length)} of ${plural(total, 'message')} chosen` : page ? plural(total, 'message') : ''}</Box>
    </>
  )
}
