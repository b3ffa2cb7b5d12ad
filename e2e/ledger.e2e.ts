import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright'
import { expectSoon } from './expect-soon.ts'
import { servedBrowser } from './served-browser.ts'

const { skip, on } = servedBrowser()
const options = { skip, timeout: 60_000 }
const found = (page: Page, server: string) => page.getByRole('region', { name: `Reconciliation of ${server}` })
const choose = async (page: Page, label: RegExp, option: string | RegExp): Promise<void> => {
  await page.getByRole('combobox', { name: label }).click()
  await page.getByRole('option', { name: option }).click()
}

test('ledger: filtered by outcome and words, and a row leads to what it became', options, () =>
  on('ledger', '', async (page) => {
    await page.getByText('12 400 mails').waitFor()
    await choose(page, /Outcome/, /^Dropped/)
    await page.getByText('1 080 mails').waitFor()
    await page.getByRole('grid', { name: 'Ledger' }).getByText('The spam rule “Lotteries” fits.').first().waitFor()
    await page.getByLabel('Search subject, sender, number').fill('prize')
    await page.getByRole('grid', { name: 'Ledger' }).getByText('Out of office').first().waitFor({ state: 'hidden' })
    await choose(page, /Outcome/, 'All outcomes')
    await page.getByLabel('Search subject, sender, number').fill('laptop')
    await page.getByRole('grid', { name: 'Ledger' }).getByText('New laptop').first().waitFor()
    await page.getByRole('grid', { name: 'Ledger' }).getByRole('row').nth(1).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('region', { name: /^Request \d+$/ }).waitFor()
  }))

test('ledger: what differs is said with its remedy, taken, and then nothing is lost', options, () =>
  on('ledger', '', async (page) => {
    await page.getByRole('button', { name: 'Reconcile' }).click()
    await page.getByRole('menuitem', { name: 'hr', exact: true }).click()
    await found(page, 'hr').getByText('hr: Server and ledger differ').waitFor()
    await found(page, 'hr').getByText('314 mails in the inbox, 303 of them in the ledger').waitFor()
    await found(page, 'hr').getByText('Parental leave from March on').waitFor()
    await found(page, 'hr').getByRole('button', { name: 'Take them now' }).click()
    await page.getByText('2 mails are unread now').waitFor()
    await found(page, 'hr').getByRole('button', { name: 'Again' }).click()
    await found(page, 'hr').getByText('hr: Nothing lost').waitFor()
  }))

test('ledger: all servers one after the other, and one that cannot be reached holds up none', options, () =>
  on('ledger', '', async (page) => {
    await page.getByRole('button', { name: 'Reconcile' }).click()
    await page.getByRole('menuitem', { name: 'All servers' }).click()
    for (const text of ['it: Nothing lost', 'hr: Server and ledger differ', 'sales: Could not be compared']) await page.getByText(text).waitFor()
    await page.getByRole('button', { name: 'Close the reconciliation of sales' }).click()
    await found(page, 'sales').waitFor({ state: 'hidden' })
  }))

test('ledger: a server is reconciled from its row, and the way back is not another reconciliation', options, () =>
  on('email-settings', '', async (page) => {
    await page.getByRole('grid', { name: 'Incoming servers' }).getByText('it@example.com').click()
    await page.getByRole('link', { name: 'Reconcile' }).click()
    await found(page, 'it').getByText('it: Nothing lost').waitFor()
    assert.match(page.url(), /#\/ledger\?server=it$/)
  }))

test('ledger: support looks and changes nothing', options, () =>
  on('ledger/reconcile?server=hr', 'support', async (page) => {
    await found(page, 'hr').getByRole('button', { name: 'Take them now' }).waitFor()
    await expectSoon(found(page, 'hr').getByRole('button', { name: 'Take them now' })).toBeDisabled()
    await expectSoon(found(page, 'hr').getByRole('button', { name: 'Move all in it to the inbox' })).toBeDisabled()
  }))
