import type { ParsedInput } from '#contract/calls.ts'
import { ProblemError } from '#contract/problem.ts'
import type { Settings } from '#contract/settings.ts'
import { checkSpamPatterns } from '../processing/check-spam-patterns.ts'
import { incomingForm, settingsForm } from './configuration-form.ts'
import type { Caller, ConfigurationNeeds } from './configuration-needs.ts'
import { readConfiguration, readSettings, type PresentConfiguration } from './present-configuration.ts'
import { checkedReason, recordChange } from './record-change.ts'
import { settingsReferenceIssues, templateChanges, templateFault, withRenamedTemplate } from './references.ts'

/** Use cases on the settings of the whole console. */
export const createSettings = (needs: ConfigurationNeeds) => {
  const { database, tables } = needs

  const get = (): Promise<Settings> => readSettings(tables, database)

  /**
   * Throws ProblemError `invalid-input` where a reason is required, by the settings before the change, and none is given, for what is no
   * regular expression in a spam rule, at `processing.spamRules[0].criteria[0].values[0]`, and for names of partitions, templates and
   * outgoing servers that are not there, at `handOver[0].partitions[0]`; `in-use` for a template that servers use and that is there no more. Servers follow a
   * template that is renamed.
   */
  const save = async ({ settings, reason: given }: ParsedInput<'settings.save'>, { who }: Caller, action?: 'restored'): Promise<void> => {
    refuseFaultyPatterns(settings)
    const touched = await database.transaction(async (transaction) => {
      const present = await readConfiguration(tables, transaction)
      const before = present.settings
      const reason = checkedReason(before, given)
      const { renamed, saved, users } = checkedNames(settings, present)
      for (const { id, server } of users) {
        const followed = { ...server, template: renamed?.name ?? server.template }
        await tables.incoming.update(transaction, id, followed)
        await recordChange(tables.history, transaction, needs.now(), { who, what: 'incoming server', name: server.name, from: incomingForm(server), to: incomingForm(followed), version: followed, reason })
      }
      await tables.settings.put(transaction, saved)
      await recordChange(tables.history, transaction, needs.now(), { who, what: 'settings', name: 'settings', from: settingsForm(before), to: settingsForm(saved), version: saved, action, reason })
      return users.length > 0 || !sameTemplates(before, saved)
    })
    needs.announce('settings-changed', {})
    // Whether a server can be used may hang on a template.
    if (touched) needs.announce('servers-changed', { kind: 'incoming' })
  }
  return { get, save }
}

/** Throws ProblemError where saving would, as `save`. */
export const checkSettings = (settings: Settings, present: PresentConfiguration): void => {
  refuseFaultyPatterns(settings)
  checkedNames(settings, present)
}

/** The settings as they are to be saved, and which servers follow a renamed template. Throws ProblemError `in-use`, `invalid-input`. */
const checkedNames = (settings: Settings, present: PresentConfiguration): ReturnType<typeof checkedTemplates> & { saved: Settings } => {
  const { renamed, users } = checkedTemplates(present, settings)
  const saved = renamed === null ? settings : withRenamedTemplate(settings, renamed.was, renamed.name)
  refuseUnknownNames(saved, present)
  return { renamed, saved, users }
}

const refuseFaultyPatterns = ({ processing: { spamRules } }: Settings): void => {
  const issues = checkSpamPatterns(spamRules, 'processing.spamRules')
  if (issues.length > 0) throw new ProblemError({ code: 'invalid-input', issues })
}

const refuseUnknownNames = (settings: Settings, { partitions, outgoing }: PresentConfiguration): void => {
  const issues = settingsReferenceIssues(settings, { partitions, outgoing: outgoing.map(({ server }) => server.name) })
  if (issues.length > 0) throw new ProblemError({ code: 'invalid-input', issues })
}

/** The renaming of a template, with the servers that follow it. Throws ProblemError `in-use` where one that is gone is used. */
const checkedTemplates = ({ incoming, settings: before }: PresentConfiguration, { requestTemplates }: Settings): { renamed: { was: string; name: string } | null; users: PresentConfiguration['incoming'] } => {
  const { gone, renamed } = templateChanges(before.requestTemplates, requestTemplates)
  const usersOf = (template: string): PresentConfiguration['incoming'] => incoming.filter(({ server }) => server.template?.toLowerCase() === template.toLowerCase())
  for (const name of gone) {
    const by = usersOf(name).map(({ server }) => server.name)
    if (by.length > 0 && templateFault(name, { templates: requestTemplates }) !== null) throw new ProblemError({ code: 'in-use', what: 'request template', name, by })
  }
  return { renamed, users: renamed === null ? [] : usersOf(renamed.was) }
}

const sameTemplates = (one: Settings, other: Settings): boolean => JSON.stringify(one.requestTemplates.map(({ name }) => name)) === JSON.stringify(other.requestTemplates.map(({ name }) => name))
