import { useCallback, useEffect, useRef, useState } from 'react'
import type { ProcessedMessage } from '#contract/message.ts'
import type { Problem } from '#contract/problem.ts'
import { callMain, problemOf } from '../../main-process/call-main.ts'

export type CopyTrial = { answer: ProcessedMessage | null; problem: Problem | null; busy: boolean; tryNow: () => void }

const pauseMs = 600
/** Larger copies are tried when somebody asks. */
const largestLive = 1_500_000

/** What an edited copy would become, asked anew whenever typing pauses. `base64` null: the message as it is. */
export const useCopyTrial = (id: number, base64: string | null): CopyTrial => {
  const [trial, setTrial] = useState<Omit<CopyTrial, 'tryNow'>>({ answer: null, problem: null, busy: false })
  const latest = useRef(0)
  const tryNow = useCallback(() => {
    const own = ++latest.current
    setTrial((before) => ({ ...before, busy: true }))
    callMain('errors.replay', { id, base64, tryOnly: true }).then(
      (answer) => void (own === latest.current && setTrial({ answer, problem: null, busy: false })),
      (error: unknown) => void (own === latest.current && setTrial({ answer: null, problem: problemOf(error), busy: false }))
    )
  }, [id, base64])
  const isLive = (base64?.length ?? 0) <= largestLive
  useEffect(() => {
    if (!isLive) return
    const timer = setTimeout(tryNow, pauseMs)
    return () => clearTimeout(timer)
  }, [isLive, tryNow])
  return { ...trial, tryNow }
}
