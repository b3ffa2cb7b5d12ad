import type { Page } from 'playwright'
import type { Settings } from '../../src-contract/settings.ts'
import type { Screen } from './screens.ts'

type Faked = Window & { fakeSettings: (change: (settings: Settings) => Settings) => void }
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).first()
const withRules = (page: Page): Promise<void> =>
  page.evaluate(() => (window as unknown as Faked).fakeSettings((settings) => ({
    ...settings,
    alerts: {
      ...settings.alerts,
      applicationErrors: { enabled: true, to: ['technicians@example.com'] },
      rules: [
        { name: 'Network team', enabled: true, events: ['connectivity-lost', 'connectivity-back', 'on-alternate'], servers: [], to: ['network@example.com'] },
        { name: 'Service desk', enabled: true, events: ['mailbox-silent'], servers: ['it', 'hr'], to: ['desk@example.com', 'ann.with.a.long.name@subsidiary.example.com'] },
        { name: 'Auditors', enabled: false, events: ['history-broken'], servers: [], to: ['audit@example.com'] }
      ]
    }
  })))

/** Alerts, their rules, and transcripts. */
export const alertScreens: readonly Screen[] = [
  { name: 'settings', hash: 'settings', act: async (page) => { await page.getByText('There is no rule yet.').waitFor(); await withRules(page); await page.getByRole('row').filter({ hasText: 'Service desk' }).click() } },
  { name: 'settings-no-rules', hash: 'settings' },
  { name: 'notification-rule', hash: 'settings', act: async (page) => { await withRules(page); await page.getByRole('row').filter({ hasText: 'Service desk' }).click(); await button(page, 'Edit').click(); await page.getByRole('dialog').waitFor() } },
  { name: 'notification-rule-faults', hash: 'settings', act: async (page) => { await button(page, 'Add rule').click(); await page.getByRole('dialog').getByRole('button', { name: 'Add' }).click(); await page.getByText('Choose at least one event.').waitFor() } },
  { name: 'test-notification', hash: 'settings', act: async (page) => { await withRules(page); await page.getByRole('row').filter({ hasText: 'Service desk' }).click(); await button(page, 'Send a test notification…').click(); await page.getByRole('dialog').getByRole('button', { name: 'Send', exact: true }).click(); await page.getByText('the server took it').waitFor() } },
  { name: 'transcript', hash: 'email-settings/incoming/it/transcript', act: (page) => page.getByText('Dovecot ready.').waitFor() },
  { name: 'transcript-outgoing', hash: 'email-settings/outgoing/main/transcript', act: async (page) => { await page.getByText('Ok: queued').waitFor(); await button(page, 'Pause').click() } }
]
