import { noticeCategories } from '#contract/notice.ts'
import type { Transaction } from '../database/database.ts'
import { settingsForm } from './configuration-form.ts'
import type { ConfigurationNeeds } from './configuration-needs.ts'
import type { PresentConfiguration } from './present-configuration.ts'
import { checkedReason, recordChange } from './record-change.ts'

/** Notification rules and categories know a renamed server by its new name; `was` is null for a new server. The change is in the history. */
export const followInRules = async (needs: Needs, transaction: Transaction, { settings }: Pick<PresentConfiguration, 'settings'>, { was, name, who, reason }: { was: string | null; name: string; who: string; reason: string | null }): Promise<void> => {
  const { rules, categories } = settings.alerts
  if (was === null || was === name || !(rules.some(({ servers }) => servers.includes(was)) || Object.values(categories).some(({ through }) => through === was))) return
  const renamed = rules.map((rule) => ({ ...rule, servers: [...new Set(rule.servers.map((server) => (server === was ? name : server)))] }))
  await putAlerts(needs, transaction, settings, { alerts: { ...settings.alerts, rules: renamed, categories: withServer(categories, was, name) }, who, reason })
}

/** Categories of notifications that went through a server which is being deleted go through that of the partition. */
export const forgetInCategories = async (needs: Needs, transaction: Transaction, { settings }: Pick<PresentConfiguration, 'settings'>, { name, who, reason }: { name: string; who: string; reason: string | null }): Promise<void> => {
  const { categories } = settings.alerts
  if (Object.values(categories).some(({ through }) => through === name)) await putAlerts(needs, transaction, settings, { alerts: { ...settings.alerts, categories: withServer(categories, name, null) }, who, reason })
}

type Needs = Pick<ConfigurationNeeds, 'tables' | 'now'>
type Alerts = PresentConfiguration['settings']['alerts']

async function putAlerts({ tables, now }: Needs, transaction: Transaction, settings: PresentConfiguration['settings'], { alerts, who, reason }: { alerts: Alerts; who: string; reason: string | null }): Promise<void> {
  const followed = { ...settings, alerts }
  await tables.settings.put(transaction, followed)
  await recordChange(tables.history, transaction, now(), { who, what: 'settings', name: 'settings', from: settingsForm(settings), to: settingsForm(followed), version: followed, reason: checkedReason(settings, reason) })
}

function withServer(categories: Alerts['categories'], was: string, name: string | null): Alerts['categories'] {
  const followed = { ...categories }
  for (const category of noticeCategories) if (followed[category].through === was) followed[category] = { ...followed[category], through: name }
  return followed
}
