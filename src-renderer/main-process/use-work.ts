import { useCallback, useEffect, useRef, useState } from 'react'
import type { TestStep } from '#contract/connection-test.ts'
import type { Events } from '#contract/events.ts'
import type { SignInStep } from '#contract/oauth.ts'
import { callMain } from './call-main.ts'
import { useMainEvent } from './use-main-event.ts'

/** A piece of long work as the page sees it: whether it runs, how far it is, its test steps, what a sign-in wants of the person, and how to stop it. */
export type Work = {
  running: boolean
  progress: Events['work-progressed'] | null
  steps: TestStep[]
  signInStep: SignInStep | null
  /** The id of what runs now. */
  id: () => string | null
  run: <Value>(start: (workId: string) => Promise<Value>) => Promise<Value>
  cancel: () => void
}

/** Long work of one component; one at a time. Leaving the component cancels it only where `cancelOnLeave` says so. */
export const useWork = (options: { cancelOnLeave?: boolean } = {}): Work => {
  const id = useRef<string | null>(null)
  const [running, setRunning] = useState(false)
  const [progress, setProgress] = useState<Events['work-progressed'] | null>(null)
  const [steps, setSteps] = useState<TestStep[]>([])
  const [signInStep, setSignInStep] = useState<SignInStep | null>(null)
  useMainEvent('sign-in-step-happened', ({ workId, step }) => void (workId === id.current && setSignInStep(step)))
  useMainEvent('test-step-happened', ({ workId, step }) => void (workId === id.current && setSteps((before) => [...before, step])))
  useMainEvent('work-progressed', (detail) => void (detail.workId === id.current && setProgress(detail)))
  const run = useCallback(async <Value,>(start: (workId: string) => Promise<Value>): Promise<Value> => {
    const workId = newWorkId()
    id.current = workId
    setSteps([])
    setSignInStep(null)
    setProgress(null)
    setRunning(true)
    try {
      return await start(workId)
    } finally {
      if (id.current === workId) {
        id.current = null
        setRunning(false)
        setProgress(null)
        setSignInStep(null)
      }
    }
  }, [])
  const cancel = useCallback(() => {
    if (id.current !== null) callMain('work.cancel', { workId: id.current }).catch(() => setRunning(false))
  }, [])
  const cancelOnLeave = options.cancelOnLeave ?? false
  useEffect(() => (cancelOnLeave ? cancel : undefined), [cancelOnLeave, cancel])
  const present = useCallback(() => id.current, [])
  return { running, progress, steps, signInStep, id: present, run, cancel }
}

/** An id for work of one's own. crypto.randomUUID is missing where the page is served over plain HTTP to another machine. */
export const newWorkId = (): string => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
