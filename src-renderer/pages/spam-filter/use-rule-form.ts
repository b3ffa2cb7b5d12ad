import { useState } from 'react'
import type { Problem } from '#contract/problem.ts'
import { spamRule, type SpamCriterion, type SpamRule } from '#contract/spam-rule.ts'
import { useAsk } from '../../components/ask.tsx'
import { faultWords } from '../../components/fault-words.ts'
import { focusFirstFault } from '../../components/field-faults.ts'
import { problemOf } from '../../main-process/call-main.ts'
import { useToasts } from '../../problems/toasts.tsx'
import { useChangeSettings } from '../../settings/change-settings.ts'
import { errorsBelow, errorsOf, type Errors } from '../../settings/setting-errors.ts'

type Needs = { was: string | null; stored: SpamRule; taken: readonly string[]; onSaved: (name: string) => void; onChanged: (rule: SpamRule) => void }

export type RuleForm = {
  draft: SpamRule
  change: (part: Partial<SpamRule>) => void
  setCriterion: (index: number, criterion: SpamCriterion) => void
  errors: Errors
  dirty: boolean
  busy: boolean
  problem: Problem | null
  save: () => void
  leave: (close: () => void) => void
}

/** A rule as typed: its faults by field (`criteria.0.values.1`), also those that the core finds, and saving into the list as it is then. */
export const useRuleForm = ({ was, stored, taken, onSaved, onChanged }: Needs): RuleForm => {
  const [draft, setDraft] = useState(stored)
  const [errors, setErrors] = useState<Errors>({})
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const changeSettings = useChangeSettings()
  const ask = useAsk()
  const { say } = useToasts()
  const dirty = JSON.stringify(draft) !== JSON.stringify(stored)
  const change = (part: Partial<SpamRule>): void => {
    const next = { ...draft, ...part }
    setDraft(next)
    onChanged(next)
    setErrors(tried ? faultsOf(next, was, taken) : {})
  }
  const setCriterion = (index: number, criterion: SpamCriterion): void => change({ criteria: draft.criteria.map((one, place) => (place === index ? criterion : one)) })
  const save = async (): Promise<void> => {
    const faults = faultsOf(draft, was, taken)
    setTried(true)
    setErrors(faults)
    setProblem(null)
    if (Object.keys(faults).length > 0) return focusFirstFault()
    const rule = spamRule.parse(draft)
    const place = { at: -1 }
    setBusy(true)
    try {
      const saved = await changeSettings(async ({ processing, ...fresh }) => {
        const at = processing.spamRules.findIndex(({ name }) => name === was)
        if (was !== null && at === -1 && !(await ask({ title: `${was} is gone`, body: 'Somebody deleted or renamed this rule meanwhile. It can be added again as it stands here.', confirm: 'Add it again' }))) return null
        const spamRules = at === -1 ? [...processing.spamRules, rule] : processing.spamRules.with(at, rule)
        place.at = spamRules.indexOf(rule)
        return { ...fresh, processing: { ...processing, spamRules } }
      })
      if (!saved) return
      say(`${rule.name} was saved.`)
      onSaved(rule.name)
    } catch (thrown) {
      const found = problemOf(thrown)
      const own = found.code === 'invalid-input' ? errorsBelow(errorsOf(found.issues), `processing.spamRules.${place.at}`) : {}
      setErrors(own)
      if (Object.keys(own).length === 0) setProblem(found)
      focusFirstFault()
    } finally {
      setBusy(false)
    }
  }
  const leave = (close: () => void): void => {
    if (!dirty) return close()
    void ask({ title: 'Discard changes', body: 'The rule as you changed it has not been saved.', confirm: 'Discard', cancel: 'Keep editing', dangerous: true }).then((goAhead) => goAhead && close())
  }
  return { draft, change, setCriterion, errors, dirty, busy, problem, save: () => void save(), leave }
}

/** What is wrong with a rule, by field. */
export const faultsOf = (rule: SpamRule, was: string | null, taken: readonly string[]): Errors => {
  const parsed = spamRule.safeParse(rule)
  const errors = parsed.success ? {} : errorsOf(parsed.error.issues.map(({ path, message }) => ({ path: path.map(String).join('.'), message: faultWords(message) })))
  const name = rule.name.trim().toLowerCase()
  if (name !== was?.toLowerCase() && taken.some((other) => other.toLowerCase() === name)) errors['name'] ??= 'There is a rule of that name already.'
  return errors
}

/** What the core says against a rule that it was given alone, by field: it names `rules.0…` or `processing.spamRules[0]…`. */
export const ruleErrors = (problem: Problem | null): Errors => {
  if (problem?.code !== 'invalid-input') return {}
  const errors = errorsOf(problem.issues)
  return { ...errorsBelow(errors, 'processing.spamRules.0'), ...errorsBelow(errors, 'rules.0') }
}
