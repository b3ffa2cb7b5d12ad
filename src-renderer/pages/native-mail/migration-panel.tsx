import { Box, Button, Link, Typography } from '@mui/material'
import { useState, type ReactNode } from 'react'
import { nativeMailStages, type NativeMailState } from '#contract/native-mail.ts'
import { Tick } from '../../components/fields.tsx'
import { useAsk } from '../../components/ask.tsx'
import { hashOf } from '../../components/hash-location.ts'
import { LookOnly } from '../../components/look-only.tsx'
import { Mono } from '../../components/mono.tsx'
import { Panel } from '../../components/page-frame.tsx'
import { plural } from '../../components/sizes.ts'
import { StatusIcon } from '../../components/status-mark.tsx'
import { callMain } from '../../main-process/call-main.ts'
import { useIsAdministrator } from '../../main-process/console-state.ts'
import { useCall } from '../../main-process/use-call.ts'
import { useAct, useToasts } from '../../problems/toasts.tsx'
import { TestMail } from './test-mail.tsx'

type Needs = { state: NativeMailState; onActivate: () => void; reload: () => void }

/** The move from fetching to native mail, step by step; each can be taken back until the last is done. */
export const MigrationPanel = ({ state, onActivate, reload }: Needs) => {
  const administrator = useIsAdministrator()
  const reached = nativeMailStages.indexOf(state.stage)
  const finished = state.stage === 'native'
  return (
    <Panel title="Move from fetching to native mail">
      <Box component="ol" sx={{ m: 0, p: 1.5, listStyle: 'none', display: 'grid', gap: 2 }}>
        <Step number={1} done={reached >= 1} title="Switch and configure" words="The console gets its address and begins to listen. Fetching goes on as before.">
          {reached === 0 && administrator && <Button onClick={onActivate}>Switch and configure</Button>}
        </Step>
        <Step number={2} done={finished} pending={reached === 0} title="Let mail come here" words={<>Make your mailboxes forward to {state.supportAddress ? <Mono>{state.supportAddress}</Mono> : 'the support address'} as described below, or name {state.mailServer ? <Mono>{state.mailServer.replace(/:\d+$/, '')}</Mono> : 'this server'} in the MX record of your domain{portOf(state) === 25 ? '' : `; such mail comes to port 25, which must then lead to port ${portOf(state)}`}. Let the mailboxes keep a copy until the move is finished. Mail of a mailbox that forwards and is still fetched makes two requests, so go on soon.</>}>
          {reached > 0 && !finished && <Box sx={{ color: 'text.secondary' }}>{state.received.mails === 0 ? 'No message has come this way yet.' : `${plural(state.received.mails, 'message')} came this way so far.`}</Box>}
        </Step>
        <Step number={3} done={reached >= 2} pending={reached === 0} title="Send a test mail" words="It travels to the support address and is recognised on arrival; it makes no request.">
          {reached > 0 && !finished && administrator && <TestMail first={reached === 1} onDone={reload} />}
        </Step>
        <Step number={4} done={finished} pending={reached < 2} title="Finish configuration" words={finished ? 'The move is finished.' : 'Servers that are not needed any more stop fetching. They stay configured and can be started again.'}>
          {reached === 2 && administrator && <Finish fetching={state.fetching} reload={reload} />}
          {finished && state.fetching.length > 0 && <Box sx={{ color: 'text.secondary' }}>Still fetching: {state.fetching.join(', ')}.</Box>}
        </Step>
      </Box>
      {!administrator && !finished && <Box sx={{ px: 1.5, pb: 1.5 }}><LookOnly what="how mail is received" /></Box>}
    </Panel>
  )
}

/** An MX record names no port: mail that follows it always goes to 25 (RFC 5321 5.1). */
const portOf = ({ settings }: NativeMailState): number => settings.port

type StepNeeds = { number: number; done: boolean; pending?: boolean; title: string; words: ReactNode; children?: ReactNode }

const Step = ({ number, done, pending = false, title, words, children }: StepNeeds) => (
  <Box component="li" sx={{ display: 'grid', gridTemplateColumns: '22px minmax(0, 1fr)', gap: 1 }}>
    <Box sx={{ pt: 0.25 }}>{done ? <StatusIcon tone="good" label="Done" /> : <StatusIcon tone="pending" label="To do" />}</Box>
    <Box sx={{ display: 'grid', gap: 0.75, minWidth: 0, justifyItems: 'start' }}>
      <Box>
        <Typography variant="h3" sx={pending ? { color: 'text.secondary' } : {}}>{number}. {title}</Typography>
        <Box sx={{ color: 'text.secondary', maxWidth: 760, overflowWrap: 'anywhere' }}>{words}</Box>
      </Box>
      {children}
    </Box>
  </Box>
)

const Finish = ({ fetching, reload }: { fetching: readonly string[]; reload: () => void }) => {
  const [kept, setKept] = useState<readonly string[]>([])
  const addresses = useCall('incoming.list', {}, { refreshOn: ['servers-changed'] }).value ?? []
  const ask = useAsk()
  const act = useAct()
  const { say } = useToasts()
  const stop = fetching.filter((name) => !kept.includes(name))
  const mailOf = (name: string): string => addresses.find(({ server }) => server.name === name)?.server.addresses.join(', ') ?? ''
  const finish = async (): Promise<void> => {
    const goAhead = await ask({ title: 'Finish configuration', confirm: 'Finish', body: stop.length === 0 ? 'No server stops fetching.' : <>These servers stop fetching; mail that is left in their mailboxes, or still goes there, is not taken any more:<Box component="ul" sx={{ my: 0.5, pl: 2.5 }}>{stop.map((name) => <li key={name}>{name}{mailOf(name) && ` – ${mailOf(name)}`}</li>)}</Box></> })
    if (!goAhead) return
    if (await act(() => callMain('native-mail.finish', { stop }))) say(stop.length === 0 ? 'The move to native mail is finished.' : `The move to native mail is finished; ${stop.join(', ')} stopped fetching.`)
    reload()
  }
  return (
    <>
      {fetching.length > 0 ? (
        <Box role="group" aria-label="Servers that stop fetching" sx={{ display: 'grid' }}>
          {fetching.map((name) => <Tick key={name} label={`${name} stops fetching`} helper={mailOf(name) || undefined} value={!kept.includes(name)} onChange={(stops) => setKept(stops ? kept.filter((each) => each !== name) : [...kept, name])} />)}
        </Box>
      ) : <Box sx={{ color: 'text.secondary' }}>No server fetches now. See <Link underline="always" href={hashOf('email-settings')}>E-mail settings</Link>.</Box>}
      <Button variant="contained" color="primary" onClick={() => void finish()}>Finish configuration</Button>
    </>
  )
}
