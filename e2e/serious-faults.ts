import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright'
import { atRest } from './at-rest.ts'

/**
 * What axe finds serious or critical on a page at rest, by all of its rules or by some. Mail in its frame is not ours.
 * A look takes a second in which a button may come back and fade in: what is found is a fault when a second look finds it too.
 */
export async function seriousFaults(page: Page, rules: string[] | null = null): Promise<string[]> {
  const first = await look(page, rules)
  if (first.length === 0) return first
  const second = await look(page, rules)
  return first.filter((fault) => second.includes(fault))
}

async function look(page: Page, rules: string[] | null): Promise<string[]> {
  await atRest(page)
  // Legacy mode runs axe in this page alone: a desktop window, real or not, opens no second page for axe to finish in.
  const axe = new AxeBuilder({ page }).exclude('iframe').setLegacyMode(true).options({ resultTypes: ['violations'] })
  const { violations } = await (rules === null ? axe : axe.withRules(rules)).analyze()
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
  return serious.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 140)} ${node.failureSummary?.slice(0, 160)}`))
}
