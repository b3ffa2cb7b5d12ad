import { useEffect, useRef, useState } from 'react'
import type { Problem } from '#contract/problem.ts'
import type { SpamRule, SpamTrial } from '#contract/spam-rule.ts'
import { readBase64 } from '../../components/save-file.ts'
import { callMain, problemOf } from '../../main-process/call-main.ts'
import { faultsOf } from './use-rule-form.ts'

/** What a rule says of a message; `rule` is the rule as it was tried. */
export type RuleTrial = { fileName: string; rule: SpamRule; trial: SpamTrial }
type Message = { fileName: string; base64: string }

const pauseMs = 400
/** Tries a rule on one message, and again a moment after it was changed, as long as it is complete. */
export const useRuleTrial = () => {
  const [tried, setTried] = useState<RuleTrial | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  const [busy, setBusy] = useState(false)
  const message = useRef<Message | null>(null)
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null)
  const newest = useRef(0)
  const forget = (): void => void (timer.current && clearTimeout(timer.current))
  useEffect(() => () => void (timer.current && clearTimeout(timer.current)), [])
  const run = async (rule: SpamRule, { fileName, base64 }: Message): Promise<void> => {
    const turn = ++newest.current
    setBusy(true)
    try {
      // A rule may be tried before it has a name.
      const [trial] = await callMain('spam.try', { rules: [{ ...rule, name: rule.name.trim() || 'New rule' }], base64 })
      if (turn !== newest.current) return
      setProblem(null)
      if (trial) setTried({ fileName, rule, trial })
    } catch (thrown) {
      if (turn !== newest.current) return
      setTried(null)
      setProblem(problemOf(thrown))
    } finally {
      if (turn === newest.current) setBusy(false)
    }
  }
  const open = async (file: File, rule: SpamRule): Promise<void> => {
    forget()
    try {
      message.current = { fileName: file.name, base64: await readBase64(file) }
    } catch (thrown) {
      setProblem({ code: 'file-unreadable', file: file.name, reason: thrown instanceof Error ? thrown.message : '' })
      return
    }
    if (isComplete(rule)) await run(rule, message.current)
  }
  const changed = (rule: SpamRule): void => {
    forget()
    setProblem(null)
    const present = message.current
    if (present !== null && isComplete(rule)) timer.current = setTimeout(() => void run(rule, present), pauseMs)
  }
  return { tried, problem, busy, open, changed, hasMessage: () => message.current !== null }
}

/** The name does not matter for trying. */
export const isComplete = (rule: SpamRule): boolean => Object.keys(faultsOf({ ...rule, name: 'x' }, null, [])).length === 0
