import { useEffect, useEffectEvent, useState } from 'react'
import type { TestStep, TestVerdict } from '#contract/connection-test.ts'
import type { Problem } from '#contract/problem.ts'
import { callMain, problemOf } from '../../main-process/call-main.ts'
import { useWork } from '../../main-process/use-work.ts'

export type Test = { running: boolean; steps: readonly TestStep[]; verdict: TestVerdict | null; problem: Problem | null; start: () => void; cancel: () => void; clear: () => void }

/** A connection test of a stored server; begins by itself where `atOnce` says so and ends when the dialog closes. */
export const useTest = (call: 'incoming.test' | 'outgoing.test', name: string, atOnce: boolean): Test => {
  const work = useWork({ cancelOnLeave: true })
  const [verdict, setVerdict] = useState<TestVerdict | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  // A test that begins by itself counts as running from the first drawing on, so that no button changes under a click.
  const [begun, setBegun] = useState(!atOnce)
  const [cleared, setCleared] = useState(false)
  const clear = (): void => {
    setVerdict(null)
    setProblem(null)
    setCleared(true)
  }
  const start = (): void => {
    clear()
    setCleared(false)
    setBegun(true)
    work.run((workId) => callMain(call, { name, workId })).then(setVerdict, (thrown: unknown) => setProblem(problemOf(thrown)))
  }
  const begin = useEffectEvent(start)
  useEffect(() => {
    if (!atOnce) return
    const timer = setTimeout(begin, 0)
    return () => clearTimeout(timer)
  }, [atOnce])
  return { running: work.running || !begun, steps: cleared ? [] : verdict && verdict.steps.length > 0 ? verdict.steps : work.steps, verdict, problem, start, cancel: work.cancel, clear }
}
