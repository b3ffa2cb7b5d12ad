import type { ParsedInput } from '#contract/calls.ts'
import { ProblemError } from '#contract/problem.ts'
import type { SpamHits, SpamTrial } from '#contract/spam-rule.ts'
import type { Database } from '../database/database.ts'
import type { SpamHitsTable } from '../database/spam-hits-table.ts'
import { prepareSpamRules } from '../model/matches-spam-rule.ts'
import { checkSpamPatterns } from './check-spam-patterns.ts'
import { compilePatterns } from './compile-pattern.ts'
import { parseMessage } from './parsing/parse-message.ts'
import { spamMessage } from './spam-message.ts'

export type TrySpamRulesNeeds = { database: Database; spamHits: SpamHitsTable }

/** Use cases on spam rules: what they say of a message before they are saved, and how often each dropped one. */
export const createTrySpamRules = ({ database, spamHits }: TrySpamRulesNeeds) => ({
  /** Tells every rule, whether it is enabled or not. Throws ProblemError `invalid-input` for what is no regular expression, at `rules[0].criteria[0].values[0]`. */
  async try({ rules, base64 }: ParsedInput<'spam.try'>): Promise<SpamTrial[]> {
    const issues = checkSpamPatterns(rules, 'rules')
    if (issues.length > 0) throw new ProblemError({ code: 'invalid-input', issues })
    const parsed = parseMessage(Buffer.from(base64, 'base64'))
    return prepareSpamRules(rules, compilePatterns).tryAll(spamMessage(parsed, parsed.content.from))
  },

  /** Rules that dropped nothing yet are left out. */
  hits: (): Promise<SpamHits[]> => spamHits.all(database),

  /** Counts the rule of this name from zero on. */
  resetHits: ({ rule }: ParsedInput<'spam.reset-hits'>): Promise<void> => database.transaction((transaction) => spamHits.reset(transaction, rule))
})
