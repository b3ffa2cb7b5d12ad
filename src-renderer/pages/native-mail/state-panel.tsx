import { Box, Button, Link } from '@mui/material'
import type { ReactNode } from 'react'
import type { NativeMailState } from '#contract/native-mail.ts'
import { useAsk } from '../../components/ask.tsx'
import { CopyButton } from '../../components/copy-line.tsx'
import { hashOf } from '../../components/hash-location.ts'
import { Mono } from '../../components/mono.tsx'
import { Panel } from '../../components/page-frame.tsx'
import { countText, plural, sizeText } from '../../components/sizes.ts'
import { StatusMark, type Tone } from '../../components/status-mark.tsx'
import { TimeAgo } from '../../components/times.tsx'
import { callMain } from '../../main-process/call-main.ts'
import { useIsAdministrator } from '../../main-process/console-state.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
import { useAct, useToasts } from '../../problems/toasts.tsx'
import { useReasonRequired } from '../../settings/use-reason-required.ts'

type Needs = { state: NativeMailState; onActivate: () => void; reload: () => void }

const standing = ({ settings, listening }: NativeMailState): { tone: Tone; words: string } =>
  !settings.enabled ? { tone: 'stopped', words: 'Not active' } : listening ? { tone: 'good', words: 'Receiving mail' } : { tone: 'bad', words: 'Active, but mail cannot be received' }

/** Whether mail is received, where to, how safely, and how much came. */
export const StatePanel = ({ state, onActivate, reload }: Needs) => {
  const administrator = useIsAdministrator()
  const reasonRequired = useReasonRequired()
  const ask = useAsk()
  const act = useAct()
  const { say } = useToasts()
  const { settings, supportAddress, mailServer, received } = state
  const { tone, words } = standing(state)
  const deactivate = async (): Promise<void> => {
    const goAhead = await ask({
      title: 'Deactivate native mail', confirm: 'Deactivate', dangerous: true, reason: reasonRequired ? 'required' : 'optional',
      body: `Mail to ${[supportAddress, ...settings.addresses].filter(Boolean).join(', ')} is not received any more. Servers that send it try for some days and then return it to its author. Incoming servers that were stopped stay stopped, so start them again under E-mail settings; the address stays reserved for the next time.`
    })
    if (!goAhead) return
    if (await act(() => callMain('native-mail.deactivate', { reason: goAhead.reason }))) say('Native mail was deactivated.')
    reload()
  }
  return (
    <Panel
      title="State"
      footer={administrator ? settings.enabled ? <><Button onClick={onActivate}>Change settings</Button><Button onClick={() => void deactivate()}>Deactivate</Button></> : <Button variant="contained" color="primary" onClick={onActivate}>Activate</Button> : null}
    >
      <Box sx={{ p: 1.5, display: 'grid', gap: 1.5 }}>
        <Box role="status" sx={{ fontWeight: 600, fontSize: 14 }}><StatusMark tone={tone}>{words}</StatusMark></Box>
        {!settings.enabled && supportAddress !== null && state.fetching.length === 0 && <Box role="note" sx={{ '& span': { whiteSpace: 'normal' } }}><StatusMark tone="warning">No mail comes in: native mail is not active, and no server fetches. <Link underline="always" href={hashOf('email-settings')}>Start fetching</Link></StatusMark></Box>}
        {state.problem && <ProblemNotice problem={state.problem} action={administrator ? <Button onClick={onActivate}>Change settings</Button> : undefined} />}
        {settings.enabled || supportAddress !== null ? (
          <Box component="dl" sx={{ m: 0, display: 'grid', gridTemplateColumns: { xs: '1fr', sm: '150px minmax(0, 1fr)' }, columnGap: 1.5, rowGap: 0.75, alignItems: 'baseline', '& dt': { color: 'text.secondary' }, '& dd': { m: 0, minWidth: 0, overflowWrap: 'anywhere' } }}>
            <Row name="Support address">{supportAddress === null ? 'made when it is activated' : <Copied what="support address" text={supportAddress} />}</Row>
            <Row name="Mail server">{mailServer === null ? '–' : <Copied what="mail server" text={mailServer} />}</Row>
            {settings.addresses.length > 0 && <Row name="Also takes mail for"><Mono>{settings.addresses.join(', ')}</Mono></Row>}
            <Row name="Encryption">{state.encrypted ? <StatusMark tone="good">STARTTLS is offered</StatusMark> : <StatusMark tone="warning">None: without a certificate, mail can be read on its way</StatusMark>}</Row>
            <Row name="Requests">{`Partition ${settings.partition ?? 'that is the default'}, template ${settings.template ?? 'Default'}; up to ${sizeText(settings.maxMessageSize)} a message`}</Row>
            <Row name="Received">{plural(received.mails, 'message')}{received.lastAt && <>, the last <TimeAgo at={received.lastAt} /></>}{received.refused > 0 && ` · ${countText(received.refused)} refused`}</Row>
          </Box>
        ) : <Box sx={{ color: 'text.secondary' }}>Activating makes a support address for this console and opens a port for mail. Your incoming servers go on fetching until you finish the move below.</Box>}
      </Box>
    </Panel>
  )
}

const Row = ({ name, children }: { name: string; children: ReactNode }) => <><dt>{name}</dt><dd>{children}</dd></>
const Copied = ({ what, text }: { what: string; text: string }) => <Box component="span" sx={{ display: 'inline-flex', alignItems: 'center', gap: 0.5, flexWrap: 'wrap', my: -0.5 }}><Box component="span" sx={{ fontWeight: 500 }}><Mono>{text}</Mono></Box><CopyButton what={what} text={text} /></Box>
