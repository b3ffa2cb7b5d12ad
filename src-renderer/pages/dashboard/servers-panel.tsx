import { Box } from '@mui/material'
import type { Dashboard } from '#contract/dashboard.ts'
import { Panel } from '../../components/page-frame.tsx'
import { countText } from '../../components/sizes.ts'
import { StatusMark } from '../../components/status-mark.tsx'
import { TimeAgo } from '../../components/times.tsx'
import { durationText } from './plot-data.ts'

const cell = { px: 1, height: 34, boxSizing: 'border-box', borderBottom: '1px solid var(--mui-palette-divider)', textAlign: 'right', whiteSpace: 'nowrap' } as const

/** What each server brought in the period. */
export const ServersPanel = ({ servers }: { servers: Dashboard['servers'] }) => (
  <Panel title="By server">
    {servers.length === 0 ? <Box sx={{ px: 3, py: 4, textAlign: 'center', color: 'text.secondary' }}>No server has brought mail yet.</Box> : (
      <Box tabIndex={0} role="region" aria-label="By server, numbers" sx={{ overflowX: 'auto', '&:focus-visible': { outline: '2px solid var(--mui-palette-primary-main)', outlineOffset: -2 } }}>
        <Box component="table" aria-label="Mail by server" sx={{ width: '100%', borderCollapse: 'collapse', fontVariantNumeric: 'tabular-nums', '& th': { ...cell, fontSize: 12, fontWeight: 500, color: 'text.secondary' }, '& td': cell, '& tr > :first-of-type': { textAlign: 'left', pl: 1.5 }, '& tr > :last-child': { textAlign: 'left', pl: 2 }, '& tbody tr:last-of-type > *': { borderBottom: 0 } }}>
          <thead><tr><th scope="col">Server</th><th scope="col">Messages</th><th scope="col">Errors</th><th scope="col">Rounds</th><th scope="col">Failed rounds</th><th scope="col">Sent to request, half within</th><th scope="col">Last mail</th></tr></thead>
          <tbody>
            {servers.map(({ server, messages, errors, rounds, failed, medianDelay, lastMailAt, silentSince }) => (
              <tr key={server}>
                <Box component="td" sx={{ fontWeight: 500 }}>{server}</Box><td>{countText(messages)}</td><Box component="td" sx={errors > 0 ? { color: 'error.main', fontWeight: 600 } : {}}>{countText(errors)}</Box><td>{countText(rounds)}</td><Box component="td" sx={failed > 0 ? { color: 'error.main', fontWeight: 600 } : {}}>{countText(failed)}</Box>
                <td>{medianDelay === null ? '–' : durationText(medianDelay)}</td>
                <td>{silentSince ? <StatusMark tone="warning">silent since <TimeAgo at={silentSince} /></StatusMark> : lastMailAt ? <TimeAgo at={lastMailAt} /> : 'none yet'}</td>
              </tr>
            ))}
          </tbody>
        </Box>
      </Box>
    )}
  </Panel>
)
