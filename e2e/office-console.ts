import assert from 'node:assert/strict'
import { startAddressWorld, type AddressWorld } from '../testbed/address-world.ts'
import { dovecotMissing } from '../testbed/dovecot.ts'
import { openChromium } from './open-chromium.ts'
import { hostMissing } from './open-console.ts'
import { openOwnConsole, type OwnConsole } from './own-console.ts'
import { typeWhereFocusIs } from './type-where-focus-is.ts'

/** The mailbox whose settings the console finds by its address. */
export const officeAddress = 'it@office.test'
export const officeMail = (from: string, subject: string, text: string): string => `From: ${from}\r\nTo: ${officeAddress}\r\nSubject: ${subject}\r\nMessage-ID: <${subject.replace(/\W/g, '.')}@example.com>\r\nDate: Fri, 20 Nov 2026 08:00:00 +0000\r\n\r\n${text}\r\n`

/** `fetchFromOffice` sets the mailbox up from its address and waits until it is listened to; `close` also finds that the page never complained. */
export type OfficeConsole = OwnConsole & { world: AddressWorld; fetchFromOffice(): Promise<void> }

/** Why no such console can be opened here; null where it can. */
export const officeMissing = (): string | null => hostMissing('browser') ?? dovecotMissing()

/** An empty console in a browser, beside a real server that has the office's mailbox. */
export async function openOfficeConsole(): Promise<OfficeConsole> {
  const [browser, world] = await Promise.all([openChromium(), startAddressWorld()])
  const console = await openOwnConsole(browser, world.env)
  return {
    ...console, world,
    fetchFromOffice: () => fetchFromOffice(console, world.dovecot.password),
    async close() {
      await console.close()
      await Promise.all([browser.close(), world.stop()])
      assert.deepEqual(console.complaints, [])
    }
  }
}

async function fetchFromOffice({ page }: OwnConsole, password: string): Promise<void> {
  const dialog = page.getByRole('dialog')
  await page.getByRole('button', { name: 'Set up from an address…' }).first().click()
  await typeWhereFocusIs(dialog.getByLabel('E-mail address'), officeAddress)
  await dialog.getByRole('button', { name: 'Find settings' }).click()
  await dialog.getByRole('radiogroup', { name: 'Ways to reach the mailbox' }).waitFor()
  await typeWhereFocusIs(dialog.getByLabel('Password', { exact: true }), password)
  await dialog.getByRole('button', { name: 'Save and test' }).click()
  await dialog.getByRole('button', { name: 'Start fetching' }).click()
  await dialog.waitFor({ state: 'hidden' })
  await page.getByRole('grid', { name: 'Incoming servers' }).getByRole('row').filter({ hasText: officeAddress }).getByText(/Listening|Push/).first().waitFor()
}
