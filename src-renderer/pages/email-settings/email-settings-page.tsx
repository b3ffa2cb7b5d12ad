import { Box, Button } from '@mui/material'
import { useState } from 'react'
import type { IncomingServerView } from '#contract/incoming-server.ts'
import type { OutgoingServerView } from '#contract/outgoing-server.ts'
import type { IncomingProtocol, OutgoingProtocol } from '#contract/protocols.ts'
import { PageFrame } from '../../components/page-frame.tsx'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
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
  const deeds = useServerDeeds(incoming.value ?? [])
  const rounds = useFetchNow()
  useDialogFromHash(incoming.value, outgoing.value, (found) => {
    if (found.side === 'incoming') setInName(found.name)
    else setOutName(found.name)
    setDialog(found)
  })
  const problem = incoming.problem ?? outgoing.problem
  const change = (next: OpenDialog | null): void => {
    if (next?.side === 'incoming' && next.name !== null) setInName(next.name)
    if (next?.side === 'outgoing' && next.name !== null) setOutName(next.name)
    setDialog(next)
  }
  const show = (kind: 'server' | 'test', side: 'incoming' | 'outgoing', name: string): void => {
    if (side === 'incoming') setInName(name)
    else setOutName(name)
    setDialog({ kind, side, name, protocol: null })
  }
  return (
    <PageFrame title="E-mail settings">
      <DefaultFormat />
      {problem && <ProblemNotice problem={problem} action={<Button onClick={() => { incoming.reload(); outgoing.reload() }}>Try again</Button>} />}
      <OutgoingTable
        views={outgoing.value} selected={outName} onSelect={setOutName} onReturn={deeds.returnToPrimary} onMakeDefault={deeds.makeDefault}
        deeds={{
          add: (protocol: OutgoingProtocol) => setDialog({ kind: 'server', side: 'outgoing', name: null, protocol }),
          open: ({ server }: OutgoingServerView) => show('server', 'outgoing', server.name), test: ({ server }: OutgoingServerView) => show('test', 'outgoing', server.name), remove: deeds.removeOutgoing
        }}
      />
      <IncomingTable
        views={incoming.value} selected={inName} onSelect={setInName} fetching={rounds.work.running} progress={<RoundProgress work={rounds.work} />}
        deeds={{
          add: (protocol: IncomingProtocol) => setDialog({ kind: 'server', side: 'incoming', name: null, protocol }),
          open: ({ server }: IncomingServerView) => show('server', 'incoming', server.name), test: ({ server }: IncomingServerView) => show('test', 'incoming', server.name), remove: deeds.removeIncoming,
          start: deeds.start, stop: deeds.stop, startAll: deeds.startAll, stopAll: deeds.stopAll, fetchNow: rounds.fetchNow
        }}
      />
      <Box sx={{ height: 8, flex: 'none' }} />
      {dialog && <ServerDialogs dialog={dialog} incoming={incoming.value ?? []} outgoing={outgoing.value ?? []} onChange={change} />}
    </PageFrame>
  )
}
