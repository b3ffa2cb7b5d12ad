import { noticeCategories } from '#contract/notice.ts'
import type { Transaction } from '../database/database.ts'
import { settingsForm } from './configuration-form.ts'
import type { ConfigurationNeeds } from './configuration-needs.ts'
import type { PresentConfiguration } from './present-configuration.ts'
import { checkedReason, recordChange } from './record-change.ts'

/** Notification rules and categories know a renamed server by its new name; `was` is null for a new server. The change is in the history. */
export const followInRules = async ({ tables, now }: Pick<ConfigurationNeeds, 'tables' | 'now'>, transaction: Transaction, { settings }: Pick<PresentConfiguration, 'settings'>, { was, name, who, reason }: { was: string | null; name: string; who: string; reason: string | null }): Promise<void> => {
  const { rules, categories } = settings.alerts
  if (was === null || was === name || !(rules.some(({ servers }) => servers.includes(was)) || Object.values(categories).some(({ through }) => through === was))) return
  const renamed = rules.map((rule) => ({ ...rule, servers: [...new Set(rule.servers.map((server) => (server === was ? name : server)))] }))
  const followed = { ...settings, alerts: { ...settings.alerts, rules: renamed, categories: withServer(categories, was, name) } }
  await tables.settings.put(transaction, followed)
  await recordChange(tables.history, transaction, now(), { who, what: 'settings', name: 'settings', from: settingsForm(settings), to: settingsForm(followed), version: followed, reason: checkedReason(settings, reason) })
}

type Categories = PresentConfiguration['settings']['alerts']['categories']
function withServer(categories: Categories, was: string, name: string): Categories {
  const followed = { ...categories }
  for (const category of noticeCategories) if (followed[category].through === was) followed[category] = { ...followed[category], through: name }
  return followed
}
