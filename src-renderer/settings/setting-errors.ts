import { settings as settingsSchema, type Settings } from '#contract/settings.ts'
import type { InputIssue } from '#contract/problem.ts'
import { faultWords } from '../components/fault-words.ts'

/** Words by the dotted path of their field, such as `processing.spamRules.2.criteria.0.values.1`. */
export type Errors = Record<string, string>

export const faultsOf = (settings: Settings): Errors => {
  const parsed = settingsSchema.safeParse(settings)
  return parsed.success ? {} : errorsOf(parsed.error.issues.map(({ path, message }) => ({ path: path.map(String).join('.'), message })))
}

/** Issues as the core names them: from the call (`settings.processing…`) or from the rules (`processing.spamRules[2]…`). The first of a field counts. */
export const errorsOf = (issues: readonly Pick<InputIssue, 'path' | 'message'>[]): Errors => {
  const errors: Errors = {}
  for (const { path, message } of issues) errors[path.replace(/\[(\d+)\]/g, '.$1').replace(/^settings\./, '')] ??= faultWords(message)
  return errors
}

/** The first fault at a field or in it: of a list, that of a member belongs to the list. */
export const errorAt = (errors: Errors, path: string): string | undefined => errors[path] ?? errors[Object.keys(errors).find((known) => known.startsWith(`${path}.`)) ?? '']

/** The faults below a path, by what is left of theirs. */
export const errorsBelow = (errors: Errors, path: string): Errors =>
  Object.fromEntries(Object.entries(errors).flatMap(([known, words]) => (known === path ? [['', words]] : known.startsWith(`${path}.`) ? [[known.slice(path.length + 1), words]] : [])))
