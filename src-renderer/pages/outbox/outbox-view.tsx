import Close from '@mui/icons-material/Close'
import { Box, Button, IconButton, Link, Typography } from '@mui/material'
import { useState, type ReactNode } from 'react'
import type { OutboxDetail, OutboxTry } from '#contract/outbox.ts'
import { serverSaid, wordsOf } from '#contract/problem-words.ts'
import { CopyButton } from '../../components/copy-line.tsx'
import { hashOf } from '../../components/hash-location.ts'
import { MailFrame } from '../../components/mail-frame.tsx'
import { Mono } from '../../components/mono.tsx'
import { sizeText } from '../../components/sizes.ts'
import { StatusMark } from '../../components/status-mark.tsx'
import { Countdown, fullTime, LocalTime } from '../../components/times.tsx'
import { useCall } from '../../main-process/use-call.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
import { kindWords, stateWords, throughWords, triesWords } from '../../components/outbox-words.ts'

/** One mail: how it stands and why, each try in the server's words, and the mail itself. */
export const OutboxView = ({ id, onClose }: { id: number; onClose: () => void }) => {
  const { value: mail, problem } = useCall('outbox.show', { id }, { refreshOn: ['outbox-changed'] })
  return (
    <Box component="section" aria-label="Mail" onKeyDown={(event) => { if (event.key === 'Escape') onClose() }} sx={{ flex: 1, minHeight: 0, display: 'flex', flexDirection: 'column', bgcolor: 'background.paper', border: 1, borderColor: 'divider', borderRadius: 1.5, overflow: 'hidden' }}>
      <Box sx={{ px: 2, py: 1.25, display: 'flex', gap: 1, borderBottom: 1, borderColor: 'divider' }}>
        <Box sx={{ flex: 1, minWidth: 0 }}>
          <Typography variant="h2" sx={{ fontSize: 15, overflowWrap: 'anywhere' }}>{mail ? mail.subject || '(no subject)' : ' '}</Typography>
          {mail && <StateLine mail={mail} />}
        </Box>
        <IconButton aria-label="Back to the list" title="Back to the list" sx={{ alignSelf: 'flex-start' }} onClick={onClose}><Close /></IconButton>
      </Box>
      {problem && !mail && <Box sx={{ p: 2 }}><ProblemNotice problem={problem} action={<Button onClick={onClose}>Back to the list</Button>} /></Box>}
      {mail && (
        <Box tabIndex={0} role="region" aria-label="Details of the mail" sx={{ flex: 1, overflow: 'auto', p: 2, display: 'grid', gap: 2, alignContent: 'start', gridTemplateColumns: 'minmax(0, 1fr)' }}>
          {mail.problem && mail.state !== 'sent' && <ProblemNotice key={mail.tries} problem={mail.problem} action={<Remedy mail={mail} />} />}
          <Facts mail={mail} />
          <Tries mail={mail} />
          <Words mail={mail} />
        </Box>
      )}
    </Box>
  )
}

/** The way to where the cause is mended. */
const Remedy = ({ mail: { problem, server: tried } }: { mail: OutboxDetail }) => {
  if (problem?.code === 'no-outgoing-server') return <Button href={hashOf('email-settings')}>Go to E-mail settings</Button>
  if (problem?.code === 'sender-unverified') return <Button href={hashOf('senders')}>Open verified senders</Button>
  const server = tried ?? (problem !== null && 'server' in problem ? problem.server : null)
  const mended = problem !== null && ['open-server', 'sign-in', 'pin-certificate'].includes(wordsOf(problem).action ?? '')
  return mended && server !== null ? <Box sx={{ display: 'flex', gap: 1 }}><Button href={hashOf('email-settings', 'outgoing', server, 'open')}>Open server</Button><Button href={hashOf('email-settings', 'outgoing', server, 'test')}>Test</Button></Box> : null
}

const StateLine = ({ mail: { state, nextTryAt, sentAt } }: { mail: OutboxDetail }) => (
  <Box role="status" sx={{ mt: 0.25, '& span': { whiteSpace: 'normal' } }}>
    <StatusMark tone={stateWords[state].tone} title={stateWords[state].hint}>
      {stateWords[state].words}
      {state === 'waiting' && nextTryAt !== null && <> · next try in <Countdown to={nextTryAt} /></>}
      {state === 'sent' && sentAt !== null && <> <LocalTime at={sentAt} /></>}
    </StatusMark>
  </Box>
)

const Facts = ({ mail }: { mail: OutboxDetail }) => (
  <Box component="dl" sx={{ m: 0, display: 'grid', gridTemplateColumns: 'max-content minmax(0, 1fr)', columnGap: 2, rowGap: 0.5, '& dd': { m: 0, overflowWrap: 'anywhere' }, '& dt': { color: 'text.secondary' } }}>
    <Fact label="To"><Mono>{mail.to}</Mono></Fact>
    <Fact label="Kind">{kindWords[mail.kind]}{mail.request !== null && <> · <Link underline="always" href={hashOf('requests', mail.request)}>Open request {mail.request}</Link></>}</Fact>
    <Fact label="Partition">{mail.partition}</Fact>
    <Fact label={mail.state === 'sent' ? 'Went through' : 'Last tried through'}>{throughWords(mail) || 'not tried yet'}</Fact>
    <Fact label="Written"><time dateTime={mail.createdAt}>{fullTime(mail.createdAt)}</time></Fact>
    {mail.sentAt !== null && <Fact label="Sent"><time dateTime={mail.sentAt}>{fullTime(mail.sentAt)}</time></Fact>}
    {mail.serverSaid !== '' && <Fact label="Server’s answer"><Mono>{mail.serverSaid}</Mono></Fact>}
    <Fact label="Message-ID"><Mono>{mail.messageId}</Mono> <CopyButton what="Message-ID" text={mail.messageId} /></Fact>
    {mail.inReplyTo !== null && <Fact label="In reply to"><Mono>{mail.inReplyTo}</Mono></Fact>}
    <Fact label="Size">{sizeText(mail.bytes)}</Fact>
  </Box>
)
const Fact = ({ label, children }: { label: string; children: ReactNode }) => <><dt>{label}</dt><dd>{children}</dd></>

const Tries = ({ mail: { attempts, tries } }: { mail: OutboxDetail }) => (
  <Box component="section" aria-label="Tries">
    <Typography variant="h3" sx={{ mb: 0.75 }}>{triesWords(tries, attempts.length)}</Typography>
    {attempts.length === 0 ? <Box sx={{ color: 'text.secondary' }}>It was not tried yet.</Box> : <Box component="ol" sx={{ listStyle: 'none', m: 0, p: 0, display: 'grid', gap: 0.75 }}>{attempts.map((one, index) => <Try key={`${one.at} ${index}`} one={one} />)}</Box>}
    {tries > attempts.length && attempts.length > 0 && <Box sx={{ color: 'text.secondary', mt: 0.5 }}>The newest {attempts.length} are kept.</Box>}
  </Box>
)

const Try = ({ one: { at, server, through, problem } }: { one: OutboxTry }) => {
  const said = problem === null ? null : serverSaid(problem)
  return (
    <Box component="li" sx={{ '& span': { whiteSpace: 'normal' }, overflowWrap: 'anywhere' }}>
      <StatusMark tone={problem === null ? 'good' : 'warning'}><LocalTime at={at} /> · {throughWords({ server, through })} · {problem === null ? 'taken' : wordsOf(problem).title}</StatusMark>
      {said && <Box className="mono" sx={{ pl: 2.75, fontSize: 12, color: 'text.secondary', whiteSpace: 'pre-wrap' }}>{said}</Box>}
    </Box>
  )
}

/** HTML behind glass, or the text. */
const Words = ({ mail: { html, text, subject } }: { mail: OutboxDetail }) => {
  const [plain, setPlain] = useState(false)
  return (
    <Box component="section" aria-label="Text of the mail" sx={{ display: 'grid', gap: 1, justifyItems: 'start', gridTemplateColumns: 'minmax(0, 1fr)' }}>
      <Box sx={{ display: 'flex', gap: 1, alignItems: 'center' }}><Typography variant="h3">The mail</Typography>{html !== null && <Button variant="text" onClick={() => setPlain(!plain)}>{plain ? 'Show HTML' : 'Show as text'}</Button>}</Box>
      {html !== null && !plain ? <Box sx={{ width: '100%' }}><MailFrame html={html} title={`Mail ${subject}`} address={null} /></Box> : <Box sx={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{text || 'There is no text.'}</Box>}
    </Box>
  )
}
