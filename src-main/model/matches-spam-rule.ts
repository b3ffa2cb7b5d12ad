import type { SpamCondition, SpamCriterion, SpamRule, SpamTrial } from '#contract/spam-rule.ts'
import { parseSize } from './human-units.ts'
import { searchedText, searchedValue, type SearchedText, type SearchedValue } from './text-search.ts'

/** What the rules look at. `header` answers every field of a name (lower case), decoded; `attachments` leaves out pictures in the text. */
export type SpamMessage = { sender: string; recipients: readonly string[]; subject: string; body: string; header: (name: string) => readonly string[]; size: number; attachments: number }
/** Compiles regular expressions once; what it answers names the first one that is found anywhere in a text. Never throws: what is no expression is never found. */
export type CompilePatterns = (patterns: readonly string[]) => (text: string) => string | null

/** Rules made ready for many messages. */
export type SpamFilter = {
  /** The first enabled rule that matches, with the value that each criterion was met by; null: none. */
  firstMatch(message: SpamMessage): { rule: SpamRule; met: { criterion: SpamCriterion; found: string }[] } | null
  /** What every rule says, whether it is enabled or not. */
  tryAll(message: SpamMessage): SpamTrial[]
}

/** Said to be found where a negative condition is met. */
export const noneOfThem = 'none of the values'

/** The most of a body that is looked at, in characters. */
export const mostOfBody = 200_000

/**
 * Rules match where all or any of their criteria are met, as they say; a criterion is met by any of its values, a negative one where none
 * of them fits. Case does not matter. A header field that is not there fulfils negative conditions alone (RFC 5228 5.7 with `not`).
 */
export function prepareSpamRules(rules: readonly SpamRule[], compile: CompilePatterns): SpamFilter {
  const prepared = rules.map((rule) => ({ rule, tests: rule.criteria.map((criterion) => prepareCriterion(criterion, compile)) }))
  const enabled = prepared.filter(({ rule }) => rule.enabled)
  return {
    firstMatch(message) {
      if (enabled.length === 0) return null
      const looked = lookedAt(message)
      for (const { rule, tests } of enabled) {
        const met = rule.match === 'all' ? allMet(rule, tests, looked) : anyMet(rule, tests, looked)
        if (met !== null) return { rule, met }
      }
      return null
    },
    tryAll(message) {
      const looked = lookedAt(message)
      return prepared.map(({ rule, tests }) => {
        const criteria = tests.map((test) => test(looked)).map((found) => ({ met: found !== null, found }))
        return { rule: rule.name, matches: rule.match === 'all' ? criteria.every(({ met }) => met) : criteria.some(({ met }) => met), criteria }
      })
    }
  }
}

type Met = { criterion: SpamCriterion; found: string }
/** The value that a criterion was met by; null: it is not met. */
type Test = (looked: Looked) => string | null

function allMet({ criteria }: SpamRule, tests: readonly Test[], looked: Looked): Met[] | null {
  const met: Met[] = []
  for (const [index, criterion] of criteria.entries()) {
    const found = tests[index]?.(looked) ?? null
    if (found === null) return null
    met.push({ criterion, found })
  }
  return met
}

function anyMet({ criteria }: SpamRule, tests: readonly Test[], looked: Looked): Met[] | null {
  for (const [index, criterion] of criteria.entries()) {
    const found = tests[index]?.(looked) ?? null
    if (found !== null) return [{ criterion, found }]
  }
  return null
}

/** A message with its texts ready to be searched, each when it is first asked for. */
type Looked = { message: SpamMessage; texts(criterion: SpamCriterion): readonly SearchedText[] }

function lookedAt(message: SpamMessage): Looked {
  const ready = new Map<string, readonly SearchedText[]>()
  return {
    message,
    texts(criterion) {
      const header = criterion.field === 'header' ? (criterion.header ?? '').toLowerCase() : ''
      const key = header === '' ? criterion.field : `header ${header}`
      const known = ready.get(key)
      if (known !== undefined) return known
      const made = textsOf(message, criterion.field, header).map(searchedText)
      ready.set(key, made)
      return made
    }
  }
}

function textsOf(message: SpamMessage, field: SpamCriterion['field'], header: string): readonly string[] {
  if (field === 'sender') return [message.sender]
  if (field === 'recipient') return message.recipients
  if (field === 'subject') return [message.subject]
  return field === 'header' ? message.header(header) : [message.body.slice(0, mostOfBody)]
}

function prepareCriterion(criterion: SpamCriterion, compile: CompilePatterns): Test {
  const { field, condition, values } = criterion
  if (field === 'has-attachment') return testAttachments(condition === 'yes')
  if (field === 'size') return testSize(condition, values)
  if (condition === 'matches') {
    const find = compile(values)
    return (looked) => looked.texts(criterion).map(({ text }) => find(text)).find((found) => found !== null) ?? null
  }
  const fits = fitting[condition as TextCondition]
  // White space alone would be found in every text.
  const searched = values.map((value) => ({ value, ready: searchedValue(value) })).filter(({ ready }) => ready.lower !== '')
  const first = (looked: Looked): string | null => {
    const texts = looked.texts(criterion)
    for (const { value, ready } of searched) for (const text of texts) if (fits(text, ready)) return value
    return null
  }
  if (condition !== 'is-not' && condition !== 'does-not-contain') return first
  return (looked) => (first(looked) === null ? noneOfThem : null)
}

type TextCondition = Exclude<SpamCondition, 'matches' | 'larger-than' | 'smaller-than' | 'yes' | 'no'>
type Fits = (text: SearchedText, value: SearchedValue) => boolean
const is: Fits = ({ lower }, value) => lower === value.lower
const contains: Fits = (text, value) => text.contains(value)
/** By condition; the negative ones are met where this is not. */
const fitting: Record<TextCondition, Fits> = {
  is, 'is-not': is, contains, 'does-not-contain': contains,
  'begins-with': ({ lower }, value) => lower.startsWith(value.lower),
  'ends-with': ({ lower }, value) => lower.endsWith(value.lower)
}

function testAttachments(wanted: boolean): Test {
  const count = (attachments: number): string => (attachments === 0 ? 'no attachment' : attachments === 1 ? '1 attachment' : `${attachments} attachments`)
  return ({ message: { attachments } }) => (attachments > 0 === wanted ? count(attachments) : null)
}

function testSize(condition: SpamCondition, values: readonly string[]): Test {
  const sizes = values.flatMap((value) => {
    const bytes = parseSize(value)
    return bytes === null ? [] : [{ value, bytes }]
  })
  return ({ message: { size } }) => sizes.find(({ bytes }) => (condition === 'larger-than' ? size > bytes : size < bytes))?.value ?? null
}
