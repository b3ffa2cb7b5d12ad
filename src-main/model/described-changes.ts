import type { ResourceAnswers, RequestValues } from '#contract/request-values.ts'

export type Change = { field: string; from: string; to: string }

/**
 * What differs between the values of a request before and after, for its history: fields under their names in an e-mail command,
 * additional ones under their labels, questions under `resource.question`. What is not there is ''.
 */
export function describedChanges(before: RequestValues, after: RequestValues): Change[] {
  const [old, now] = [flat(before), flat(after)]
  return [...new Set([...Object.keys(old), ...Object.keys(now)])].flatMap((field) => {
    const [from, to] = [old[field] ?? '', now[field] ?? '']
    return from === to ? [] : [{ field, from, to }]
  })
}

function flat({ additional = {}, resources = {}, template, ...plain }: RequestValues): Record<string, string> {
  const named = Object.entries(plain).flatMap(([key, value]) => (value === undefined ? [] : [[key.charAt(0).toUpperCase() + key.slice(1), value]]))
  return { ...Object.fromEntries(named), ...(template === undefined ? {} : { RequestTemplate: template }), ...additional, ...answersByKey(resources) }
}

const answersByKey = (resources: ResourceAnswers): Record<string, string> =>
  Object.fromEntries(Object.entries(resources).flatMap(([key, questions]) => Object.entries(questions).map(([question, answers]) => [`${key}.${question}`, answers.join(', ')])))
