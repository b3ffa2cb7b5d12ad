import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright'
import { expectSoon } from './expect-soon.ts'
import { servedBrowser } from './served-browser.ts'
import { typeWhereFocusIs } from './type-where-focus-is.ts'

const { skip, on: shown } = servedBrowser()
const options = { skip, timeout: 60_000 }

const on = (hash: string, use: (page: Page) => Promise<void>, fake = ''): Promise<void> => shown(hash, fake, use)
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const rowOf = (page: Page, name: string) => page.getByRole('row').filter({ has: page.getByRole('gridcell', { name, exact: true }) })
const names = (page: Page): Promise<string[]> => page.getByRole('grid', { name: 'Spam rules' }).getByRole('row').evaluateAll((rows) => rows.slice(1).map((row) => row.querySelectorAll('[role="gridcell"]')[2]?.textContent ?? ''))
const until = (what: () => Promise<boolean>, words: string): Promise<void> => expectSoon.poll(what, words).toBe(true)
const settings = (page: Page): Promise<{ processing: { baseDelimiter: string; spamRules: { name: string; enabled: boolean; criteria: { values: string[] }[] }[]; attachments: { blockedExtensions: string[] } } }> =>
  page.evaluate(async () => ((await (Reflect.get(window, 'mailroom') as { call: (name: string, input: unknown) => Promise<{ value: unknown }> }).call('settings.get', {})).value as never))
const eml = (name: string, subject: string) => ({ name, mimeType: 'message/rfc822', buffer: Buffer.from(`From: offers@promo.example\r\nSubject: ${subject}\r\n\r\nTo unsubscribe, click here.`) })
const pick = (page: Page, label: string, ...files: ReturnType<typeof eml>[]) => page.locator(`input[aria-label="${label}"]`).setInputFiles(files)
const paste = (page: Page, text: string) => page.evaluate((pasted) => { const data = new DataTransfer(); data.setData('text', pasted); document.activeElement?.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })) }, text)
const elsewhere = (page: Page, delimiter: string): Promise<void> =>
  page.evaluate((typed) => { (Reflect.get(window, 'fakeSettings') as (change: (all: { processing: object }) => unknown) => void)((all) => ({ ...all, processing: { ...all.processing, baseDelimiter: typed } })) }, delimiter)

test('a rule by keyboard: a pasted list makes three values, saved it stands last', options, () =>
  on('spam-filter', async (page) => {
    await button(page, 'Add').click()
    await typeWhereFocusIs(page.getByLabel('Name', { exact: true }), 'Prizes')
    await page.getByLabel('Values', { exact: true }).focus()
    await paste(page, 'win a prize, "Hello, friend", lottery')
    for (const value of ['win a prize', 'Hello, friend', 'lottery']) await button(page, `Remove ${value}`).waitFor()
    await page.keyboard.type('casino')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Enter')
    await rowOf(page, 'Prizes').waitFor()
    assert.deepEqual((await settings(page)).processing.spamRules.at(-1)?.criteria[0]?.values, ['win a prize', 'Hello, friend', 'lottery', 'casino'])
    await until(async () => (await names(page)).at(-1) === 'Prizes', 'it stands last')
  }))

test('chips are walked by arrows and taken away by Delete; Backspace brings the last back into the field', options, () =>
  on('spam-filter', async (page) => {
    await rowOf(page, 'Newsletters').dblclick()
    const field = page.getByLabel('Values', { exact: true }).first()
    await field.focus()
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('Delete')
    await expectSoon(button(page, 'Remove @news.example.com')).toHaveCount(0)
    await field.focus()
    await page.keyboard.press('Backspace')
    await expectSoon(field).toHaveValue('@promo.example')
  }))

test('what the core refuses is told at the value that it is about', options, () =>
  on('spam-filter', async (page) => {
    await rowOf(page, 'Marked by the gateway').dblclick()
    await page.getByRole('combobox', { name: 'Condition' }).click()
    await page.getByRole('option', { name: /matches/ }).click()
    await page.getByLabel('Expressions', { exact: true }).fill('a{1,3}')
    await page.keyboard.press('Enter')
    await page.getByLabel('Expressions', { exact: true }).fill('[oops')
    await page.keyboard.press('Enter')
    await button(page, 'Save').click()
    await page.getByText('[oops: missing closing ]').waitFor()
    await expectSoon(page.getByLabel('Expressions', { exact: true })).toBeFocused()
    await button(page, 'Remove [oops').click()
    await button(page, 'Save').click()
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    assert.deepEqual((await settings(page)).processing.spamRules[2]?.criteria[0]?.values, ['YES', 'a{1,3}'])
  }))

test('a rule is tried before it is saved, and again when it changes', options, () =>
  on('spam-filter', async (page) => {
    await rowOf(page, 'Newsletters').dblclick()
    await pick(page, 'Message to try the rule on', eml('prize.eml', 'Win a prize'))
    await page.getByText('The rule fits: it would be dropped.').waitFor()
    await page.getByRole('list', { name: 'Criteria on this message' }).getByText('@promo.example', { exact: true }).waitFor()
    await button(page, 'Remove @promo.example').click()
    await page.getByText('The rule does not fit').waitFor()
    assert.equal((await settings(page)).processing.spamRules[1]?.criteria[0]?.values.length, 2)
    await page.keyboard.press('Escape')
    await page.getByRole('dialog', { name: 'Discard changes' }).getByRole('button', { name: 'Keep editing' }).click()
    await page.getByText('The rule does not fit').waitFor()
  }))

test('rules are put in order by Alt with an arrow, by buttons and by dragging; Space switches one off', options, () =>
  on('spam-filter', async (page) => {
    await rowOf(page, 'Newsletters').focus()
    await page.keyboard.press('Alt+ArrowUp')
    await until(async () => (await names(page))[0] === 'Newsletters', 'Newsletters comes first')
    await page.keyboard.press('Alt+ArrowDown')
    await page.keyboard.press('Alt+ArrowDown')
    await page.keyboard.press('Alt+ArrowUp')
    await page.keyboard.press('Alt+ArrowUp')
    await until(async () => (await names(page))[0] === 'Newsletters', 'the focus goes with the rule')
    await page.keyboard.press('Space')
    await until(async () => (await settings(page)).processing.spamRules[0]?.enabled === false, 'Newsletters is off')
    await button(page, 'Down').click()
    await until(async () => (await names(page))[1] === 'Newsletters', 'Newsletters comes second')
    await rowOf(page, 'Out of office').dragTo(rowOf(page, 'Huge mail without a file'))
    await until(async () => (await names(page))[3] === 'Out of office', 'Out of office comes last')
    await until(async () => (await settings(page)).processing.spamRules.map(({ name }) => name).join() === 'Newsletters,Marked by the gateway,Huge mail without a file,Out of office', 'the order is saved')
  }))

test('duplicate, reset and delete: each says what it is about', options, () =>
  on('spam-filter', async (page) => {
    await rowOf(page, 'Out of office').click()
    await button(page, 'Duplicate').click()
    await expectSoon(page.getByLabel('Name', { exact: true })).toHaveValue('Out of office copy')
    await button(page, 'Save').click()
    await rowOf(page, 'Out of office copy').waitFor()
    await rowOf(page, 'Out of office').click()
    await button(page, 'Reset count').click()
    await page.getByRole('dialog', { name: 'Reset the count of Out of office' }).getByRole('button', { name: 'Reset' }).click()
    await page.getByText('87 messages dropped so far').waitFor()
    await rowOf(page, 'Marked by the gateway').focus()
    await page.keyboard.press('Delete')
    await page.getByText('its count of 87 dropped messages').waitFor()
    await button(page, 'Delete rule').click()
    await rowOf(page, 'Marked by the gateway').waitFor({ state: 'hidden' })
  }))

test('a console that asks for reasons asks once for a rule that is switched off, and Cancel leaves it on', options, () =>
  on('spam-filter', async (page) => {
    await rowOf(page, 'Newsletters').getByRole('switch').click()
    await page.getByRole('dialog', { name: 'Save changes' }).getByRole('button', { name: 'Cancel' }).click()
    await until(() => rowOf(page, 'Newsletters').getByRole('switch').isChecked(), 'it is on again')
    await rowOf(page, 'Newsletters').getByRole('switch').click()
    await page.getByLabel('Reason for this change').fill('Too many complaints')
    await button(page, 'Save').click()
    await until(async () => (await settings(page)).processing.spamRules[1]?.enabled === false, 'it is off')
  }, 'reason'))

test('what was typed is there when the page is come back to, and others’ changes of other settings are not overwritten', options, () =>
  on('attachments', async (page) => {
    await page.getByLabel('Extensions that are taken off').fill('.EXE, bat,')
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: 'Conversations' }).click()
    await page.getByLabel('Base delimiter').waitFor()
    await elsewhere(page, '@@')
    await page.getByRole('link', { name: 'Attachments and limits' }).click()
    await page.getByText('Not saved yet').waitFor()
    await button(page, 'Save').click()
    await page.getByText('The settings were saved.').waitFor()
    const { processing } = await settings(page)
    assert.deepEqual(processing.attachments.blockedExtensions, ['exe', 'bat'])
    assert.equal(processing.baseDelimiter, '@@')
  }))

test('two who change the same setting: the second is asked', options, () =>
  on('conversations', async (page) => {
    await page.getByLabel('Base delimiter').fill('!!')
    await page.getByText('!!RE-123!!').first().waitFor()
    await elsewhere(page, '@@')
    await button(page, 'Save').click()
    const question = page.getByRole('dialog', { name: 'Changed by somebody else' })
    await question.getByRole('button', { name: 'Keep editing' }).click()
    assert.equal((await settings(page)).processing.baseDelimiter, '@@')
    await button(page, 'Save').click()
    await question.getByRole('button', { name: 'Save mine' }).click()
    await until(async () => (await settings(page)).processing.baseDelimiter === '!!', 'it is saved')
  }))

test('a delimiter with a forbidden character is refused while it is typed, and nothing is saved', options, () =>
  on('conversations', async (page) => {
    for (const typed of ['##~', '###########', 'ab']) {
      await page.getByLabel('Base delimiter').fill(typed)
      await page.getByText('Use 1 to 10 of the characters').waitFor()
    }
    await page.getByLabel('Base delimiter').press('Enter')
    await expectSoon(page.getByLabel('Base delimiter')).toBeFocused()
    assert.equal((await settings(page)).processing.baseDelimiter, '##')
  }))

test('an e-mail command is tried from the example: what would change, field by field', options, () =>
  on('email-command', async (page) => {
    await page.getByLabel('Carry out e-mail commands').check()
    await page.getByLabel('Subject contains').fill('!!desk!!')
    await page.getByText('Laptop for a new colleague !!desk!!').first().waitFor()
    await page.getByText('Commands are tried with the settings as saved').waitFor()
    await button(page, 'Save').click()
    await page.getByText('The settings were saved.').waitFor()
    await page.getByRole('tab', { name: 'Change' }).click()
    await button(page, 'Put it in the try box').click()
    await expectSoon(page.getByLabel('From', { exact: true })).toHaveValue('tomas.novak@example.com')
    await button(page, 'Try it').click()
    await page.getByText('It would be carried out as an e-mail command.').waitFor()
    const change = page.getByRole('region', { name: 'What would be created' })
    await change.getByText('Request 123 is changed').waitFor()
    await change.getByText('Network').waitFor()
    await page.getByLabel('Text', { exact: true }).fill('$Operation=EditRequest$\n$Überschrift=Größe$')
    await page.getByText('The mail above has changed since').waitFor()
    await button(page, 'Try it').click()
    await change.getByText('Größe').waitFor()
  }))

test('several messages are tried and compared with another server; the report can be copied', options, () =>
  on('try-message', async (page) => {
    await pick(page, 'Message file', eml('printer.eml', 'Printer'), eml('prize.eml', 'Win a prize'), eml('answer.eml', 'Re: Printer'))
    await rowOf(page, 'answer.eml').waitFor()
    await page.getByRole('region', { name: 'What would be created' }).getByText('becomes known as a user').waitFor()
    await rowOf(page, 'printer.eml').focus()
    await page.keyboard.press('ArrowDown')
    await page.getByText('It would be dropped.').waitFor()
    await page.keyboard.press('ArrowDown')
    await page.getByText('Reply in request 123').waitFor()
    await page.getByRole('combobox', { name: 'Compare with' }).click()
    await page.getByRole('option', { name: 'hr' }).click()
    await rowOf(page, 'printer.eml').getByText('differences').waitFor()
    await rowOf(page, 'prize.eml').getByText('The same').waitFor()
    await rowOf(page, 'printer.eml').click()
    await page.getByRole('region', { name: 'Differences' }).getByText('Personnel').waitFor()
    await button(page, 'Copy report').click()
    await page.getByText('Copied').waitFor()
    await rowOf(page, 'prize.eml').focus()
    await page.keyboard.press('Delete')
    await rowOf(page, 'prize.eml').waitFor({ state: 'hidden' })
  }))

test('support looks at rules and tries them, but has nothing to press that changes', options, async () => {
  await on('spam-filter', async (page) => {
    await rowOf(page, 'Newsletters').click()
    for (const name of ['Add', 'Duplicate', 'Delete', 'Up', 'Down', 'Reset count']) await expectSoon(button(page, name)).toBeDisabled()
    await page.keyboard.press('Enter')
    await expectSoon(page.getByLabel('Name', { exact: true })).toBeDisabled()
    await expectSoon(button(page, 'Save')).toHaveCount(0)
    await pick(page, 'Message to try the rule on', eml('prize.eml', 'Win a prize'))
    await page.getByText('The rule fits').waitFor()
  }, 'support')
  for (const hash of ['email-command', 'conversations', 'attachments', 'settings']) {
    await on(hash, async (page) => {
      await page.getByText('You look as support').waitFor()
      await page.locator('main form input').first().waitFor({ state: 'attached' })
      await expectSoon(button(page, 'Save')).toHaveCount(0)
      await expectSoon(page.locator('main form').first().locator('input:not([disabled]):not([readonly])')).toHaveCount(0)
    }, 'support')
  }
})
