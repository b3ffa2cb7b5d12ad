import type { ParsedInput } from '#contract/calls.ts'
import { ProblemError } from '#contract/problem.ts'
import type { Settings } from '#contract/settings.ts'
import { checkSpamPatterns } from '../processing/check-spam-patterns.ts'
import { settingsForm } from './configuration-form.ts'
import type { Caller, ConfigurationNeeds } from './configuration-needs.ts'
import { readSettings } from './present-configuration.ts'
import { checkedReason, recordChange } from './record-change.ts'

/** Use cases on the settings of the whole console. */
export const createSettings = (needs: ConfigurationNeeds) => {
  const { database, tables } = needs

  const get = (): Promise<Settings> => readSettings(tables, database)

  /**
   * Throws ProblemError `invalid-input` where a reason is required, by the settings before the change, and none is given, and for what is no
   * regular expression in a spam rule, at `processing.spamRules[0].criteria[0].values[0]`.
   */
  const save = async (input: ParsedInput<'settings.save'>, { who }: Caller): Promise<void> => {
    const issues = checkSpamPatterns(input.settings.processing.spamRules, 'processing.spamRules')
    if (issues.length > 0) throw new ProblemError({ code: 'invalid-input', issues })
    await database.transaction(async (transaction) => {
      const before = await readSettings(tables, transaction)
      const reason = checkedReason(before, input.reason)
      await tables.settings.put(transaction, input.settings)
      await recordChange(tables.history, transaction, needs.now(), { who, what: 'settings', name: 'settings', from: settingsForm(before), to: settingsForm(input.settings), reason })
    })
    needs.announce('settings-changed', {})
  }
  return { get, save }
}
