import { Button } from '@mui/material'
import type { OutgoingServerView } from '#contract/outgoing-server.ts'
import { outgoingProtocolNames, outgoingProtocols, type OutgoingProtocol } from '#contract/protocols.ts'
import { DataTable } from '../../components/data-table.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { Panel } from '../../components/page-frame.tsx'
import { tickColumn } from '../../components/tick-column.tsx'
import { useTicks } from '../../components/use-ticks.ts'
import { ManyButtons } from './edit-many/many-buttons.tsx'
import { AddMenu } from './add-menu.tsx'
import { useIsAdministrator } from '../../main-process/console-state.ts'
import { outgoingColumns, type RowDeeds } from './outgoing-columns.tsx'

export type TableDeeds<View, Protocol> = { add: (protocol: Protocol) => void; open: (view: View) => void; remove: (view: View) => void; test: (view: View) => void; transcript: (view: View) => void; editMany: (views: readonly View[]) => void }
type Needs = { views: readonly OutgoingServerView[] | null; selected: string | null; onSelect: (name: string) => void; deeds: TableDeeds<OutgoingServerView, OutgoingProtocol> & { copy: (view: OutgoingServerView) => void }; rowDeeds: RowDeeds; onMakeDefault: (view: OutgoingServerView) => void }

export const OutgoingTable = ({ views, selected, onSelect, deeds, rowDeeds, onMakeDefault }: Needs) => {
  const administrator = useIsAdministrator()
  const chosen = views?.find((view) => view.server.name === selected) ?? null
  const ticks = useTicks(nameOf)
  const ticked = administrator ? (views?.filter((view) => ticks.rows.has(nameOf(view))) ?? []) : []
  const copies = (views ?? []).toSorted((one, other) => Number(other.isDefault) - Number(one.isDefault)).map((view) => ({ label: `Copy of ${nameOf(view)}${view.isDefault ? ' (default)' : ''}`, onChoose: () => deeds.copy(view) }))
  const add = <AddMenu protocols={outgoingProtocols} names={outgoingProtocolNames} disabled={!administrator} onAdd={deeds.add} copies={copies} />
  const columns = [...(administrator ? [tickColumn(ticks, nameOf, nameOf)] : []), ...outgoingColumns(administrator ? rowDeeds : { onReturn: undefined, onSignIn: undefined, onClearTest: rowDeeds.onClearTest })]
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
        <DataTable label="Outgoing servers" columns={columns} rows={views ?? []} keyOf={nameOf} selected={selected} onSelect={(view) => onSelect(view.server.name)} minWidth={900} keys={{ open: deeds.open, test: deeds.test, ...(administrator ? { remove: deeds.remove, toggle: ticks.toggle } : {}) }} />
      )}
    </Panel>
  )
}

const nameOf = ({ server }: OutgoingServerView): string => server.name
