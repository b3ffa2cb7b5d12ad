import { useEffect, useRef, useState } from 'react'
import type { SaveAnswer } from '#contract/calls.ts'
import type { InputIssue, Problem } from '#contract/problem.ts'
import { useAsk } from '../../components/ask.tsx'
import { focusFirstFault } from '../../components/field-faults.ts'
import { problemOf } from '../../main-process/call-main.ts'
import { useWork, type Work } from '../../main-process/use-work.ts'
import { useReasonRequired } from '../../settings/use-reason-required.ts'
import { errorsByPath } from './field-errors.ts'
import { noSecrets, type Secrets } from './form-parts.ts'

type NewSecrets = { [Name in keyof Secrets]: string | null }
/** A secret that is null keeps the one that is stored. */
export type SavingNeeds<Draft> = NewSecrets & { server: Draft; draft: boolean; reason: string | null; workId: string }

type Needs<Draft> = {
  stored: Draft | null
  template: () => Promise<Draft>
  faultsAtFirst: readonly Pick<InputIssue, 'path' | 'message'>[]
  /** What stands in the way of connecting with what is typed. */
  check: (draft: Draft) => Pick<InputIssue, 'path' | 'message'>[]
  save: (saving: SavingNeeds<Draft>) => Promise<SaveAnswer>
  onSaved: (server: Draft) => void
}

export type ServerForm<Draft> = {
  draft: Draft | null
  change: (part: Partial<Draft>) => void
  secrets: Secrets
  setSecrets: (part: Partial<Secrets>) => void
  errors: Record<string, string>
  dirty: boolean
  work: Work
  answer: SaveAnswer | null
  problem: Problem | null
  save: (asDraft: boolean) => void
  /** Closes at once, or asks where something typed would be lost. */
  leave: (close: () => void) => void
}

/** A server as typed: its faults by field, saving with a try of the connection, and the question before something is lost. */
export const useServerForm = <Draft extends object>(needs: Needs<Draft>): ServerForm<Draft> => {
  const [draft, setDraft] = useState<Draft | null>(needs.stored)
  const [clean, setClean] = useState<Draft | null>(needs.stored)
  const [secrets, setAllSecrets] = useState(noSecrets)
  const [errors, setErrors] = useState(() => errorsByPath(needs.faultsAtFirst))
  const [answer, setAnswer] = useState<SaveAnswer | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  const [tried, setTried] = useState(needs.faultsAtFirst.length > 0)
  const work = useWork({ cancelOnLeave: true })
  const ask = useAsk()
  const reasonRequired = useReasonRequired()
  const template = useRef(needs.template)
  // A server that was renamed is missing from the list for a moment: only what began as new is filled from the template.
  const [isNew] = useState(needs.stored === null)
  useEffect(() => {
    if (!isNew) return
    template.current().then((fresh) => { setDraft(fresh); setClean(fresh) }, (thrown: unknown) => setProblem(problemOf(thrown)))
  }, [isNew])
  const change = (part: Partial<Draft>): void => {
    if (draft === null) return
    const next = { ...draft, ...part }
    setDraft(next)
    setAnswer(null)
    if (tried) setErrors(errorsByPath(needs.check(next)))
  }
  const dirty = draft !== null && (Object.values(secrets).some((secret) => secret !== '') || JSON.stringify(draft) !== JSON.stringify(clean))
  const save = async (asDraft: boolean): Promise<void> => {
    if (draft === null) return
    const faults = asDraft ? [] : needs.check(draft)
    setTried(!asDraft)
    setErrors(errorsByPath(faults))
    if (faults.length > 0) return focusFirstFault()
    const goAhead = reasonRequired ? await ask({ title: 'Save changes', body: 'This console asks for the reason of a change.', confirm: 'Save', reason: 'required' }) : { reason: null }
    if (!goAhead) return
    setProblem(null)
    setAnswer(null)
    try {
      const saved = await work.run((workId) => needs.save({ server: draft, secret: secrets.secret || null, proxySecret: secrets.proxySecret || null, clientKeySecret: secrets.clientKeySecret || null, dkimKey: secrets.dkimKey || null, draft: asDraft, reason: goAhead.reason, workId }))
      setAllSecrets(noSecrets)
      setClean(draft)
      setAnswer(saved)
      setErrors(errorsByPath(saved.issues))
      needs.onSaved(draft)
    } catch (thrown) {
      const found = problemOf(thrown)
      if (found.code === 'invalid-input') { setErrors(errorsByPath(found.issues)); focusFirstFault() }
      else if (found.code === 'name-taken') { setErrors({ name: 'There is a server of that name already.' }); focusFirstFault() }
      else setProblem(found)
    }
  }
  const leave = (close: () => void): void => {
    if (!dirty) return close()
    void ask({ title: 'Discard changes', body: 'What you typed has not been saved.', confirm: 'Discard', cancel: 'Keep editing', dangerous: true }).then((goAhead) => goAhead && close())
  }
  const setSecrets = (part: Partial<Secrets>): void => setAllSecrets((before) => ({ ...before, ...part }))
  return { draft, change, secrets, setSecrets, errors, dirty, work, answer, problem, save: (asDraft) => void save(asDraft), leave }
}
