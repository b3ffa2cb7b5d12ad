import { Box, Button } from '@mui/material'
import { useState } from 'react'
import type { IncomingServerView } from '#contract/incoming-server.ts'
import type { OutgoingServerView } from '#contract/outgoing-server.ts'
import type { IncomingProtocol, OutgoingProtocol } from '#contract/protocols.ts'
import { LookOnly } from '../../components/look-only.tsx'
import { PageFrame } from '../../components/page-frame.tsx'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
import { callMain } from '../../main-process/call-main.ts'
import { useIsAdministrator } from '../../main-process/console-state.ts'
import { useAct } from '../../problems/toasts.tsx'
import { AdviceStrip } from './advice/advice-strip.tsx'
import { EditManyDialog, type ManyServers } from './edit-many/edit-many-dialog.tsx'
import { DefaultFormat } from './default-format.tsx'
import { IncomingTable } from './incoming-table.tsx'
import { OutgoingTable } from './outgoing-table.tsx'
import { RoundProgress, useFetchNow } from './fetch-now.tsx'
import { useServerDeeds } from './server-deeds.tsx'
import { ServerDialogs, type OpenDialog } from './server-dialogs.tsx'
import { useDialogFromHash } from './dialog-from-hash.ts'
import { useIncoming, useOutgoing } from './use-servers.ts'

/** Default format on top, outgoing servers, then incoming servers. */
export const EmailSettingsPage = () => {
  const incoming = useIncoming()
  const outgoing = useOutgoing()
  const [inName, setInName] = useState<string | null>(null)
  const [outName, setOutName] = useState<string | null>(null)
  const [dialog, setDialog] = useState<OpenDialog | null>(null)
  // An address may name another server while one is open: that is another dialog, with nothing of the first in it.
  const [opened, setOpened] = useState(0)
  const [many, setMany] = useState<ManyServers | null>(null)
  const administrator = useIsAdministrator()
  const act = useAct()
  const deeds = useServerDeeds(incoming.value ?? [])
  const rounds = useFetchNow()
  const change = (next: OpenDialog | null): void => {
    if (next?.side === 'incoming' && next.name !== null) setInName(next.name)
    if (next?.side === 'outgoing' && next.name !== null) setOutName(next.name)
    setDialog(next)
  }
  useDialogFromHash(incoming.value, outgoing.value, (next) => { setOpened((times) => times + 1); change(next) })
  const problem = incoming.problem ?? outgoing.problem
  const show = (kind: 'server' | 'test' | 'sign-in' | 'transcript', side: 'incoming' | 'outgoing', name: string): void => change({ kind, side, name, protocol: null })
  const move = (side: 'incoming' | 'outgoing', name: string): void =>
    void act(async () => setDialog(side === 'incoming' ? { kind: 'server', side, name: null, protocol: null, prefill: await callMain('incoming.graph-twin', { name }) } : { kind: 'server', side, name: null, protocol: null, prefill: await callMain('outgoing.graph-twin', { name }) }))
  const copy = ({ server }: OutgoingServerView): void =>
    void act(async () => setDialog({ kind: 'server', side: 'outgoing', name: null, protocol: null, prefill: await callMain('outgoing.template', { protocol: server.protocol, copyOf: server.name }) }))
  return (
    <PageFrame title="E-mail settings" actions={<Button disabled={!administrator} onClick={() => setDialog({ kind: 'set-up', side: null, name: null })}>Set up from an address…</Button>}>
      <LookOnly what="servers; a test changes nothing" />
      <AdviceStrip incoming={incoming.value ?? []} outgoing={outgoing.value ?? []} administrator={administrator} onMove={move} onSignIn={(side, name) => show('sign-in', side, name)} onOpen={(side, name) => show('server', side, name)} />
      <DefaultFormat />
      {problem && <ProblemNotice problem={problem} action={<Button onClick={() => { incoming.reload(); outgoing.reload() }}>Try again</Button>} />}
      <OutgoingTable
        views={outgoing.value} selected={outName} onSelect={setOutName} onMakeDefault={deeds.makeDefault} rowDeeds={{ onReturn: deeds.returnToPrimary, onSignIn: ({ server }) => show('sign-in', 'outgoing', server.name), onClearTest: deeds.clearTest }}
        deeds={{
          add: (protocol: OutgoingProtocol) => setDialog({ kind: 'server', side: 'outgoing', name: null, protocol }),
          open: ({ server }: OutgoingServerView) => show('server', 'outgoing', server.name), test: ({ server }: OutgoingServerView) => show('test', 'outgoing', server.name), transcript: ({ server }: OutgoingServerView) => show('transcript', 'outgoing', server.name), remove: deeds.removeOutgoing, copy, editMany: (views) => setMany({ side: 'outgoing', views })
        }}
      />
      <IncomingTable
        views={incoming.value} selected={inName} onSelect={setInName} fetching={rounds.work.running} progress={<RoundProgress work={rounds.work} />}
        deeds={{
          add: (protocol: IncomingProtocol) => setDialog({ kind: 'server', side: 'incoming', name: null, protocol }),
          open: ({ server }: IncomingServerView) => show('server', 'incoming', server.name), test: ({ server }: IncomingServerView) => show('test', 'incoming', server.name), transcript: ({ server }: IncomingServerView) => show('transcript', 'incoming', server.name), remove: deeds.removeIncoming, editMany: (views) => setMany({ side: 'incoming', views }),
          start: deeds.start, stop: deeds.stop, startAll: deeds.startAll, stopAll: deeds.stopAll, fetchNow: rounds.fetchNow,
          setUp: () => setDialog({ kind: 'set-up', side: null, name: null }), signIn: ({ server }: IncomingServerView) => show('sign-in', 'incoming', server.name)
        }}
      />
      <Box sx={{ height: 8, flex: 'none' }} />
      {many && <EditManyDialog many={many} onClose={() => setMany(null)} />}
      {dialog && <ServerDialogs key={`${opened} ${dialogKey(dialog)}`} dialog={dialog} incoming={incoming.value ?? []} outgoing={outgoing.value ?? []} onChange={change} onMove={move} />}
    </PageFrame>
  )
}

/** A server that was opened anew, or prefilled from another, begins with a fresh form; one that is renamed keeps its own. */
const dialogKey = (dialog: OpenDialog): string => ('prefill' in dialog && dialog.prefill ? `twin ${dialog.prefill.name} ${dialog.prefill.protocol}` : 'own')
