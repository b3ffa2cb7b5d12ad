import { Box, Dialog, InputBase } from '@mui/material'
import { useEffect, useState, type KeyboardEvent } from 'react'
import type { IncomingServerView } from '#contract/incoming-server.ts'
import type { OutgoingServerView } from '#contract/outgoing-server.ts'
import { goTo, hashOf, withSearch } from '../components/hash-location.ts'
import { useIsAdministrator } from '../main-process/console-state.ts'
import { callMain } from '../main-process/call-main.ts'
import { useCall } from '../main-process/use-call.ts'
import { newWorkId } from '../main-process/use-work.ts'
import { toldOf } from '../pages/email-settings/fetch-now.tsx'
import { useAct, useToasts } from '../problems/toasts.tsx'
import { fieldWords } from './field-words.ts'
import { fits } from './find-command.ts'
import { pages } from './pages.tsx'

type Command = { id: string; kind: 'Page' | 'Server' | 'Action' | 'Field'; label: string; words: string; /** Where a field stands. */ place?: string; run: () => void }
const mostShown = 14

/** Ctrl/⌘-K: pages, servers, actions and fields by a few letters. */
export const Palette = ({ onClose }: { onClose: () => void }) => {
  const { commands, loading } = useCommands()
  const [query, setQuery] = useState('')
  const [active, setActive] = useState(0)
  const [entered, setEntered] = useState(false)
  const found = commands.filter((command) => (command.kind !== 'Field' || query.trim() !== '') && fits(command, query)).slice(0, mostShown)
  const run = (command: Command | undefined): void => {
    if (!command) return
    onClose()
    command.run()
  }
  // Who types fast presses Enter before the servers are known: it counts as soon as they are.
  useEffect(() => {
    if (entered && !loading) run(found[active])
  })
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined) setActive((active + step + found.length) % Math.max(1, found.length))
    else if (event.key === 'Enter' && loading && !found[active]) setEntered(true)
    else if (event.key === 'Enter') run(found[active])
    else return
    event.preventDefault()
  }
  return (
    <Dialog open onClose={onClose} maxWidth={false} transitionDuration={60} slotProps={{ paper: { 'aria-label': 'Search or command', 'aria-labelledby': undefined, sx: { width: 560, maxWidth: 'calc(100vw - 32px)', position: 'absolute', top: '8vh', m: 0 } } }}>
      <InputBase
        autoFocus value={query} placeholder="Go to a page, a server, or do something" onKeyDown={onKeyDown} onChange={(event) => { setQuery(event.target.value); setActive(0); setEntered(false) }}
        inputProps={{ role: 'combobox', 'aria-label': 'Search or command', 'aria-expanded': true, 'aria-controls': 'palette-list', 'aria-activedescendant': found[active] ? `palette-${active}` : undefined, autoComplete: 'off' }}
        sx={{ px: 2, height: 46, flex: 'none', fontSize: 14, borderBottom: 1, borderColor: 'divider' }}
      />
      <Box id="palette-list" role="listbox" aria-label="Found" sx={{ p: 0.75, overflow: 'auto' }}>
        {found.map((command, index) => (
          <Box key={command.id} id={`palette-${index}`} role="option" aria-selected={index === active} onClick={() => run(command)} onMouseMove={() => setActive(index)} sx={{ display: 'flex', alignItems: 'center', height: 34, px: 1.25, borderRadius: 1, cursor: 'pointer', bgcolor: index === active ? 'action.selected' : undefined }}>
            <Box sx={{ flex: 1, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}>{command.label}</Box>
            <Box sx={{ fontSize: 12, color: 'text.secondary', whiteSpace: 'nowrap' }}>{command.place ?? command.kind}</Box>
          </Box>
        ))}
      </Box>
      {found.length === 0 && !loading && <Box role="status" sx={{ p: 2, pt: 0, color: 'text.secondary' }}>Nothing fits “{query}”. Requests are searched on their own page.</Box>}
    </Dialog>
  )
}

/** While `loading`, the pages alone: they come first, so nothing found then moves when the rest arrives. */
const useCommands = (): { commands: Command[]; loading: boolean } => {
  const incoming = useCall('incoming.list', {})
  const outgoing = useCall('outgoing.list', {})
  const administrator = useIsAdministrator()
  const act = useAct()
  const { say } = useToasts()
  const fetchAll = (): void => void act(async () => say(...toldOf(await callMain('incoming.fetch-all', { workId: newWorkId() }))))
  const toServer = (kind: string, name: string, deed: string) => (): void => goTo(hashOf('email-settings', kind, name, deed))
  const ofPages = pages.map((page): Command => ({ id: page.id, kind: 'Page', label: page.title, words: page.keywords, run: () => goTo(hashOf(page.id)) }))
  if (incoming.loading || outgoing.loading) return { commands: ofPages, loading: true }
  const commands: Command[] = [
    ...ofPages,
    ...(incoming.value ?? []).flatMap(({ server }): Command[] => [
      { id: `in ${server.name}`, kind: 'Server', label: `Open ${server.name}`, words: `incoming ${server.host} ${server.auth.user}`, run: toServer('incoming', server.name, 'open') },
      { id: `in test ${server.name}`, kind: 'Action', label: `Test incoming mail: ${server.name}`, words: server.host, run: toServer('incoming', server.name, 'test') },
      { id: `reconcile ${server.name}`, kind: 'Action', label: `Reconcile: ${server.name}`, words: 'ledger missing mail lost', run: () => goTo(withSearch(hashOf('ledger', 'reconcile'), { server: server.name })) },
      { id: `in transcript ${server.name}`, kind: 'Action', label: `Transcript of incoming mail: ${server.name}`, words: 'debug live log', run: toServer('incoming', server.name, 'transcript') }
    ]),
    ...(outgoing.value ?? []).flatMap(({ server }): Command[] => [
      { id: `out ${server.name}`, kind: 'Server', label: `Open ${server.name}`, words: `outgoing ${server.host} ${server.auth.user}`, run: toServer('outgoing', server.name, 'open') },
      { id: `out test ${server.name}`, kind: 'Action', label: `Test outgoing mail: ${server.name}`, words: server.host, run: toServer('outgoing', server.name, 'test') },
      { id: `out transcript ${server.name}`, kind: 'Action', label: `Transcript of outgoing mail: ${server.name}`, words: 'debug live log', run: toServer('outgoing', server.name, 'transcript') }
    ]),
    ...(administrator ? signIns(incoming.value ?? [], outgoing.value ?? []) : []),
    { id: 'fetch-all', kind: 'Action', label: 'Fetch mail of all servers now', words: 'round incoming', run: fetchAll },
    ...(administrator
      ? ([
          { id: 'set-up', kind: 'Action', label: 'Set up servers from an address', words: 'wizard add autoconfig new', run: () => goTo(hashOf('email-settings', 'set-up')) },
          { id: 'backup', kind: 'Action', label: 'Make a backup', words: 'restore data folder save', run: () => goTo(hashOf('configuration', 'backup')) },
          { id: 'earlier', kind: 'Action', label: 'Go back to an earlier configuration', words: 'undo import rollback restore', run: () => goTo(hashOf('configuration', 'earlier')) },
          { id: 'add-spam-rule', kind: 'Action', label: 'Add a spam rule', words: 'filter drop block new', run: () => goTo(hashOf('spam-filter', 'new')) },
          { id: 'start-all', kind: 'Action', label: 'Start all incoming servers', words: 'fetch', run: () => void act(async () => say(`Started: ${(await callMain('incoming.start-all', {})).started.join(', ') || 'none'}.`)) },
          { id: 'stop-all', kind: 'Action', label: 'Stop all incoming servers', words: 'fetch', run: () => void act(async () => say(`Stopped: ${(await callMain('incoming.stop-all', {})).stopped.join(', ') || 'none'}.`)) }
        ] satisfies Command[])
      : []),
    ...fieldWords.map(({ label, page, place, words, side }): Command => ({ id: `field ${place} ${label}`, kind: 'Field', label, place, words: `${words} ${place}`, run: () => goTo(side === 'incoming' || side === 'outgoing' ? toTheOnly(side, side === 'incoming' ? incoming.value : outgoing.value) : hashOf(page)) }))
  ]
  return { commands, loading: false }
}

/** Where there is but one server of a side, its fields are opened at once; among several somebody has to choose. */
const toTheOnly = (side: 'incoming' | 'outgoing', views: readonly { server: { name: string } }[] | null): string => (views?.length === 1 && views[0] ? hashOf('email-settings', side, views[0].server.name, 'open') : hashOf('email-settings'))

/** Servers that a person can sign in to. */
const signIns = (incoming: readonly IncomingServerView[], outgoing: readonly OutgoingServerView[]): Command[] =>
  [...incoming.map((view) => ({ side: 'incoming', ...view })), ...outgoing.map((view) => ({ side: 'outgoing', ...view }))].flatMap(({ side, server, signIn }): Command[] =>
    signIn && signIn.state !== 'app' ? [{ id: `sign in ${side} ${server.name}`, kind: 'Action', label: `Sign in: ${server.name} (${side})`, words: server.auth.user, run: () => goTo(hashOf('email-settings', side, server.name, 'sign-in')) }] : []
  )
