import type { RequestValues } from '#contract/request-values.ts'

/** Values with a change over them: what the change names is put in its place, and taken away where it is empty. Additional fields and answers are merged one by one. */
export function mergeValues(before: RequestValues, change: RequestValues): RequestValues {
  const { additional, resources, ...plain } = change
  const merged: RequestValues = withoutEmpty({ ...before, ...plain })
  if (additional !== undefined) merged.additional = withoutEmpty({ ...before.additional, ...additional })
  if (resources !== undefined) {
    const all = { ...before.resources }
    for (const [key, questions] of Object.entries(resources)) all[key] = Object.fromEntries(Object.entries({ ...all[key], ...questions }).filter(([, answers]) => answers.length > 0))
    merged.resources = Object.fromEntries(Object.entries(all).filter(([, questions]) => Object.keys(questions).length > 0))
  }
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => typeof value !== 'object' || Object.keys(value).length > 0))
}

const withoutEmpty = <Values extends object>(values: Values): Values => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== '')) as Values
