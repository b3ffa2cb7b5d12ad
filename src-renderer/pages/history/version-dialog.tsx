import { Box, Button, Table, TableBody, TableCell, TableHead, TableRow, Typography } from '@mui/material'
import { useState } from 'react'
import type { HistoryEntry, HistoryVersion } from '#contract/history.ts'
import type { Problem } from '#contract/problem.ts'
import { UnlockButton } from '../../access/unlock.tsx'
import { DialogFrame } from '../../components/dialog-frame.tsx'
import { TextLine } from '../../components/fields.tsx'
import { Mono } from '../../components/mono.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { fullTime } from '../../components/times.tsx'
import { callMain, problemOf } from '../../main-process/call-main.ts'
import { useIsAdministrator } from '../../main-process/console-state.ts'
import { useCall } from '../../main-process/use-call.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
import { useAct, useToasts } from '../../problems/toasts.tsx'

/** An earlier version against now, field by field, and the button that makes it so. */
export const VersionDialog = ({ entry, reasonRequired, onClose }: { entry: HistoryEntry; reasonRequired: boolean; onClose: () => void }) => {
  const { value: version, problem: unread, reload } = useCall('history.version', { id: entry.id }, { refreshOn: ['history-grew', 'servers-changed', 'settings-changed'] })
  const [reason, setReason] = useState('')
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const administrator = useIsAdministrator()
  const { say } = useToasts()
  const reasonMissing = reasonRequired && reason.trim() === ''
  const restore = async (): Promise<void> => {
    setTried(true)
    if (busy || !administrator || version?.canRestore !== true || reasonMissing) return
    setBusy(true)
    try {
      const { warnings } = await callMain('history.restore', { id: entry.id, reason: reason.trim() || null })
      say([`${entry.name} is as it was.`, ...warnings].join(' '), warnings.length > 0 ? 'warning' : 'good')
      onClose()
    } catch (thrown) {
      setProblem(problemOf(thrown))
      setBusy(false)
    }
  }
  return (
    <DialogFrame
      title={`Version ${entry.id} of ${entry.name}`} width={760} onClose={onClose} onSubmit={() => void restore()}
      actions={
        <>
          {!administrator && <Box sx={{ flex: 1, display: 'flex', alignItems: 'center', gap: 1 }}><StatusMark tone="neutral">Only an administrator restores.</StatusMark><UnlockButton /></Box>}
          <Button onClick={onClose}>Close</Button>
          <Button type="submit" variant="contained" color="primary" disabled={busy || !administrator || version?.canRestore !== true}>{busy ? 'Restoring…' : 'Restore this version'}</Button>
        </>
      }
    >
      <Box sx={{ display: 'grid', gap: 1.5 }}>
        <Typography sx={{ color: 'text.secondary' }}>{`${entry.action === 'deleted' ? 'As it was before' : 'As it was after'} the change of ${fullTime(entry.at)} by ${entry.who}.`}</Typography>
        {unread && <ProblemNotice problem={unread} action={<Button onClick={reload}>Try again</Button>} />}
        {version && <Differences version={version} />}
        {version?.issues.map((issue) => <Box key={issue.path + issue.message} sx={{ display: 'flex', gap: 1, alignItems: 'center', flexWrap: 'wrap', '& span': { whiteSpace: 'normal' } }}><StatusMark tone={version.canRestore ? 'warning' : 'bad'}>{issue.message}</StatusMark>{issue.path === 'enabled' && administrator && <StopButton name={version.differences.find(({ field }) => field === 'name')?.now ?? entry.name} onStopped={reload} />}</Box>)}
        {version?.warnings.map((warning) => <Box key={warning} sx={{ '& span': { whiteSpace: 'normal' } }}><StatusMark tone="neutral">{warning}</StatusMark></Box>)}
        {administrator && version?.canRestore && <TextLine label={reasonRequired ? 'Reason for this change' : 'Reason for this change (optional)'} value={reason} onChange={setReason} error={tried && reasonMissing ? 'Say why: the history keeps it.' : undefined} helper="Kept in the history." />}
        {problem && <ProblemNotice problem={problem} />}
      </Box>
    </DialogFrame>
  )
}

const Differences = ({ version: { isGone, differences } }: { version: HistoryVersion }) => {
  if (differences.length === 0) return <StatusMark tone="good">It is like that now.</StatusMark>
  return (
    <>
      {isGone && <StatusMark tone="warning">It is not there any more. Restoring adds it again.</StatusMark>}
      <Box sx={{ overflow: 'auto', maxHeight: 320, border: 1, borderColor: 'divider', borderRadius: 1 }} tabIndex={0} role="region" aria-label="What restoring changes">
        <Table size="small" stickyHeader>
          <TableHead><TableRow><TableCell>Field</TableCell><TableCell>Now</TableCell><TableCell>Then</TableCell></TableRow></TableHead>
          <TableBody>
            {differences.map(({ field, now, then }) => (
              <TableRow key={field}>
                <TableCell sx={{ verticalAlign: 'top' }}><Mono>{field}</Mono></TableCell>
                <TableCell sx={{ verticalAlign: 'top', overflowWrap: 'anywhere', color: 'text.secondary' }}>{now || 'nothing'}</TableCell>
                <TableCell sx={{ verticalAlign: 'top', overflowWrap: 'anywhere' }}>{then || 'nothing'}</TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      </Box>
    </>
  )
}

const StopButton = ({ name, onStopped }: { name: string; onStopped: () => void }) => {
  const act = useAct()
  return <Button onClick={() => void act(() => callMain('incoming.stop', { name })).then(onStopped)}>Stop fetching</Button>
}
