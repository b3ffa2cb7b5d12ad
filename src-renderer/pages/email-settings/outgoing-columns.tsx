import { Box, Button, Link, Tooltip } from '@mui/material'
import type { ReactNode } from 'react'
import type { OutgoingServerView } from '#contract/outgoing-server.ts'
import type { Column } from '../../components/data-table.tsx'
import { hashOf, withSearch } from '../../components/hash-location.ts'
import { Mono } from '../../components/mono.tsx'
import { outgoingType, sendingState, serverPlace, testWords } from '../../components/server-words.ts'
import { countText, plural } from '../../components/sizes.ts'
import { StatusMark } from '../../components/status-mark.tsx'
import { LocalTime, useNow } from '../../components/times.tsx'
import { AdvisedName } from './advice/advised-name.tsx'

type OnView = ((view: OutgoingServerView) => void) | undefined
/** What can be done in a row; left out for whoever may not. */
export type RowDeeds = { onReturn: OnView; onSignIn: OnView; onClearTest: OnView }

/** The columns of the table of outgoing servers: who sends, whether it works, what waits, how the last test went. */
export const outgoingColumns = ({ onReturn, onSignIn, onClearTest }: RowDeeds): Column<OutgoingServerView>[] => [
  { id: 'name', header: 'Name', width: 'minmax(96px, 1fr)', cell: ({ server, advice }) => <AdvisedName name={server.name} advice={advice} /> },
  { id: 'type', header: 'Type', width: 'minmax(126px, 0.6fr)', cell: outgoingType },
  { id: 'server', header: 'Server', width: 'minmax(110px, 1.5fr)', cell: (view) => <Mono title={serverPlace(view)}>{serverPlace(view)}</Mono> },
  { id: 'sender', header: 'Sender', width: 'minmax(104px, 1.4fr)', cell: (view) => <Sender view={view} /> },
  { id: 'state', header: 'State', width: 'minmax(190px, 1.8fr)', cell: (view) => <SendingState view={view} onReturn={onReturn} onSignIn={onSignIn} /> },
  { id: 'outbox', header: 'Outbox', width: 'minmax(66px, 0.3fr)', cell: (view) => <InOutbox view={view} /> },
  { id: 'test', header: 'Last test', width: 'minmax(160px, 1.1fr)', cell: (view) => <LastTest view={view} onClear={onClearTest} /> }
]

const SmallButton = ({ children, label, title, onClick }: { children: ReactNode; label: string; title?: string; onClick: () => void }) => (
  <Button sx={{ minHeight: 24, py: 0, px: 1, flex: 'none' }} aria-label={label} title={title} onClick={(event) => { event.stopPropagation(); onClick() }}>{children}</Button>
)

const SendingState = ({ view, onReturn, onSignIn }: { view: OutgoingServerView; onReturn: OnView; onSignIn: OnView }) => {
  const state = sendingState(view, useNow())
  return (
    <Box sx={{ display: 'flex', alignItems: 'center', gap: 1 }}>
      <StatusMark tone={state.tone} title={state.words}>{state.words}</StatusMark>
      {view.onAlternateSince && onReturn && <SmallButton label={`Return: ${view.server.name}`} title="Send through the primary server again" onClick={() => onReturn(view)}>Return</SmallButton>}
      {onSignIn && (view.signIn?.state === 'never' || view.signIn?.state === 'refused') && <SmallButton label={`Sign in: ${view.server.name}`} onClick={() => onSignIn(view)}>{view.signIn.state === 'never' ? 'Sign in' : 'Sign in again'}</SmallButton>}
    </Box>
  )
}

/** The From address, and whether it was shown to be ours where that is asked for. */
const Sender = ({ view: { server, senderVerified } }: { view: OutgoingServerView }) => {
  const address = <Mono title={server.senderName ? `${server.senderName} <${server.replyTo}>` : server.replyTo}>{server.replyTo || '–'}</Mono>
  if (senderVerified === null || server.replyTo === '') return address
  return senderVerified ? <StatusMark tone="good" title={`${server.replyTo}: verified by a code`}>{address}</StatusMark> : <StatusMark tone="warning" title={`${server.replyTo} is not verified: mail is held until it is`}><Link href={hashOf('senders')} onClick={(event) => event.stopPropagation()}>{server.replyTo}</Link></StatusMark>
}

/** Mail for this server that is not sent, with the way to it; what a person has to look at comes first. */
const InOutbox = ({ view: { server, outbox: { waiting, stuck } } }: { view: OutgoingServerView }) => {
  if (waiting === 0) return <>0</>
  const words = stuck > 0 ? `${countText(stuck)} stuck` : `${countText(waiting)} waiting`
  const label = `${plural(waiting, 'mail')} of ${server.name} in the outbox${stuck > 0 ? `, ${countText(stuck)} of them to be looked at` : ''}`
  return <Link href={withSearch(hashOf('outbox'), { server: server.name })} title={label} aria-label={label} onClick={(event) => event.stopPropagation()} sx={stuck > 0 ? { color: 'error.main', fontWeight: 600, textDecoration: 'underline' } : {}}>{words}</Link>
}

const LastTest = ({ view, onClear }: { view: OutgoingServerView; onClear: OnView }) => {
  const { lastTest, server } = view
  if (!lastTest) return <Box component="span" sx={{ color: 'text.secondary' }}>not tested</Box>
  const words = testWords(lastTest)
  return (
    <Box sx={{ display: 'flex', alignItems: 'center', gap: 0.5, minWidth: 0 }}>
      <Tooltip title={words}><Box component="span" sx={{ overflow: 'hidden', textOverflow: 'ellipsis' }}>{words}, <LocalTime at={lastTest.at} /></Box></Tooltip>
      {onClear && <SmallButton label={`Clear the test result of ${server.name}`} onClick={() => onClear(view)}>Clear</SmallButton>}
    </Box>
  )
}
