import { Box } from '@mui/material'
import type { IncomingServerView } from '#contract/incoming-server.ts'
import type { OutgoingServerView } from '#contract/outgoing-server.ts'
import { useAsk } from '../../components/ask.tsx'
import { plural } from '../../components/sizes.ts'
import { callMain } from '../../main-process/call-main.ts'
import { useCall } from '../../main-process/use-call.ts'
import { useAct, useToasts } from '../../problems/toasts.tsx'

/** What can be done to a server from the tables: start, stop, delete and the like, each with its question and its answer. */
export const useServerDeeds = (incoming: readonly IncomingServerView[]) => {
  const ask = useAsk()
  const act = useAct()
  const { say } = useToasts()
  const settings = useCall('settings.get', {}, { refreshOn: ['settings-changed'] }).value
  const reason = settings?.history.reasonRequired ? 'required' : 'optional'
  const tell = async (action: () => Promise<unknown>, done: string): Promise<void> => void ((await act(action)) && say(done))
  return {
    start: ({ server }: IncomingServerView) => void tell(() => callMain('incoming.start', { name: server.name }), `${server.name} was started.`),
    stop: ({ server }: IncomingServerView) => void tell(() => callMain('incoming.stop', { name: server.name }), `${server.name} stopped fetching.`),
    startAll: () => void act(async () => {
      const { started, drafts } = await callMain('incoming.start-all', {})
      say(`${plural(started.length, 'server')} started.${drafts.length > 0 ? ` Left out, still drafts: ${drafts.join(', ')}.` : ''}`)
    }),
    stopAll: () => void act(async () => say(`${plural((await callMain('incoming.stop-all', {})).stopped.length, 'server')} stopped.`)),
    returnToPrimary: ({ server }: OutgoingServerView) => void tell(() => callMain('outgoing.return-to-primary', { name: server.name }), `${server.name} sends through its primary server again.`),
    clearTest: ({ server }: OutgoingServerView) => void tell(() => callMain('outgoing.clear-test', { name: server.name }), `The test result of ${server.name} was cleared.`),
    makeDefault: ({ server }: OutgoingServerView) => void tell(() => callMain('outgoing.make-default', { name: server.name }), `${server.name} is the default outgoing server.`),
    removeIncoming: async ({ server, errorCount }: IncomingServerView): Promise<void> => {
      const body = <Goes name={server.name} goes={['its settings and its stored password', ...(errorCount > 0 ? [`${plural(errorCount, 'record')} of failed mail in the error folder`] : [])]} stays="Requests that came from it stay, and so does all mail on the server itself." running={server.enabled} />
      const goAhead = await ask({ title: `Delete ${server.name}`, body, confirm: 'Delete server', dangerous: true, reason })
      if (!goAhead) return
      await tell(async () => {
        if (incoming.some((view) => view.server.name === server.name && view.server.enabled)) await callMain('incoming.stop', { name: server.name })
        await callMain('incoming.delete', { name: server.name, reason: goAhead.reason })
      }, `${server.name} was deleted.`)
    },
    removeOutgoing: async ({ server, usedBy }: OutgoingServerView): Promise<void> => {
      const body = <Goes name={server.name} goes={['its settings and its stored password']} stays={usedBy.length > 0 ? `It is used by ${usedBy.join(', ')}: choose another server there first.` : 'Mail that was sent is not affected.'} running={false} />
      const goAhead = await ask({ title: `Delete ${server.name}`, body, confirm: 'Delete server', dangerous: true, reason })
      if (goAhead) await tell(() => callMain('outgoing.delete', { name: server.name, reason: goAhead.reason }), `${server.name} was deleted.`)
    }
  }
}

const Goes = ({ name, goes, stays, running }: { name: string; goes: string[]; stays: string; running: boolean }) => (
  <>
    {running && <Box sx={{ mb: 1 }}>{name} is fetching; it is stopped first.</Box>}
    What goes with {name}:
    <Box component="ul" sx={{ my: 0.5, pl: 2.5 }}>{goes.map((each) => <li key={each}>{each}</li>)}</Box>
    {stays}
  </>
)
