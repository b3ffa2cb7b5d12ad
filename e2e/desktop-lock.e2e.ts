import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { settings as settingsSchema } from '../src-contract/settings.ts'
import { desktopMissing, launchDesktop, type Desktop } from './start-desktop.ts'

const missing = desktopMissing()
const options = { skip: missing === null ? false : `the desktop window: ${missing}` }
let folder: string
let desktop: Desktop

const open = async (): Promise<void> => {
  desktop = await launchDesktop({ dataFolder: join(folder, 'data'), env: { MAILROOM_PASSPHRASE: 'a passphrase for this test' } })
  await desktop.page.getByRole('main').waitFor()
}
before(async () => {
  if (missing !== null) return
  folder = mkdtempSync(join(tmpdir(), 'mailroom-lock-'))
  await open()
})
after(async () => {
  if (missing !== null) return
  assert.equal(await desktop.close(), 0, desktop.output())
  rmSync(folder, { recursive: true })
})

const button = (name: string | RegExp) => desktop.page.getByRole('button', { name })
const goTo = async (hash: string): Promise<void> => {
  await desktop.page.evaluate((to) => void (location.hash = to), hash)
}
const call = (name: string, input: unknown) => desktop.page.evaluate(([asked, given]) => (window as unknown as { mailroom: { call: (name: string, input: unknown) => Promise<{ ok: boolean; value?: unknown; problem?: { code: string } }> } }).mailroom.call(asked as string, given), [name, input])
const changing = { settings: settingsSchema.parse({ processing: { baseDelimiter: '@@' } }), reason: null }

test('a PIN is set in the window, which stays an administrator’s until it is locked', options, async () => {
  await goTo('access')
  await button('Set a PIN').first().click()
  await desktop.page.getByLabel('New PIN').fill('2468')
  await desktop.page.getByLabel('The same again').fill('2468')
  await button('Set the PIN').click()
  await button('Lock now').click()
  await button('Support — locked').waitFor()
})

test('a locked window looks, and changes nothing whatever the page asks for', options, async () => {
  assert.deepEqual(await call('settings.save', changing), { ok: false, problem: { code: 'not-allowed', call: 'settings.save', role: 'support' } })
  assert.equal((await call('settings.get', {})).ok, true)
  assert.equal((await call('access.set-pin', { current: null, pin: null })).problem?.code, 'not-allowed')
  assert.equal((await call('access.reset-pin', {})).problem?.code, 'not-allowed')
})

test('where an administrator is needed the PIN is asked for; a wrong one is told, the right one opens', options, async () => {
  await goTo('settings')
  await desktop.page.getByRole('note').getByRole('button', { name: 'Unlock' }).click()
  await desktop.page.getByLabel('PIN', { exact: true }).fill('0000')
  await desktop.page.keyboard.press('Enter')
  await desktop.page.getByText('That is not the PIN.').waitFor()
  await desktop.page.getByLabel('PIN', { exact: true }).fill('2468')
  await desktop.page.keyboard.press('Enter')
  await button('Administrator').waitFor()
  assert.equal((await call('settings.save', changing)).ok, true)
})

test('the window is locked after a restart, and the history names who set the PIN and what was changed', options, async () => {
  assert.equal(await desktop.close(), 0, desktop.output())
  await open()
  await button('Support — locked').waitFor()
  const { value } = await call('history.list', {})
  const entries = value as { what: string; name: string; action: string; who: string }[]
  assert.deepEqual(entries.map(({ what, name, action }) => [what, name, action]), [['settings', 'settings', 'changed'], ['access', 'PIN', 'added']])
  assert.deepEqual([...new Set(entries.map(({ who }) => who))], [userInfo().username])
})

test('an earlier version is seen while locked and restored after unlocking', options, async () => {
  await button('Support — locked').click()
  await desktop.page.getByRole('dialog').getByRole('button', { name: 'Unlock' }).click()
  await desktop.page.getByLabel('PIN', { exact: true }).fill('2468')
  await desktop.page.keyboard.press('Enter')
  await button('Administrator').waitFor()
  assert.equal((await call('settings.save', { settings: settingsSchema.parse({ processing: { baseDelimiter: '%%' } }), reason: null })).ok, true)
  await goTo('history')
  await desktop.page.getByRole('listitem').filter({ hasText: '@@' }).getByRole('button', { name: /^Version/ }).last().click()
  await desktop.page.getByRole('cell', { name: 'processing.baseDelimiter' }).waitFor()
  await desktop.page.getByLabel(/Reason/).fill('The old sign was right')
  await button('Restore this version').click()
  await desktop.page.getByText('settings is as it was.').waitFor()
  await desktop.page.getByText('Reason: The old sign was right').waitFor()
  await button('Verify').click()
  await desktop.page.getByText(/Intact: 4 entries/).waitFor()
})
