import { Box, Button, Typography } from '@mui/material'
import { CopyLine } from '../../components/copy-line.tsx'
import { Panel } from '../../components/page-frame.tsx'
import { plural } from '../../components/sizes.ts'
import { StatusMark } from '../../components/status-mark.tsx'
import { LocalTime } from '../../components/times.tsx'
import { useCall } from '../../main-process/use-call.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'

/** Goes over the whole history, and says whether it is as it was written. */
export const ProofPanel = ({ onClose }: { onClose: () => void }) => {
  const { value: proof, problem, reload } = useCall('history.verify', {})
  return (
    <Panel title="Is it as it was written?" actions={<><Button onClick={reload}>Verify again</Button><Button variant="text" onClick={onClose}>Close</Button></>}>
      <Box sx={{ p: 1.5, display: 'grid', gap: 1 }} aria-live="polite">
        {problem && <ProblemNotice problem={problem} />}
        {proof === null && problem === null && <Typography>Going over every entry…</Typography>}
        {proof?.broken && <ProblemNotice problem={{ code: 'history-broken', entry: proof.broken.id, reason: proof.broken.reason }} />}
        {proof?.isIntact && <StatusMark tone="good">{`Intact: ${plural(proof.entries, 'entry', 'entries')}, none changed and none missing.`}</StatusMark>}
        {proof && proof.unchained > 0 && <Typography sx={{ color: 'text.secondary' }}>{`From before entries were chained to each other: ${plural(proof.unchained, 'entry', 'entries')}.`}</Typography>}
        {proof?.head && <CopyLine label="Head" value={proof.head} helper={<>The hash of the newest entry, <LocalTime at={proof.at} />. Written down elsewhere, it shows later that nobody wrote the history anew.</>} />}
      </Box>
    </Panel>
  )
}
