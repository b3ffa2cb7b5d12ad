import Close from '@mui/icons-material/Close'
import { Box, Button, IconButton, Typography } from '@mui/material'
import type { Difference, DifferingMessage, Reconciliation } from '#contract/ledger.ts'
import { Details } from '../../components/details.tsx'
import { hashOf, withSearch } from '../../components/hash-location.ts'
import { Mono } from '../../components/mono.tsx'
import { countText, plural, sizeText } from '../../components/sizes.ts'
import { StatusIcon } from '../../components/status-mark.tsx'
import { LocalTime } from '../../components/times.tsx'
import { outcomeLooks, verdictLooks } from './ledger-words.ts'

type Deeds = { take: (ids: string[]) => void; moveBack: () => void }
/** `deeds` is null for who only looks. */
type Needs = { found: Reconciliation; busy: boolean; deeds: Deeds | null; onAgain: () => void; onClose: () => void }

/** What a reconciliation found: the verdict first, then the numbers of both sides, then each difference with what to do. */
export const ReconciliationView = ({ found, busy, deeds, onAgain, onClose }: Needs) => {
  const look = verdictLooks[found.verdict]
  return (
    <Box component="section" aria-label={`Reconciliation of ${found.server}`} sx={{ border: 1, borderColor: 'divider', borderRadius: 1.5, bgcolor: 'background.paper', p: 2, display: 'grid', gap: 1.5 }}>
      <Box sx={{ display: 'flex', gap: 1.25, alignItems: 'flex-start' }}>
        <Box sx={{ pt: 0.5, '& svg': { fontSize: 22 } }}><StatusIcon tone={look.tone} /></Box>
        <Box sx={{ flex: 1, minWidth: 0, overflowWrap: 'anywhere' }}>
          <Typography role="status" sx={{ fontSize: 20, fontWeight: 600, lineHeight: 1.3 }}>{found.server}: {look.word}</Typography>
          <Box sx={{ color: 'text.secondary' }}>{found.problem === null ? <Numbers found={found} /> : found.problem.title}</Box>
        </Box>
        {found.problem !== null && <Button href={hashOf('email-settings', 'incoming', found.server, 'test')}>Test</Button>}
        <Button disabled={busy} onClick={onAgain}>Again</Button>
        <IconButton aria-label={`Close the reconciliation of ${found.server}`} onClick={onClose}><Close sx={{ fontSize: 18 }} /></IconButton>
      </Box>
      {found.differences.map((difference, index) => <DifferenceView key={index} server={found.server} difference={difference} busy={busy} deeds={deeds} />)}
    </Box>
  )
}

const Numbers = ({ found: { onServer, inLedger, at } }: { found: Reconciliation }) => (
  <>
    <div>On the server: {plural(onServer.inbox, 'mail')} in the inbox, {countText(onServer.known)} of them in the ledger, {countText(onServer.unread)} unread{onServer.errorFolder === null ? '' : `; ${countText(onServer.errorFolder)} in the error folder`}.</div>
    <div>In the ledger: {inLedger.length === 0 ? 'nothing yet' : inLedger.map(({ outcome, count }) => plural(count, ...outcomeLooks[outcome].counted)).join(', ')}. <LocalTime at={at} /></div>
  </>
)

const mostShown = 50

const DifferenceView = ({ server, difference: { kind, isLoss, count, title, remedy, messages }, busy, deeds }: { server: string; difference: Difference; busy: boolean; deeds: Deeds | null }) => {
  const ids = messages.flatMap(({ id }) => id ?? [])
  return (
    <Box sx={{ borderTop: 1, borderColor: 'divider', pt: 1.5, display: 'flex', gap: 1.25 }}>
      <Box sx={{ pt: 0.25 }}><StatusIcon tone={isLoss ? 'warning' : 'neutral'} label={isLoss ? 'Needs attention' : 'For information'} /></Box>
      <Box sx={{ flex: 1, minWidth: 0, display: 'grid', gap: 0.5, overflowWrap: 'anywhere' }}>
        <Box sx={{ fontWeight: isLoss ? 600 : 400 }}>{title}</Box>
        <Box sx={{ color: 'text.secondary' }}>{remedy}</Box>
        <Box sx={{ display: 'flex', gap: 1, flexWrap: 'wrap', mt: 0.5 }}>
          {kind === 'not-taken' && <Button variant={isLoss ? 'contained' : 'outlined'} color={isLoss ? 'primary' : 'inherit'} disabled={busy || deeds === null} onClick={() => deeds?.take(ids)}>{count > ids.length ? `Take the first ${countText(ids.length)} now` : `Take ${count === 1 ? 'it' : 'them'} ${isLoss ? 'now' : 'nevertheless'}`}</Button>}
          {kind === 'not-in-error-folder' && <Button href={withSearch(hashOf('error-folder'), { server })}>Open the records to replay</Button>}
          {kind === 'not-recorded' && <Button disabled={busy || deeds === null} onClick={() => deeds?.moveBack()}>Move all in it to the inbox</Button>}
        </Box>
        {messages.length > 0 && <Details label={messages.length < count ? `The first ${countText(messages.length)}` : plural(count, 'mail')} open={isLoss && count <= 5}><Messages messages={messages} /></Details>}
      </Box>
    </Box>
  )
}

const Messages = ({ messages }: { messages: readonly DifferingMessage[] }) => (
  <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0, display: 'grid', gap: 0.25, maxHeight: 260, overflow: 'auto' }} tabIndex={0} aria-label="Mails that differ">
    {messages.slice(0, mostShown).map(({ id, subject, from, receivedAt, size, messageId }, index) => (
      <Box component="li" key={id ?? index} title={messageId ?? undefined} sx={{ display: 'flex', gap: 1, flexWrap: 'wrap' }}>
        <Box component="span" sx={{ fontWeight: 500 }}>{subject || '(no subject)'}</Box>
        <Box component="span" sx={{ color: 'text.secondary' }}>{from || 'unknown sender'}{receivedAt && <> · <LocalTime at={receivedAt} /></>}{size > 0 && ` · ${sizeText(size)}`}</Box>
      </Box>
    ))}
    {messages.length > mostShown && <Box component="li" sx={{ color: 'text.secondary' }}>and {countText(messages.length - mostShown)} more; the command line lists them: <Mono>mailroom ledger reconcile --json</Mono></Box>}
  </Box>
)
