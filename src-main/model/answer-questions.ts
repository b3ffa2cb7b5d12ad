import type { RequestTemplate, ResourceAnswers, ResourceQuestion } from '#contract/request-values.ts'
import type { ResourceAnswer } from './parse-email-command.ts'

/**
 * Answers of an e-mail command to the questions of a template's resources, by ServiceDesk Plus MSP's rules ("Email Command"). A
 * question without answers is taken away from its resource; one that is left out stays as it was. `notes` say what was not taken.
 */
export function answerQuestions(answers: readonly ResourceAnswer[], { resources }: Pick<RequestTemplate, 'resources'>): { resources: ResourceAnswers; notes: string[] } {
  const taken: ResourceAnswers = {}
  const notes: string[] = []
  for (const { resource: key, question: asked, answer } of answers) {
    const resource = resources.find((one) => same(one.key, key))
    const question = resource?.questions.find((one) => same(one.key, asked))
    if (resource === undefined || question === undefined) {
      notes.push(`The template has no question ${key}.${asked}.`)
      continue
    }
    const { chosen, note } = choose(question, answer)
    if (note !== null) notes.push(`${resource.key}.${question.key}: ${note}`)
    if (chosen !== null) taken[resource.key] = { ...taken[resource.key], [question.key]: chosen }
  }
  return { resources: taken, notes }
}

/** null: the question stays as it was. */
type Chosen = { chosen: string[] | null; note: string | null }

function choose(question: ResourceQuestion, answer: string): Chosen {
  if (answer === '') return { chosen: [], note: null }
  if (question.kind === 'check') return chooseSeveral(question, answer)
  const found = question.options.find((option) => same(option, answer))
  if (found !== undefined) return { chosen: [found], note: null }
  if (answer.includes(',')) return { chosen: [], note: `only one answer is possible, so "${shown(answer)}" answers nothing and the question is removed.` }
  return question.kind === 'string' ? { chosen: [answer.slice(0, 250).toWellFormed()], note: null } : { chosen: null, note: `"${shown(answer)}" is none of its options, so it is not answered.` }
}

function chooseSeveral(question: ResourceQuestion, answer: string): Chosen {
  const { found, invalid } = optionsIn(question.options, answer)
  const said = invalid.slice(0, 10).map((one) => `"${shown(one)}"`).join(', ')
  if (found.length === 0) return { chosen: null, note: `none of ${said} is an option, so the question is removed from the command.` }
  return { chosen: found, note: invalid.length === 0 ? null : `${said} is no option and left out.` }
}

const mostAnswers = 500

/** Options between commas; one that has commas in its own name is found as a whole. Each counts once. */
function optionsIn(options: readonly string[], answer: string): { found: string[]; invalid: string[] } {
  const byName = new Map(options.map((option) => [normal(option), option]))
  const widest = Math.max(1, ...options.map((option) => option.split(',').length))
  const parts = answer.split(',').slice(0, mostAnswers)
  const found = new Set<string>()
  const invalid: string[] = []
  for (let at = 0; at < parts.length; ) {
    let width = Math.min(widest, parts.length - at)
    while (width > 1 && !byName.has(normal(parts.slice(at, at + width).join(',')))) width--
    const text = parts.slice(at, at + width).join(',').trim()
    const option = byName.get(normal(text))
    if (option !== undefined) found.add(option)
    else if (text !== '') invalid.push(text)
    at += width
  }
  return { found: [...found], invalid }
}

const normal = (text: string): string => text.trim().replace(/\s+/g, ' ').toLowerCase()
const same = (one: string, other: string): boolean => normal(one) === normal(other)
const shown = (text: string): string => (text.length > 60 ? `${text.slice(0, 59)}…`.toWellFormed() : text)
