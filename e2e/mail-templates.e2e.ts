import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright'
import { samplePicture } from './fake-main/fake-mail-templates.ts'
import { expectSoon } from './expect-soon.ts'
import { servedBrowser } from './served-browser.ts'
import { typeWhereFocusIs } from './type-where-focus-is.ts'

const { skip, on: shown } = servedBrowser()
const options = { skip, timeout: 60_000 }
const on = (use: (page: Page) => Promise<void>, fake = '', hash = 'mail-templates'): Promise<void> => shown(hash, fake, use)

type Mail = { name: string; enabled: boolean; event: string; to: string[]; partitions: string[]; template: { subject: string; text: string; html: string | null } }
type Kept = { requestMails: Mail[]; processing: { answers: { acknowledge: boolean; mostPerHour: number; template: Mail['template'] | null } }; sending: { giveUpAfterHours: number }; alerts: { categories: Record<string, { enabled: boolean; through: string | null }> } }
const settings = (page: Page): Promise<Kept> => page.evaluate(async () => (await (Reflect.get(window, 'mailroom') as { call: (name: string, input: unknown) => Promise<{ value: unknown }> }).call('settings.get', {})).value as never)
const mailNamed = async (page: Page, name: string): Promise<Mail | undefined> => (await settings(page)).requestMails.find((mail) => mail.name === name)

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true })
const row = (page: Page, text: string) => page.getByRole('row').filter({ hasText: text })
const box = (page: Page, name: string) => page.getByRole('dialog').getByRole('textbox', { name, exact: true })
const previewed = (page: Page, subject: string) => expectSoon(page.locator('[data-preview="subject"]')).toHaveText(subject)
const saved = async (page: Page): Promise<void> => {
  await button(page, 'Save').last().click()
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
}
const openNew = async (page: Page): Promise<void> => {
  await button(page, 'Add').click()
  await box(page, 'HTML').waitFor()
}
const paste = (page: Page, kinds: Record<string, string>) =>
  page.evaluate((pasted) => {
    const data = new DataTransfer()
    for (const [kind, text] of Object.entries(pasted)) data.setData(kind, text)
    document.activeElement?.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
  }, kinds)

test('a mail is written by keyboard alone: name, recipient, subject with a placeholder typed, HTML with marks and a list; the text follows', options, () =>
  on(async (page) => {
    await openNew(page)
    await typeWhereFocusIs(page.getByLabel('Name', { exact: true }), 'Closed')
    await page.getByLabel('Requester').focus()
    await page.keyboard.press('Space')
    await box(page, 'Subject').focus()
    await page.keyboard.press('Control+a')
    await page.keyboard.type('Request {{number}}: {{ subject }}')
    await expectSoon(box(page, 'Subject').locator('.placeholder')).toHaveText(['number', 'subject'])
    await box(page, 'HTML').focus()
    await page.keyboard.type('Hello ')
    await page.keyboard.press('Control+b')
    await page.keyboard.type('{{requester}}')
    await page.keyboard.press('Control+b')
    await page.keyboard.type(',')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Control+Shift+8')
    await page.keyboard.type('one')
    await page.keyboard.press('Enter')
    await page.keyboard.type('two')
    await previewed(page, 'Request 1204: Printer on the 3rd floor')
    await page.frameLocator('iframe[title="Preview of the HTML"]').getByText('Ann Meyer').waitFor()
    await saved(page)
    const mail = await mailNamed(page, 'Closed')
    assert.deepEqual(mail?.to, ['technician', 'requester'])
    assert.deepEqual(mail?.template, { subject: 'Request {{number}}: {{subject}}', html: '<p>Hello <strong>{{requester}}</strong>,</p><ul><li><p>one</p></li><li><p>two</p></li></ul>', text: 'Hello {{requester}},\n\n- one\n- two\n' })
  }))

test('a placeholder comes from the menu to where the cursor is, and the cursor is behind it', options, () =>
  on(async (page) => {
    await openNew(page)
    await box(page, 'HTML').focus()
    await page.keyboard.type('Dear ')
    await button(page, 'Insert a placeholder: HTML').focus()
    await page.keyboard.press('Enter')
    await page.getByRole('menuitem', { name: /requester\b/ }).first().waitFor()
    await page.keyboard.type('requester')
    await page.keyboard.press('Enter')
    await expectSoon(box(page, 'HTML')).toBeFocused()
    await page.keyboard.type('!')
    await expectSoon(box(page, 'HTML')).toHaveText('Dear requester!')
    await page.keyboard.press('Control+z')
    await page.keyboard.press('Control+z')
    await expectSoon(box(page, 'HTML').locator('.placeholder')).toHaveCount(0)
  }))

test('what is no placeholder is said at its place while it is typed, with the one that was meant, and is not saved', options, () =>
  on(async (page) => {
    await openNew(page)
    await page.getByLabel('Name', { exact: true }).fill('Typos')
    await box(page, 'HTML').focus()
    await page.keyboard.type('Number {{numbre}} of {{nobody knows}}')
    await expectSoon(box(page, 'HTML').locator('.placeholder.unknown')).toHaveText(['{{numbre}}', '{{nobody knows}}'])
    await page.getByText('There is no placeholder {{numbre}}.').waitFor()
    await page.getByText('The preview waits until what is marked is right.').waitFor()
    await button(page, 'Save').last().click()
    await page.getByText('Correct the marked fields.').waitFor()
    await expectSoon(box(page, 'HTML')).toBeFocused()
    await button(page, 'Use {{number}}').click()
    await button(page, 'Take {{nobody knows}} out').click()
    await expectSoon(box(page, 'HTML')).toHaveText('Number number of')
    await saved(page)
    assert.match((await mailNamed(page, 'Typos'))?.template.html ?? '', /^<p>Number \{\{number\}\} of\s*<\/p>$/)
  }))

test('a placeholder whose letters are marked apart is one again', options, () =>
  on(async (page) => {
    await openNew(page)
    await page.getByLabel('Name', { exact: true }).fill('Torn')
    await box(page, 'HTML').focus()
    await paste(page, { 'text/html': '<p>{{num<b>ber</b>}} and <i>{{sub</i>ject}}</p>', 'text/plain': 'x' })
    await expectSoon(box(page, 'HTML').locator('.placeholder')).toHaveText(['number', 'subject'])
    await saved(page)
    assert.equal((await mailNamed(page, 'Torn'))?.template.html, '<p>{{number}} and <em>{{subject}}</em></p>')
  }))

test('pictures: put in from a file, described and sized; too large, of another kind, broken or from elsewhere are turned down with the reason', options, () =>
  on(async (page) => {
    await openNew(page)
    await page.getByLabel('Name', { exact: true }).fill('Pictures')
    const picker = page.locator('input[aria-label="Pictures to put in"]')
    const picture = Buffer.from(samplePicture.split(',')[1] ?? '', 'base64')
    await picker.setInputFiles({ name: 'large.png', mimeType: 'image/png', buffer: Buffer.alloc(1_300_000) })
    await page.getByText('large.png has 1.3 MB.').waitFor()
    await picker.setInputFiles({ name: 'drawing.svg', mimeType: 'image/svg+xml', buffer: Buffer.from('<svg/>') })
    await page.getByText('drawing.svg cannot be put in.').waitFor()
    await picker.setInputFiles({ name: 'broken.png', mimeType: 'image/png', buffer: Buffer.from('no picture') })
    await page.getByText('broken.png is not a picture that can be shown.').waitFor()
    await box(page, 'HTML').focus()
    await paste(page, { 'text/html': '<p>Seen <img src="https://tracker.example/pixel.png"></p>', 'text/plain': 'x' })
    await page.getByText('Pictures that lie elsewhere were left out.').waitFor()
    await picker.setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: picture })
    const drawn = box(page, 'HTML').getByRole('img', { name: 'logo' })
    await drawn.click()
    await page.getByLabel('Description of the picture').fill('Our logo')
    await page.getByRole('textbox', { name: 'Width' }).fill('40')
    await saved(page)
    const html = (await mailNamed(page, 'Pictures'))?.template.html ?? ''
    assert.ok(html.includes(`<img src="${samplePicture}" alt="Our logo" width="40">`), html)
    assert.ok(!html.includes('tracker'), html)
  }))

test('a picture that is dropped is put in where it falls', options, () =>
  on(async (page) => {
    await openNew(page)
    const data = await page.evaluateHandle((base64) => {
      const transfer = new DataTransfer()
      transfer.items.add(new File([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], 'dropped.png', { type: 'image/png' }))
      return transfer
    }, samplePicture.split(',')[1] ?? '')
    const place = await box(page, 'HTML').boundingBox()
    await box(page, 'HTML').dispatchEvent('drop', { dataTransfer: data, clientX: (place?.x ?? 0) + 20, clientY: (place?.y ?? 0) + 20 })
    await box(page, 'HTML').getByRole('img', { name: 'dropped' }).waitFor()
  }))

test('a link is set from the keyboard, with a placeholder in its address; what is no address is refused', options, () =>
  on(async (page) => {
    await openNew(page)
    await page.getByLabel('Name', { exact: true }).fill('Links')
    await box(page, 'HTML').focus()
    await page.keyboard.type('desk')
    await page.keyboard.press('Control+a')
    await page.keyboard.press('Control+Shift+l')
    await typeWhereFocusIs(page.getByLabel('Address of the link'), 'javascript:alert(1)')
    await page.keyboard.press('Enter')
    await page.getByText('Enter an address that begins with').waitFor()
    await page.getByLabel('Address of the link').fill('desk.example.com/{{number}}')
    await page.keyboard.press('Enter')
    await saved(page)
    assert.equal((await mailNamed(page, 'Links'))?.template.html, '<p><a href="https://desk.example.com/{{number}}">desk</a></p>')
  }))

test('Tab walks a table and leaves it; the toolbar is one stop, walked by arrows', options, () =>
  on(async (page) => {
    await openNew(page)
    await box(page, 'HTML').focus()
    await button(page, 'Table').click()
    await page.getByRole('menuitem', { name: 'Put a table in' }).click()
    await expectSoon(box(page, 'HTML').locator('td, th')).toHaveCount(6)
    for (let cell = 1; cell <= 6; cell++) {
      await page.keyboard.type(String(cell))
      await page.keyboard.press('Tab')
    }
    await expectSoon(box(page, 'HTML')).not.toBeFocused()
    await expectSoon(box(page, 'HTML').locator('td, th')).toHaveText(['1', '2', '3', '4', '5', '6'])
    await box(page, 'HTML').focus()
    await page.keyboard.press('Shift+Tab')
    for (let tries = 0; tries < 6 && !(await page.evaluate(() => document.activeElement?.closest('[role="toolbar"]') !== null)); tries++) await page.keyboard.press('Shift+Tab')
    await page.keyboard.press('Home')
    await expectSoon(button(page, 'Style: Text')).toBeFocused()
    await page.keyboard.press('ArrowRight')
    await expectSoon(button(page, 'Undo')).toBeFocused()
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('ArrowLeft')
    await expectSoon(button(page, 'Insert a placeholder: HTML')).toBeFocused()
  }))

test('the text follows the HTML until it is written by hand, and follows again when asked to', options, () =>
  on(async (page) => {
    await openNew(page)
    await page.getByLabel('Name', { exact: true }).fill('Text')
    await box(page, 'HTML').focus()
    await page.keyboard.type('One')
    await page.getByRole('tab', { name: 'Text' }).click()
    await expectSoon(box(page, 'Text')).toHaveText('One')
    await page.getByText('Made from the HTML').waitFor()
    await box(page, 'Text').focus()
    await page.keyboard.press('Control+Home')
    await paste(page, { 'text/plain': 'By hand\n\nand {{status}}: ' })
    await page.getByText('Written by hand').waitFor()
    await page.getByRole('tab', { name: 'HTML' }).click()
    await box(page, 'HTML').focus()
    await page.keyboard.type('Two ')
    await page.getByRole('tab', { name: 'Text' }).click()
    await expectSoon(box(page, 'Text').locator('p')).toHaveText(['By hand', '', 'and status: One', ''])
    await saved(page)
    assert.equal((await mailNamed(page, 'Text'))?.template.text, 'By hand\n\nand {{status}}: One\n')
    await row(page, 'Text').last().dblclick()
    await page.getByRole('tab', { name: 'Text' }).click()
    await button(page, 'Make it from the HTML').click()
    await expectSoon(box(page, 'Text').locator('p').first()).toHaveText(/Two/)
    await page.keyboard.press('Escape')
    await page.getByRole('dialog', { name: 'Discard changes' }).getByRole('button', { name: 'Discard' }).click()
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    assert.match((await mailNamed(page, 'Text'))?.template.text ?? '', /^By hand/)
  }))

test('HTML with more than the editor keeps opens as source; the editor says what it would take out, and takes nothing unasked', options, () =>
  on(async (page) => {
    await row(page, 'Opened again').dblclick()
    await expectSoon(page.getByLabel('HTML source')).toHaveValue('<div class="frame"><p style="color: #444444">{{subject}}</p></div>')
    await page.getByRole('tab', { name: 'HTML' }).click()
    const question = page.getByRole('dialog', { name: 'The editor keeps less' })
    await question.getByText('<div>, class of <div>').waitFor()
    await question.getByRole('button', { name: 'Stay' }).click()
    await page.getByLabel('HTML source').fill('<p style="color: #444444">{{subjet}}</p>')
    await button(page, 'Use {{subject}}').click()
    await expectSoon(page.getByLabel('HTML source')).toHaveValue('<p style="color: #444444">{{subject}}</p>')
    await page.getByRole('tab', { name: 'HTML' }).click()
    await expectSoon(box(page, 'HTML').locator('.placeholder')).toHaveText(['subject'])
    await saved(page)
    assert.equal((await mailNamed(page, 'Opened again'))?.template.html, '<p style="color: #444444">{{subject}}</p>')
  }))

test('text alone gives the HTML up, and back before it is saved', options, () =>
  on(async (page) => {
    const before = await mailNamed(page, 'Tell who asked that it is done')
    await row(page, 'Tell who asked').dblclick()
    await page.getByRole('combobox', { name: 'Format' }).click()
    await page.getByRole('option', { name: /Text alone/ }).click()
    await expectSoon(page.getByRole('tab', { name: 'Source' })).toHaveCount(0)
    await page.getByRole('combobox', { name: 'Format' }).click()
    await page.getByRole('option', { name: /HTML/ }).click()
    await box(page, 'HTML').waitFor()
    await saved(page)
    assert.deepEqual(await mailNamed(page, 'Tell who asked that it is done'), before)
  }))

test('opening a mail and saving it changes nothing of it', options, () =>
  on(async (page) => {
    const before = (await settings(page)).requestMails
    for (const { name } of before) {
      await row(page, name).dblclick()
      await previewed(page, (name === 'Opened again' ? 'Again: ' : name.startsWith('Tell') ? 'Closed: ' : '') + (name.startsWith('Replies') ? 'Ann Meyer wrote about 1204' : 'Printer on the 3rd floor'))
      await expectSoon(page.getByText('Not saved yet')).toHaveCount(0)
      await saved(page)
    }
    assert.deepEqual((await settings(page)).requestMails, before)
  }))

test('the preview is of a request by its number, in both widths and as text; one that is not there is said', options, () =>
  on(async (page) => {
    await row(page, 'Replies to').dblclick()
    await previewed(page, 'Ann Meyer wrote about 1204')
    await page.getByLabel('Filled in from request').fill('17')
    await previewed(page, 'Ann Meyer wrote about 17')
    await page.getByLabel('Filled in from request').fill('999999')
    await page.getByText('There is no request', { exact: false }).first().waitFor()
    await page.getByLabel('Filled in from request').fill('x')
    await page.getByText('A whole number.').waitFor()
    await page.getByLabel('Filled in from request').fill('')
    await button(page, 'Phone').click()
    await expectSoon(page.getByLabel('Preview of the text')).toHaveCSS('width', '358px')
  }))

test('a sample is sent with the server’s words, and its refusal too', options, () =>
  on(async (page) => {
    await row(page, 'Replies to').dblclick()
    await page.getByLabel('Sample goes to').fill('nobody')
    await page.keyboard.press('Enter')
    await page.getByText('Enter an address, such as').waitFor()
    await page.getByLabel('Sample goes to').fill('nobody@example.com')
    await page.keyboard.press('Enter')
    await page.getByText('550 5.1.1').waitFor()
    await page.getByLabel('Sample goes to').fill('ann@example.com')
    await page.keyboard.press('Enter')
    await page.getByText('250 2.0.0 Ok: queued as 4Ff9xk1Z').waitFor()
    await page.getByRole('dialog').waitFor()
  }))

test('duplicate, switch off, delete; a name that is taken is refused at its field', options, () =>
  on(async (page) => {
    await row(page, 'Replies to').click()
    await button(page, 'Duplicate').click()
    await expectSoon(page.getByLabel('Name', { exact: true })).toHaveValue('Replies to the technician copy')
    await page.getByLabel('Name', { exact: true }).fill('opened AGAIN')
    await button(page, 'Save').last().click()
    await page.getByText('is given twice').waitFor()
    await page.getByLabel('Name', { exact: true }).fill('Second')
    await page.getByLabel('And to these addresses').fill('desk@example.com, nonsense')
    await button(page, 'Save').last().click()
    await expectSoon(page.getByLabel('And to these addresses')).toBeFocused()
    await page.getByLabel('And to these addresses').fill('desk@example.com, boss@example.com')
    await saved(page)
    assert.deepEqual((await mailNamed(page, 'Second'))?.to, ['technician', 'desk@example.com', 'boss@example.com'])
    await button(page, 'Switch off').click()
    await page.getByText('Second (off)').waitFor()
    await row(page, 'Second').focus()
    await page.keyboard.press('Delete')
    await page.getByRole('dialog', { name: 'Delete Second' }).getByRole('button', { name: 'Delete' }).click()
    await expectSoon(row(page, 'Second')).toHaveCount(0)
    assert.equal((await settings(page)).requestMails.length, 3)
  }))

test('that nothing is acknowledged is said at its place, with the way to change it', options, () =>
  on(async (page) => {
    await page.getByText('Acknowledgements are off').waitFor()
    await button(page, 'Turn on acknowledgements').click()
    await page.getByText('New requests are acknowledged from now on.').waitFor()
    await expectSoon(page.getByText('Acknowledgements are off')).toHaveCount(0)
    await expectSoon(page.getByLabel('Acknowledge new requests')).toBeChecked()
    assert.equal((await settings(page)).processing.answers.acknowledge, true)
  }))

test('the acknowledgement: switched on, its own words written, and back to the built-in ones', options, () =>
  on(async (page) => {
    await page.getByLabel('Acknowledge new requests').check()
    await page.getByLabel('Most answers to one address').fill('0')
    await button(page, 'Save').click()
    await page.getByText('At least one answer.').waitFor()
    await page.getByLabel('Most answers to one address').fill('5')
    await button(page, 'Write your own…').click()
    await page.getByRole('textbox', { name: 'Text', exact: true }).focus()
    await page.keyboard.type('Thank you, {{requester}}. ')
    await saved(page)
    // The page's own fields wait for their own button.
    assert.equal((await settings(page)).processing.answers.acknowledge, false)
    await button(page, 'Save').click()
    await page.getByText('The settings were saved.').waitFor()
    const { answers } = (await settings(page)).processing
    assert.equal(answers.acknowledge, true)
    assert.equal(answers.mostPerHour, 5)
    assert.match(answers.template?.text ?? '', /^Thank you, \{\{requester\}\}\. We have received/)
    await button(page, 'Back to the built-in text').click()
    await page.getByRole('dialog').getByRole('button', { name: 'Use the built-in text' }).click()
    await page.getByText('The built-in text is used.').waitFor()
    assert.equal((await settings(page)).processing.answers.template, null)
  }))

test('a console that asks for reasons asks for that of a mail, too', options, () =>
  on(async (page) => {
    await row(page, 'Replies to').dblclick()
    await page.getByLabel('Name', { exact: true }).fill('Replies')
    await button(page, 'Save').last().click()
    const question = page.getByRole('dialog', { name: 'Save changes' })
    await question.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Say why: the history keeps it.').waitFor()
    await question.getByLabel('Reason for this change').fill('Shorter')
    await question.getByRole('button', { name: 'Save' }).click()
    await row(page, 'Replies').waitFor()
  }, 'reason'))

test('support looks at mails and their preview, and changes nothing', options, () =>
  on(async (page) => {
    await page.getByText('You look as support').first().waitFor()
    for (const name of ['Add', 'Duplicate', 'Switch off', 'Delete']) await expectSoon(button(page, name)).toBeDisabled()
    await row(page, 'Tell who asked').dblclick()
    await previewed(page, 'Closed: Printer on the 3rd floor')
    await box(page, 'HTML').focus()
    await page.keyboard.type('x')
    await expectSoon(box(page, 'HTML')).not.toContainText('x')
    for (const name of ['Save', 'Send sample', 'Bold']) await expectSoon(button(page, name)).toHaveCount(0)
  }, 'support'))

test('categories and sending are saved with the settings', options, () =>
  on(async (page) => {
    const security = page.getByRole('group', { name: 'Security', exact: true })
    await security.getByText('A token or the PIN').waitFor()
    await security.getByRole('combobox').click()
    await page.getByRole('option', { name: 'reserve' }).click()
    await page.getByRole('group', { name: 'Backup' }).getByRole('checkbox').uncheck()
    await page.getByLabel('Give up after').fill('24')
    await button(page, 'Save').click()
    await page.getByText('The settings were saved.').waitFor()
    const { alerts: { categories }, sending } = await settings(page)
    assert.deepEqual([categories['security'], categories['backup'], sending.giveUpAfterHours], [{ enabled: true, through: 'reserve' }, { enabled: false, through: null }, 24])
  }, '', 'settings'))
