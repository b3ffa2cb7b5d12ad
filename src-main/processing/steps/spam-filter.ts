import type { SpamCriterion, SpamRule } from '#contract/spam-rule.ts'
import { noneOfThem, prepareSpamRules, type SpamFilter } from '../../model/matches-spam-rule.ts'
import { compilePatterns } from '../compile-pattern.ts'
import { spamMessage } from '../spam-message.ts'
import type { Step } from '../step.ts'

/** Drops mail that fulfils a spam rule; the first one that matches decides. */
export const spamFilter: Step = ({ parsed, settings }, { sender }) => {
  const { spamRules } = settings.processing
  if (spamRules.length === 0) return { outcome: 'pass', detail: 'There are no spam rules.' }
  const match = preparedFor(spamRules).firstMatch(spamMessage(parsed, sender))
  if (match === null) return { outcome: 'pass', detail: spamRules.length === 1 ? 'The spam rule does not match.' : `None of ${spamRules.length} spam rules matches.` }
  const reasons = match.met.slice(0, mostTold).map(({ criterion, found }) => describe(criterion, found))
  const more = match.met.length > mostTold ? ` and ${match.met.length - mostTold} more` : ''
  return { outcome: 'dropped', detail: `The spam rule \`${match.rule.name}\` matches: ${reasons.join(', ')}${more}.`, spamRule: match.rule.name }
}

const mostTold = 5

/** Rules are prepared once for as long as they stay the same, though they are read anew for each batch. */
function preparedFor(rules: readonly SpamRule[]): SpamFilter {
  const known = byList.get(rules)
  if (known !== undefined) return known
  const text = JSON.stringify(rules)
  if (latest?.text !== text) latest = { text, filter: prepareSpamRules(rules, compilePatterns) }
  byList.set(rules, latest.filter)
  return latest.filter
}

const byList = new WeakMap<readonly SpamRule[], SpamFilter>()
let latest: { text: string; filter: SpamFilter } | null = null

function describe({ field, header, condition }: SpamCriterion, found: string): string {
  const what = field === 'header' ? `header ${header ?? ''}` : field
  if (field === 'has-attachment') return `it has ${found}`
  if (found === noneOfThem) return `${what} ${condition === 'is-not' ? 'is' : 'contains'} ${noneOfThem}`
  return `${what} ${condition === 'larger-than' || condition === 'smaller-than' ? 'is ' : ''}${condition.replaceAll('-', ' ')} \`${found.slice(0, 200)}\``
}
