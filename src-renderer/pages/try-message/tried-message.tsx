import { Box, Typography } from '@mui/material'
import { Button } from '@mui/material'
import { useAsk } from '../../components/ask.tsx'
import { CopyButton } from '../../components/copy-line.tsx'
import { goTo, hashOf } from '../../components/hash-location.ts'
import { Panel } from '../../components/page-frame.tsx'
import { readBase64 } from '../../components/save-file.ts'
import { plural } from '../../components/sizes.ts'
import { StatusMark } from '../../components/status-mark.tsx'
import { callMain } from '../../main-process/call-main.ts'
import { useIsAdministrator } from '../../main-process/console-state.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'
import { useAct, useToasts } from '../../problems/toasts.tsx'
import { ProcessedView } from '../../processed/processed-view.tsx'
import { differencesOf, reportOf } from '../../processed/processed-words.ts'
import type { Tried } from './use-tries.ts'

/** All about one message that was tried. */
export const TriedMessage = ({ tried, busy, again }: { tried: Tried; busy: boolean; again: () => void }) => {
  const { file, answer, problem, server } = tried
  const administrator = useIsAdministrator()
  const take = useTake(tried)
  return (
    <Panel
      title={file.name}
      actions={
        <>
          {answer && <CopyButton what="report" text={reportOf(file.name, server || null, answer)} variant="outlined" words="Copy report" />}
          <Button disabled={busy} onClick={again}>Try again</Button>
          {administrator && answer && <Button disabled={busy} onClick={() => void take()}>Process it for real…</Button>}
        </>
      }
    >
      <Box sx={{ p: 2, display: 'grid', gap: 2 }}>
        {problem && <ProblemNotice problem={problem} bare />}
        {answer && <ProcessedView answer={answer}>{tried.other && <Differences tried={tried} />}</ProcessedView>}
      </Box>
    </Panel>
  )
}

const useTake = ({ file, server }: Tried): (() => Promise<void>) => {
  const ask = useAsk()
  const act = useAct()
  const { say } = useToasts()
  return async () => {
    if (!(await ask({ title: 'Process this message', body: `${file.name} is processed for real, as if it had been fetched: it is stored, and may become a request, change one or be answered.`, confirm: 'Process it' }))) return
    await act(async () => {
      const taken = await callMain('processing.take', { base64: await readBase64(file), server: server || null })
      say(taken.request === null ? `Done: ${taken.reason ?? taken.outcome}.` : `${file.name} is in request ${taken.request}.`)
      if (taken.request !== null) goTo(hashOf('requests', taken.request))
    })
  }
}

const placeName = (server: string): string => server || 'no server'

const Differences = ({ tried: { server, answer, other } }: { tried: Tried }) => {
  if (!answer || !other) return null
  const differences = differencesOf(answer, other.answer)
  if (differences.length === 0) return <StatusMark tone="good">It ends the same way at {placeName(server)} and at {placeName(other.server)}.</StatusMark>
  return (
    <Box component="section" aria-label="Differences" sx={{ minWidth: 0 }}>
      <Typography variant="h3" component="h3" sx={{ mb: 0.75 }}>{plural(differences.length, 'difference')} between {placeName(server)} and {placeName(other.server)}</Typography>
      <Box sx={{ overflow: 'auto' }} tabIndex={0} role="region" aria-label="Table of differences">
        <Box component="table" sx={{ borderCollapse: 'collapse', width: '100%', minWidth: 460, '& th': { fontSize: 12, fontWeight: 500, color: 'text.secondary' }, '& td, & th': { textAlign: 'left', verticalAlign: 'top', py: 0.5, pr: 1.5, borderBottom: 1, borderColor: 'divider', overflowWrap: 'anywhere' } }}>
          <thead><tr><th scope="col" style={{ width: '22%' }}>What</th><th scope="col">{placeName(server)}</th><th scope="col">{placeName(other.server)}</th></tr></thead>
          <tbody>{differences.map(({ what, here, there }) => <tr key={what}><Box component="td" sx={{ fontWeight: 500 }}>{what}</Box><td>{here}</td><td>{there}</td></tr>)}</tbody>
        </Box>
      </Box>
    </Box>
  )
}
