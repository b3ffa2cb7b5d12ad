import { Box, Button } from '@mui/material'
import { useState } from 'react'
import type { CallAnswer } from '#contract/calls.ts'
import type { HandOverTarget } from '#contract/hand-over.ts'
import type { Problem } from '#contract/problem.ts'
import { MonoBlock } from '../../components/mono.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { callMain, problemOf } from '../../main-process/call-main.ts'
import { useWork } from '../../main-process/use-work.ts'
import { ProblemNotice } from '../../problems/problem-notice.tsx'

type Tested = { answer: CallAnswer<'hand-over.test'> } | { problem: Problem } | null

/** Asks the help desk as typed, with the secret as typed or the stored one. `checked` is null where fields are to be corrected first. */
export const TargetTest = ({ checked, secret }: { checked: () => HandOverTarget | null; secret: string }) => {
  const [tested, setTested] = useState<Tested>(null)
  const work = useWork({ cancelOnLeave: true })
  const test = async (): Promise<void> => {
    const target = checked()
    if (target === null) return
    setTested(null)
    try {
      setTested({ answer: await work.run((workId) => callMain('hand-over.test', { target, secret: secret || null, workId })) })
    } catch (thrown) {
      setTested({ problem: problemOf(thrown) })
    }
  }
  return (
    <Box component="section" aria-label="Test" sx={{ borderTop: 1, borderColor: 'divider', pt: 1.5, display: 'grid', gap: 1 }}>
      <Box sx={{ display: 'flex', gap: 1, alignItems: 'center', flexWrap: 'wrap' }}>
        {work.running ? <Button onClick={work.cancel}>Cancel test</Button> : <Button onClick={() => void test()}>Test</Button>}
        <Box role="status" sx={{ color: 'text.secondary', flex: 1 }}>
          {work.running ? 'Waiting for the answer…' : tested && 'answer' in tested ? <StatusMark tone="good">Answered {tested.answer.status} after {tested.answer.ms} ms.</StatusMark> : tested ? '' : 'Asks the help desk as typed above. No request is made there.'}
        </Box>
      </Box>
      {tested && 'answer' in tested && tested.answer.answer !== '' && <MonoBlock label="Answer of the help desk" text={tested.answer.answer} maxHeight={140} />}
      {tested && 'problem' in tested && (tested.problem.code === 'cancelled' ? <StatusMark tone="neutral">The test was cancelled.</StatusMark> : <ProblemNotice problem={tested.problem} open />)}
    </Box>
  )
}
