import { useEffect, useEffectEvent, useState } from 'react'
import type { SignInState, SignInStep } from '#contract/oauth.ts'
import type { Problem } from '#contract/problem.ts'
import { callMain, problemOf } from '../../../main-process/call-main.ts'
import { useWork } from '../../../main-process/use-work.ts'

export type Side = 'incoming' | 'outgoing'
export type SigningIn = { running: boolean; step: SignInStep | null; state: SignInState | null; problem: Problem | null; start: () => void; cancel: () => void; answer: (url: string) => Promise<void> }

/** A sign-in that begins by itself and ends when its dialog closes. The page of the provider opens in a tab of its own while the click that asked for it still counts. */
export const useSignIn = (kind: Side, name: string): SigningIn => {
  const work = useWork({ cancelOnLeave: true })
  const [state, setState] = useState<SignInState | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  const [begun, setBegun] = useState(false)
  const start = (): void => {
    setBegun(true)
    setState(null)
    setProblem(null)
    work.run((workId) => callMain('sign-in.start', { kind, name, workId })).then(setState, (thrown: unknown) => setProblem(problemOf(thrown)))
  }
  const begin = useEffectEvent(start)
  useEffect(() => {
    const timer = setTimeout(begin, 0)
    return () => clearTimeout(timer)
  }, [])
  const { signInStep } = work
  useEffect(() => {
    if (signInStep?.kind === 'open-browser' && navigator.userActivation.isActive) window.open(signInStep.url, '_blank', 'noopener')
  }, [signInStep])
  const answer = async (url: string): Promise<void> => {
    const workId = work.id()
    if (workId !== null) await callMain('sign-in.answer', { workId, url })
  }
  return { running: work.running || !begun, step: signInStep, state, problem, start, cancel: work.cancel, answer }
}
