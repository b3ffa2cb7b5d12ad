import { Box, Link } from '@mui/material'
import { quoted } from '#contract/problem-words.ts'
import { hashOf, withSearch } from '../components/hash-location.ts'
import { StatusMark } from '../components/status-mark.tsx'
import { LocalTime } from '../components/times.tsx'
import { useCall } from '../main-process/use-call.ts'
import { ReturnButton } from '../settings/return-button.tsx'

/** Says on every page that another server stands in for one that mail should go through, with the way back. */
export const AlternateBanner = () => {
  const { value } = useCall('outgoing.list', {}, { refreshOn: ['servers-changed'] })
  const away = value?.filter(({ onAlternateSince }) => onAlternateSince !== null) ?? []
  return (
    <Box role="region" aria-label="Alternate servers in use" aria-live="polite" sx={{ flex: 'none' }}>
      {away.map(({ server, throughAlternate, onAlternateSince }) => (
        <Box key={server.name} sx={{ display: 'flex', alignItems: 'center', columnGap: 1.5, px: 2, py: 0.5, borderBottom: 1, borderColor: 'divider', borderLeft: '3px solid', borderLeftColor: 'warning.main', bgcolor: 'background.paper', '& span': { whiteSpace: 'normal' } }}>
          <StatusMark tone="warning">Mail of {quoted(server.name)} goes through its alternate {throughAlternate}{onAlternateSince && <> since <LocalTime at={onAlternateSince} /></>}.</StatusMark>
          <Box sx={{ color: 'text.secondary', flex: '1 1 0', minWidth: 0 }}>{server.alternate?.returnToPrimary === 'health-check' ? 'It returns by itself once the server passes its health check.' : 'It stays there until somebody returns or changes the server, or the console starts again.'}</Box>
          <Box sx={{ flex: 'none', display: 'flex', gap: 1.5, alignItems: 'center' }}><Link href={withSearch(hashOf('outbox'), { server: server.name })} aria-label={`Outbox of ${server.name}`}>Outbox</Link><ReturnButton name={server.name} /></Box>
        </Box>
      ))}
    </Box>
  )
}
