import { Box, Button, Tooltip } from '@mui/material'
import type { OutgoingServerView } from '#contract/outgoing-server.ts'
import { outgoingProtocolNames, outgoingProtocols, type OutgoingProtocol } from '#contract/protocols.ts'
import { DataTable, type Column } from '../../components/data-table.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { Mono } from '../../components/mono.tsx'
import { Panel } from '../../components/page-frame.tsx'
import { tickColumn } from '../../components/tick-column.tsx'
import { useTicks } from '../../components/use-ticks.ts'
import { ManyButtons } from './edit-many/many-buttons.tsx'
import { AdvisedName } from './advice/advised-name.tsx'
import { AddMenu } from './add-menu.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { LocalTime, useNow } from '../../components/times.tsx'
import { useIsAdministrator } from '../../main-process/console-state.ts'
import { outgoingType, serverPlace, sendingState, stepInText } from '../../components/server-words.ts'

export type TableDeeds<View, Protocol> = { add: (protocol: Protocol) => void; open: (view: View) => void; remove: (view: View) => void; test: (view: View) => void; transcript: (view: View) => void; editMany: (views: readonly View[]) => void }
type Needs = { views: readonly OutgoingServerView[] | null; selected: string | null; onSelect: (name: string) => void; deeds: TableDeeds<OutgoingServerView, OutgoingProtocol>; onReturn: (view: OutgoingServerView) => void; onMakeDefault: (view: OutgoingServerView) => void; onSignIn: (view: OutgoingServerView) => void }

export const OutgoingTable = ({ views, selected, onSelect, deeds, onReturn, onMakeDefault, onSignIn }: Needs) => {
  const administrator = useIsAdministrator()
  const chosen = views?.find((view) => view.server.name === selected) ?? null
  const ticks = useTicks(nameOf)
  const ticked = administrator ? (views?.filter((view) => ticks.rows.has(nameOf(view))) ?? []) : []
  const add = <AddMenu protocols={outgoingProtocols} names={outgoingProtocolNames} disabled={!administrator} onAdd={deeds.add} />
  const columns: Column<OutgoingServerView>[] = [
    ...(administrator ? [tickColumn(ticks, nameOf, nameOf)] : []),
    { id: 'name', header: 'Name', width: 'minmax(120px, 1.1fr)', cell: ({ server, advice }) => <AdvisedName name={server.name} advice={advice} /> },
    { id: 'type', header: 'Type', width: 'minmax(126px, 0.7fr)', cell: outgoingType },
    { id: 'server', header: 'Server', width: 'minmax(140px, 1.4fr)', cell: (view) => <Mono title={serverPlace(view)}>{serverPlace(view)}</Mono> },
    { id: 'state', header: 'State', width: 'minmax(194px, 2fr)', cell: (view) => <SendingState view={view} onReturn={administrator ? onReturn : undefined} onSignIn={administrator ? onSignIn : undefined} /> },
    { id: 'test', header: 'Last test', width: 'minmax(150px, 1.5fr)', cell: (view) => <LastTest view={view} /> }
  ]
  return (
    <Panel
      title="Outgoing servers"
      footer={views?.length === 0 ? null : ticked.length > 0 ? <ManyButtons views={views ?? []} chosen={ticked} ticks={ticks} onEdit={deeds.editMany} /> : (
        <>
          {add}
          <Button disabled={!chosen} onClick={() => chosen && deeds.open(chosen)}>Open</Button>
          <Button disabled={!chosen || !administrator} onClick={() => chosen && deeds.remove(chosen)}>Delete</Button>
          <Button disabled={!chosen} onClick={() => chosen && deeds.test(chosen)}>Test</Button>
          <Button disabled={!chosen} onClick={() => chosen && deeds.transcript(chosen)}>Transcript</Button>
          <Button disabled={!chosen || !administrator || chosen.isDefault || chosen.issues.length > 0} onClick={() => chosen && onMakeDefault(chosen)}>Make default</Button>
        </>
      )}
    >
      {views?.length === 0 ? (
        <EmptyState title="No outgoing server yet" action={add}>Mailroom sends answers and alerts through an outgoing server. Add one: you need its name, its port and usually a user name and a password.</EmptyState>
      ) : (
        <DataTable label="Outgoing servers" columns={columns} rows={views ?? []} keyOf={nameOf} selected={selected} onSelect={(view) => onSelect(view.server.name)} minWidth={756} keys={{ open: deeds.open, test: deeds.test, ...(administrator ? { remove: deeds.remove, toggle: ticks.toggle } : {}) }} />
      )}
    </Panel>
  )
}

const nameOf = ({ server }: OutgoingServerView): string => server.name

type OnView = ((view: OutgoingServerView) => void) | undefined

const SendingState = ({ view, onReturn, onSignIn }: { view: OutgoingServerView; onReturn: OnView; onSignIn: OnView }) => {
  const state = sendingState(view, useNow())
  return (
    <Box sx={{ display: 'flex', alignItems: 'center', gap: 1 }}>
      <StatusMark tone={state.tone} title={state.words}>{state.words}</StatusMark>
      {view.onAlternateSince && onReturn && <Button sx={{ minHeight: 24, py: 0, px: 1 }} title="Send through the primary server again" onClick={(event) => { event.stopPropagation(); onReturn(view) }}>Return</Button>}
      {onSignIn && (view.signIn?.state === 'never' || view.signIn?.state === 'refused') && <Button sx={{ minHeight: 24, py: 0, px: 1 }} aria-label={`Sign in: ${view.server.name}`} onClick={(event) => { event.stopPropagation(); onSignIn(view) }}>{view.signIn.state === 'never' ? 'Sign in' : 'Sign in again'}</Button>}
    </Box>
  )
}

const LastTest = ({ view: { lastTest } }: { view: OutgoingServerView }) => {
  if (!lastTest) return <Box component="span" sx={{ color: 'text.secondary' }}>not tested</Box>
  const words = lastTest.verdict === 'ok' ? 'ok' : `failed${lastTest.failedAt ? ` at ${stepInText(lastTest.failedAt)}` : ''}`
  return <Tooltip title={words}><span>{words}, <LocalTime at={lastTest.at} /></span></Tooltip>
}
