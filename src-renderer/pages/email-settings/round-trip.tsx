import { Box, Button, Typography } from '@mui/material'
import { useState } from 'react'
import type { RoundTrip } from '#contract/connection-test.ts'
import type { OutgoingServerView } from '#contract/outgoing-server.ts'
import type { Problem } from '#contract/problem.ts'
import { Choice } from '../../components/fields.tsx'
import { Mono } from '../../components/mono.tsx'
import { ProgressStrip } from '../../components/progress-strip.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { fullTime, LocalTime } from '../../components/times.tsx'
import { callMain, problemOf } from '../../main-process/call-main.ts'
import { useWork } from '../../main-process/use-work.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'

/** Sends a probe through an outgoing server and waits for it in this mailbox; shows the way that it took. A mailbox that is not `readable` gets none: it could not be found there. */
export const RoundTripPart = ({ name, outgoing, readable }: { name: string; outgoing: readonly OutgoingServerView[]; readable: boolean }) => {
  const usable = outgoing.filter(({ issues, server }) => issues.length === 0 && !server.block)
  const first = usable.find(({ isDefault }) => isDefault) ?? usable[0]
  const [through, setThrough] = useState(first?.server.name ?? '')
  const [trip, setTrip] = useState<RoundTrip | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  const work = useWork({ cancelOnLeave: true })
  const send = (): void => {
    setTrip(null)
    setProblem(null)
    work.run((workId) => callMain('incoming.round-trip', { name, through, workId })).then(setTrip, (thrown: unknown) => setProblem(problemOf(thrown)))
  }
  return (
    <Box component="section" aria-label="Round trip" sx={{ mt: 2, pt: 2, borderTop: 1, borderColor: 'divider', display: 'grid', gap: 1 }}>
      <Typography variant="h3">Round trip</Typography>
      {!readable ? <Box sx={{ color: 'text.secondary' }}>Once all steps pass, a probe can be sent to this mailbox.</Box> : usable.length === 0 ? <Box sx={{ color: 'text.secondary' }}>Needs an outgoing server that may send. Add one, and a probe can be sent to this mailbox.</Box> : (
        <Box sx={{ display: 'flex', gap: 1, alignItems: 'flex-end', flexWrap: 'wrap' }}>
          <Choice label="Send a probe through" width={260} value={through} onChange={setThrough} disabled={work.running} options={usable.map(({ server }) => ({ value: server.name, label: server.name }))} />
          <Button sx={{ minHeight: 34 }} disabled={work.running} onClick={send}>{trip || problem ? 'Send another' : 'Send'}</Button>
          <Box sx={{ color: 'text.secondary', flex: 1, minWidth: 200, pb: 0.75 }}>Goes to this mailbox and back; waits at most two minutes.</Box>
        </Box>
      )}
      {work.running && <Box sx={{ mx: -1.5 }}><ProgressStrip what={work.progress?.what ?? 'Waiting for the probe'} done={work.progress?.done ?? 0} total={work.progress?.total ?? null} onCancel={work.cancel} /></Box>}
      {problem && <Box ref={intoSight}>{problem.code === 'cancelled' ? <StatusMark tone="neutral">Cancelled. A probe that was sent may still arrive.</StatusMark> : <ProblemNotice problem={problem} open />}</Box>}
      {trip && <TripView trip={trip} through={through} />}
    </Box>
  )
}

const secondsText = (seconds: number | null): string => (seconds === null ? '–' : `${Math.round(seconds * 10) / 10} s`)

const TripView = ({ trip, through }: { trip: RoundTrip; through: string }) => (
  <Box ref={intoSight} role="status" sx={{ display: 'grid', gap: 1 }}>
    <StatusMark tone="good">Sent through {through}, found after {secondsText(trip.seconds)}.</StatusMark>
    <Box component="table" sx={{ borderCollapse: 'collapse', width: '100%', '& th, & td': { textAlign: 'left', p: '4px 8px', borderBottom: 1, borderColor: 'divider', verticalAlign: 'top', overflowWrap: 'anywhere' }, '& th': { fontSize: 12, fontWeight: 500, color: 'text.secondary' }, '& .number': { textAlign: 'right', whiteSpace: 'nowrap', fontVariantNumeric: 'tabular-nums' } }}>
      <thead><tr><th scope="col">Station</th><th scope="col">From</th><th scope="col">At</th><th scope="col" className="number">Took</th></tr></thead>
      <tbody>
        <tr><td>Sent by Mailroom</td><td>{through} said: <Mono>{trip.serverSaid}</Mono></td><td><LocalTime at={trip.sentAt} /></td><td className="number">–</td></tr>
        {trip.hops.map((hop, index) => <tr key={index}><td><Mono>{hop.by}</Mono></td><td>{hop.from ? <Mono>{hop.from}</Mono> : '–'}</td><td title={hop.at ? fullTime(hop.at) : undefined}>{hop.at ? <LocalTime at={hop.at} /> : 'not told'}</td><td className="number">{secondsText(hop.seconds)}</td></tr>)}
        <tr><td>Found in the mailbox</td><td /><td><LocalTime at={trip.foundAt} /></td><td className="number"><strong>{secondsText(trip.seconds)} in all</strong></td></tr>
      </tbody>
    </Box>
    <Box sx={{ color: 'text.secondary' }}>Clocks of the stations may differ: a hop can look longer, shorter or even negative.</Box>
  </Box>
)

const intoSight = (node: HTMLElement | null): void => node?.scrollIntoView({ block: 'nearest' })
