import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright'

/** What axe finds serious or critical on a page, by all of its rules or by some. Mail in its frame is not ours. */
export async function seriousFaults(page: Page, rules: string[] | null = null): Promise<string[]> {
  const axe = new AxeBuilder({ page }).exclude('iframe').setLegacyMode(true).options({ resultTypes: ['violations'] })
  const { violations } = await (rules === null ? axe : axe.withRules(rules)).analyze()
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
  return serious.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.html.slice(0, 140)} ${node.failureSummary?.slice(0, 160)}`).join(' | ')}`)
}
