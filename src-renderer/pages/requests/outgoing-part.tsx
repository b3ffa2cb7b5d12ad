import { Box, Button, Link } from '@mui/material'
import type { OutboxPage, OutboxRow } from '#contract/outbox.ts'
import { hashOf, withSearch } from '../../components/hash-location.ts'
import { Mono } from '../../components/mono.tsx'
import { asideOf, kindWords, stateWords } from '../../components/outbox-words.ts'
import { countText } from '../../components/sizes.ts'
import { StatusMark } from '../../components/status-mark.tsx'
import { Countdown, LocalTime } from '../../components/times.tsx'
import type { Loaded } from '../../main-process/use-call.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'

/** Mail that goes out about a request by itself, newest first: how each stands, and the way to it in the outbox. */
export const OutgoingPart = ({ mails: { value, problem, reload } }: { mails: Loaded<OutboxPage> }) => {
  if (problem) return <Box sx={{ p: 2 }}><ProblemNotice problem={problem} action={<Button onClick={reload}>Try again</Button>} /></Box>
  if (value === null) return null
  if (value.rows.length === 0) return <Nothing />
  return (
    <>
      <Box component="ul" aria-label="Outgoing mail" sx={{ m: 0, p: 0, listStyle: 'none' }}>{value.rows.map((row) => <Mail key={row.id} row={row} />)}</Box>
      {value.total > value.rows.length && <Box sx={{ px: 2, py: 1.25, color: 'text.secondary' }}>The newest {countText(value.rows.length)} of {countText(value.total)}.</Box>}
    </>
  )
}

const Mail = ({ row }: { row: OutboxRow }) => {
  const { words, tone, hint } = stateWords[row.state]
  const aside = asideOf(row)
  return (
    <Box component="li" sx={{ px: 2, py: 1.25, borderBottom: 1, borderColor: 'divider' }}>
      <Box sx={{ display: 'flex', columnGap: 1.5, flexWrap: 'wrap', alignItems: 'center' }}>
        <StatusMark tone={row.state === 'waiting' && row.tries > 0 ? 'warning' : tone} title={hint}>{words}{row.state === 'waiting' && row.nextTryAt !== null && <> · next try in <Countdown to={row.nextTryAt} /></>}</StatusMark>
        <Box component="span" sx={{ fontWeight: 600 }}>{kindWords[row.kind]}</Box>
        <Box sx={{ ml: 'auto', color: 'text.secondary' }}><LocalTime at={row.sentAt ?? row.createdAt} /></Box>
      </Box>
      <Box sx={{ mt: 0.25, overflowWrap: 'anywhere' }}><Link underline="always" href={withSearch(hashOf('outbox', row.id), { state: row.state === 'sent' ? 'sent' : null })} title="Open in the outbox">{row.subject || '(no subject)'}</Link> to <Mono>{row.to}</Mono></Box>
      {aside !== '' && <Box sx={{ color: 'text.secondary', overflowWrap: 'anywhere' }}>{aside}</Box>}
    </Box>
  )
}

const Nothing = () => (
  <Box sx={{ p: 2, color: 'text.secondary' }}>
    The outbox has no mail about this request. What was sent is kept there for some days only; what goes out by itself is set under <Link underline="always" href={hashOf('mail-templates')}>Answers and notifications</Link>.
  </Box>
)
