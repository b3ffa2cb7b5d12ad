import { useState } from 'react'
import type { Problem } from '#contract/problem.ts'
import type { Settings } from '#contract/settings.ts'
import { useAsk } from '../components/ask.tsx'
import { focusFirstFault } from '../components/field-faults.ts'
import { problemOf } from '../main-process/call-main.ts'
import { useCall } from '../main-process/use-call.ts'
import { useToasts } from '../problems/toasts.tsx'
import { useChangeSettings } from './change-settings.ts'
import { mergeTyped } from './merge-typed.ts'
import { errorsOf, faultsOf, type Errors } from './setting-errors.ts'

/** The settings that one page edits: how they are taken out of the whole, and put back. `id` names what was typed while the page is left; `eager` tells faults while typing. */
export type SettingsPart<Part> = { id: string; eager?: boolean; take: (settings: Settings) => Part; put: (settings: Settings, part: Part) => Settings }

export type PartForm<Part> = {
  /** null until the settings are there. */
  draft: Part | null
  settings: Settings | null
  change: (part: Partial<Part>) => void
  errors: Errors
  dirty: boolean
  busy: boolean
  problem: Problem | null
  save: () => void
  discard: () => void
  reload: () => void
}

type Typed = { draft: unknown; base: string }
/** What was typed and not saved, by page: leaving a page loses nothing. */
const kept = new Map<string, Typed>()

/** Part of the settings as typed. What others save meanwhile is kept; where they changed the same field, the person is asked. */
export const useSettingsPart = <Part extends object>({ id, eager = false, take, put }: SettingsPart<Part>): PartForm<Part> => {
  const { value: settings, problem: unread, reload } = useCall('settings.get', {}, { refreshOn: ['settings-changed'] })
  const [typed, setTyped] = useState<Typed | null>(() => kept.get(id) ?? null)
  const [errors, setErrors] = useState<Errors>({})
  const [tried, setTried] = useState(eager)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const changeSettings = useChangeSettings()
  const ask = useAsk()
  const { say } = useToasts()
  const stored = settings && take(settings)
  const draft = stored === null ? null : typed === null ? stored : (typed.draft as Part)
  const dirty = typed !== null && JSON.stringify(typed.draft) !== JSON.stringify(stored)
  const keep = (next: Typed | null): void => {
    if (next === null) kept.delete(id)
    else kept.set(id, next)
    setTyped(next)
  }
  const change = (part: Partial<Part>): void => {
    if (draft === null || settings === null) return
    const next = { ...draft, ...part }
    keep({ draft: next, base: typed?.base ?? JSON.stringify(stored) })
    if (tried) setErrors(faultsOf(put(settings, next)))
  }
  const store = (wanted: Part, base: string): Promise<boolean> =>
    changeSettings(async (fresh) => {
      const { value, clash } = mergeTyped(JSON.parse(base) as Part, wanted, take(fresh))
      if (clash && !(await ask({ title: 'Changed by somebody else', body: 'What you changed here was changed elsewhere too while you were typing. Saving puts yours in its place.', confirm: 'Save mine', cancel: 'Keep editing', dangerous: true }))) return null
      return put(fresh, value)
    })
  const save = async (): Promise<void> => {
    if (draft === null || settings === null || typed === null) return
    const faults = faultsOf(put(settings, draft))
    setTried(true)
    setErrors(faults)
    setProblem(null)
    if (Object.keys(faults).length > 0) return focusFirstFault('main form')
    setBusy(true)
    try {
      if (!(await store(draft, typed.base))) return
      keep(null)
      setTried(eager)
      reload()
      say('The settings were saved.')
    } catch (thrown) {
      const found = problemOf(thrown)
      if (found.code === 'invalid-input') setErrors(errorsOf(found.issues))
      setProblem(found)
      focusFirstFault('main form')
    } finally {
      setBusy(false)
    }
  }
  const discard = (): void => {
    keep(null)
    setErrors({})
    setTried(eager)
    setProblem(null)
  }
  return { draft, settings, change, errors, dirty, busy, problem: problem ?? (settings === null ? unread : null), save: () => void save(), discard, reload }
}
