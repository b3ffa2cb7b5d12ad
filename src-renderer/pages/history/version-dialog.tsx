import { Box, Button, Table, TableBody, TableCell, TableHead, TableRow, Typography } from '@mui/material'
import { useState } from 'react'
import type { HistoryEntry, HistoryVersion } from '#contract/history.ts'
import type { Problem } from '#contract/problem.ts'
import { UnlockButton } from '../../access/unlock.tsx'
import { DialogFrame } from '../../components/dialog-frame.tsx'
import { Mono } from '../../components/mono.tsx'
import { ReasonLine, reasonFaults } from '../../components/reason-line.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { fullTime } from '../../components/times.tsx'
import { callMain, problemOf } from '../../main-process/call-main.ts'
import { useIsAdministrator } from '../../main-process/console-state.ts'
import { useCall } from '../../main-process/use-call.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
import { useAct, useToasts } from '../../problems/toasts.tsx'

type Needs = { entry: HistoryEntry; reasonRequired: boolean; onClose: () => void }

/** An earlier version against now, field by field, the button that makes it so, and the way to the version before it. */
export const VersionDialog = ({ entry, ...needs }: Needs) => {
  const [shown, setShown] = useState(entry)
  return <OneVersion key={shown.id} entry={shown} onShow={setShown} {...needs} />
}

const OneVersion = ({ entry, reasonRequired, onClose, onShow }: Needs & { onShow: (entry: HistoryEntry) => void }) => {
  const before = useCall('history.list', { name: entry.name, what: entry.what, before: entry.id, limit: 100 }).value?.find(({ hasVersion }) => hasVersion) ?? null
  const { value: version, problem: unread, reload } = useCall('history.version', { id: entry.id }, { refreshOn: ['history-grew', 'servers-changed', 'settings-changed'] })
  const [reason, setReason] = useState('')
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const [restored, setRestored] = useState(false)
  const administrator = useIsAdministrator()
  const { say } = useToasts()
  const missing = reasonFaults(reasonRequired, reason).reason
  const restore = async (): Promise<void> => {
    setTried(true)
    if (busy || !administrator || version?.canRestore !== true || missing !== undefined) return
    setBusy(true)
    try {
      const { warnings } = await callMain('history.restore', { id: entry.id, reason: reason.trim() || null })
      const news = warnings.filter((warning) => !version.warnings.includes(warning))
      say([`${entry.name} is as it was.`, ...news].join(' '), news.length > 0 ? 'warning' : 'good')
      if (entry.what === 'incoming server') setRestored(true)
      else onClose()
    } catch (thrown) {
      setProblem(problemOf(thrown))
      setBusy(false)
    }
  }
  if (restored) return <StartAgain name={version?.differences.find(({ field }) => field === 'name')?.then ?? entry.name} onClose={onClose} />
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
        {before && <Box><Button onClick={() => onShow(before)}>Show the version before this change</Button></Box>}
        {version?.issues.map((issue) => <Box key={issue.path + issue.message} sx={{ display: 'flex', gap: 1, alignItems: 'center', flexWrap: 'wrap', '& span': { whiteSpace: 'normal' } }}><StatusMark tone={version.canRestore ? 'warning' : 'bad'}>{issue.message}</StatusMark>{issue.path === 'enabled' && administrator && <StopButton name={version.differences.find(({ field }) => field === 'name')?.now ?? entry.name} onStopped={reload} />}</Box>)}
        {version?.warnings.map((warning) => <Box key={warning} sx={{ '& span': { whiteSpace: 'normal' } }}><StatusMark tone="neutral">{warning}</StatusMark></Box>)}
        {administrator && version?.canRestore && <ReasonLine required={reasonRequired} value={reason} onChange={setReason} error={tried ? missing : undefined} />}
        {problem && <ProblemNotice problem={problem} />}
      </Box>
    </DialogFrame>
  )
}

/** A server was stopped to be restored, and nobody wants to find that out tomorrow. */
const StartAgain = ({ name, onClose }: { name: string; onClose: () => void }) => {
  const act = useAct()
  const { say } = useToasts()
  const start = async (): Promise<void> => {
    if (!(await act(() => callMain('incoming.start', { name })))) return
    say(`${name} was started.`)
    onClose()
  }
  return (
    <DialogFrame title={`${name} is restored`} width={480} onClose={onClose} onSubmit={() => void start()} actions={<><Button onClick={onClose}>Leave it stopped</Button><Button type="submit" variant="contained" color="primary" autoFocus>Start fetching</Button></>}>
      <Typography>{name} is stopped: no mail is fetched until it is started.</Typography>
    </DialogFrame>
  )
}

const Differences = ({ version: { isGone, differences } }: { version: HistoryVersion }) => {
  if (differences.length === 0) return <StatusMark tone="good">It is like that now: there is nothing to restore.</StatusMark>
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
