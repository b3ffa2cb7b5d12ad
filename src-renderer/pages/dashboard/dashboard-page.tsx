import { Box, Button, Typography } from '@mui/material'
import { useState } from 'react'
import { PageFrame } from '../../components/page-frame.tsx'
import { MenuButton } from '../../components/select-menu.tsx'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
import { plotsOf } from './plot-data.ts'
import { plotColors, PlotPatterns } from './plot-looks.tsx'
import { PlotPanel } from './plot-panel.tsx'
import { ServersPanel } from './servers-panel.tsx'
import { StatePart, type LastMails } from './state-part.tsx'
import { periods, useDashboard, type Period } from './use-dashboard.ts'

const periodWords: Record<Period, string> = { 24: '24 hours', 168: '7 days', 720: '30 days' }

/** First whether mail comes in, and what to do where it does not; then how much came, how fast, and what waits. */
export const DashboardPage = () => {
  const [hours, setHours] = useState<Period>(24)
  const [server, setServer] = useState<string | null>(null)
  const { dashboard, servers, problem, reload } = useDashboard(hours, server)
  const lastMails: LastMails = new Map(servers.map((one) => [one.server, one]))
  return (
    <PageFrame title="Dashboard">
      <StatePart lastMails={lastMails} />
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 1, flexWrap: 'wrap', mt: 1 }}>
        <Typography variant="h2" sx={{ flex: 1, fontSize: 16 }}>Mail</Typography>
        <ServerChoice server={server} names={[...lastMails.keys()].filter((name) => !name.startsWith('('))} onChoose={setServer} />
        <Box role="group" aria-label="Period" sx={{ display: 'flex' }}>
          {periods.map((period, index) => <Button key={period} aria-pressed={period === hours} onClick={() => setHours(period)} sx={{ borderRadius: index === 0 ? '5px 0 0 5px' : index === periods.length - 1 ? '0 5px 5px 0' : 0, ml: index === 0 ? 0 : '-1px', ...(period === hours ? { fontWeight: 700, '&&': { bgcolor: 'action.selected', borderColor: 'primary.main', zIndex: 1 } } : {}) }}>{periodWords[period]}</Button>)}
        </Box>
      </Box>
      {problem && <ProblemNotice problem={problem} action={<Button onClick={reload}>Try again</Button>} />}
      {dashboard && (
        <Box sx={{ ...plotColors, display: 'flex', flexDirection: 'column', gap: 1.5 }}>
          <PlotPatterns />
          <Box sx={{ display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(min(max(440px, calc(50% - 6px)), 100%), 1fr))', gap: 1.5 }}>
            {plotsOf(dashboard).map((plot) => <PlotPanel key={plot.id} plot={plot} stepHours={dashboard.stepHours} />)}
          </Box>
          <ServersPanel servers={dashboard.servers} />
        </Box>
      )}
    </PageFrame>
  )
}

const ServerChoice = ({ server, names, onChoose }: { server: string | null; names: readonly string[]; onChoose: (server: string | null) => void }) => (
  <MenuButton label={`Server: ${server ?? 'all'}`} items={[{ label: 'All servers', onChoose: () => onChoose(null) }, ...names.map((name) => ({ label: name, onChoose: () => onChoose(name) }))]} />
)
