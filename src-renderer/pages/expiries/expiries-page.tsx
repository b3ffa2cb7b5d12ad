import { Box, Button, Link } from '@mui/material'
import type { Expiry } from '#contract/advice.ts'
import { dayText, leftText } from '../../components/days.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { hashOf } from '../../components/hash-location.ts'
import { PageFrame, Panel } from '../../components/page-frame.tsx'
import { StatusMark, type Tone } from '../../components/status-mark.tsx'
import { fullTime } from '../../components/times.tsx'
import { useIsAdministrator } from '../../main-process/console-state.ts'
import { useCall } from '../../main-process/use-call.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'

const whatWords: Record<Expiry['what'], string> = { 'client-secret': 'Client secret', 'client-certificate': 'Client certificate', 'sign-in': 'Unused sign-in', 'server-certificate': 'Certificate of the server', 'own-certificate': 'Own certificate', 'ca-certificate': 'Certificate authority', provider: 'Announced by the provider' }

/** What ends, nearest first: client secrets, certificates, sign-ins, what providers switch off. */
export const ExpiriesPage = () => {
  const { value, problem, reload } = useCall('expiries.list', {}, { refreshOn: ['servers-changed', 'settings-changed'] })
  const expiries = [...(value ?? [])].sort((a, b) => a.at.localeCompare(b.at))
  return (
    <PageFrame title="Expiries" intro="Everything with an end, nearest first. The bell warns 60, 30 and 7 days ahead.">
      {problem && <ProblemNotice problem={problem} action={<Button onClick={reload}>Try again</Button>} />}
      <Panel>
        {value && expiries.length === 0 && <EmptyState title="Nothing expires">Client secrets with their day of expiry, certificates, sign-ins that nobody uses and services that a provider switches off appear here.</EmptyState>}
        {expiries.length > 0 && <Box component="ul" aria-label="Expiries" sx={{ listStyle: 'none', m: 0, p: 0 }}>{expiries.map((expiry) => <Line key={`${expiry.kind} ${expiry.server} ${expiry.what} ${expiry.at}`} expiry={expiry} />)}</Box>}
      </Panel>
    </PageFrame>
  )
}

const kindWords: Record<Expiry['kind'], string> = { incoming: 'incoming', outgoing: 'outgoing', 'native-mail': 'native mail', 'hand-over': 'help desk' }
const placeOf = ({ kind, server }: Expiry): string => (kind === 'native-mail' || kind === 'hand-over' ? hashOf(kind) : hashOf('email-settings', kind, server, 'open'))

const toneOf = (days: number): Tone => (days < 0 ? 'bad' : days <= 7 ? 'bad' : days <= 60 ? 'warning' : 'neutral')

const Line = ({ expiry }: { expiry: Expiry }) => {
  const administrator = useIsAdministrator()
  return (
    <Box component="li" sx={{ display: 'grid', gridTemplateColumns: { xs: '1fr', sm: '140px 130px minmax(0, 1.3fr) minmax(0, 2fr) 72px' }, columnGap: 1.5, rowGap: 0.25, px: 1.5, py: 1, alignItems: 'start', borderBottom: 1, borderColor: 'divider', '&:last-of-type': { borderBottom: 0 } }}>
      <StatusMark tone={toneOf(expiry.daysLeft)}>{leftText(expiry.daysLeft)}</StatusMark>
      <time dateTime={expiry.at} title={fullTime(expiry.at)}>{dayText(expiry.at)}</time>
      <Box sx={{ minWidth: 0, overflowWrap: 'anywhere' }}><Link href={placeOf(expiry)} underline="always" sx={{ fontWeight: 600, color: 'text.primary' }}>{expiry.server}</Link><Box sx={{ color: 'text.secondary', fontSize: 12.5 }}>{whatWords[expiry.what]} · {kindWords[expiry.kind]}</Box></Box>
      <Box sx={{ color: 'text.secondary', overflowWrap: 'anywhere' }}>{expiry.text}</Box>
      {expiry.what === 'sign-in' && administrator ? <Button sx={{ justifySelf: 'start' }} aria-label={`Sign in: ${expiry.server}`} href={hashOf('email-settings', expiry.kind, expiry.server, 'sign-in')}>Sign in</Button> : <Button sx={{ justifySelf: 'start' }} aria-label={`Open ${expiry.server}`} href={placeOf(expiry)}>Open</Button>}
    </Box>
  )
}
