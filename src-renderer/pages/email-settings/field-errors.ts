import type { InputIssue } from '#contract/problem.ts'
import { faultWords } from '../../components/fault-words.ts'

/** Errors by the dotted path of their field: `auth.user`. The first of a field counts; list members belong to their list. */
export const errorsByPath = (issues: readonly Pick<InputIssue, 'path' | 'message'>[]): Record<string, string> => {
  const errors: Record<string, string> = {}
  for (const { path, message } of issues) errors[fieldOf(path)] ??= faultWords(message)
  return errors
}

const fieldOf = (path: string): string => path.replace(/^server\./, '').replace(/\[(\d+)\]/g, '.$1').replace(/\.\d+$/, '')
