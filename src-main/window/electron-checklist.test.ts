import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { App, BrowserWindow, BrowserWindowConstructorOptions, IpcMain, Protocol, Session, Shell } from 'electron'
import { answerCalls } from './answer-calls.ts'
import { denyTheRest } from './deny-the-rest.ts'
import { openWindow } from './open-window.ts'
import { isOurPage } from './page-address.ts'
import { saveDownloads } from './save-downloads.ts'
import { declarePageScheme, servePage } from './serve-page.ts'

// The numbers are those of https://www.electronjs.org/docs/latest/tutorial/security (checklist: security recommendations).

const folder = mkdtempSync(join(tmpdir(), 'mailroom-checklist-'))
mkdirSync(join(folder, 'page'))
writeFileSync(join(folder, 'page', 'index.html'), '<meta nonce="MAILROOM-NONCE">')
writeFileSync(join(folder, 'outside.txt'), 'outside')
after(() => rmSync(folder, { recursive: true }))

type Listener = (...parameters: never[]) => unknown
/** An emitter that remembers who listens; `fire` calls them with an event that can be prevented. */
function recorder() {
  const listeners = new Map<string, Listener>()
  return {
    on: (name: string, listener: Listener) => void listeners.set(name, listener),
    fire(name: string, detail: object, ...more: unknown[]): boolean {
      let prevented = false
      const heard = listeners.get(name)
      assert.ok(heard, `nobody listens to ${name}`)
      heard(...([{ ...detail, preventDefault: () => void (prevented = true) }, ...more] as never[]))
      return prevented
    }
  }
}

async function openedWith(): Promise<{ options: BrowserWindowConstructorOptions; loaded: string[] }> {
  const loaded: string[] = []
  let options: BrowserWindowConstructorOptions = {}
  await openWindow({ create: (given) => ((options = given), { once: () => undefined, loadURL: async (url: string) => void loaded.push(url) } as unknown as BrowserWindow), preload: '/preload.cjs', icon: '/icon.png', dark: false })
  return { options, loaded }
}

/** The console's guards on a page, as Electron would call them. */
function guarded() {
  const app = recorder()
  const contents = recorder()
  const opened: string[] = []
  const decided: boolean[] = []
  let popup: (details: { url: string }) => { action: string } = () => ({ action: 'none' })
  let request: Listener = () => undefined
  let check: () => boolean = () => true
  denyTheRest({
    app: app as unknown as App,
    session: { setPermissionRequestHandler: (handler: Listener) => (request = handler), setPermissionCheckHandler: (handler: () => boolean) => (check = handler), setSpellCheckerEnabled: () => undefined } as unknown as Session,
    shell: { openExternal: async (url: string) => void opened.push(url) } as unknown as Shell
  })
  app.fire('web-contents-created', {}, { ...contents, setWindowOpenHandler: (handler: typeof popup) => (popup = handler) })
  return { contents, opened, popup: (url: string) => popup({ url }).action, ask: (permission: string) => (request(...([{}, permission, (granted: boolean) => decided.push(granted)] as never[])), decided.at(-1)), check: () => check() }
}

async function pageAnswer(url: string, method = 'GET'): Promise<Response> {
  let handler: (request: Request) => Promise<Response> = async () => new Response()
  servePage({ handle: (_scheme: string, given: typeof handler) => (handler = given) } as unknown as Protocol, join(folder, 'page'), async () => null)
  return handler(new Request(url, { method }))
}

test('Electron security 1: the window loads nothing but its own page, and the policy lets nothing else in', async () => {
  assert.deepEqual((await openedWith()).loaded, ['app://mailroom/'])
  const policy = (await pageAnswer('app://mailroom/')).headers.get('content-security-policy') ?? ''
  assert.match(policy, /default-src 'none'/)
  assert.doesNotMatch(policy, /https?:/)
})

test('Electron security 2, 3, 4, 6, 8, 9, 10, 11: the page is isolated, sandboxed, without Node, and nothing that protects it is switched off', async () => {
  const { options } = await openedWith()
  assert.deepEqual(options.webPreferences, { preload: '/preload.cjs', contextIsolation: true, sandbox: true, nodeIntegration: false, webSecurity: true, webviewTag: false, spellcheck: false })
})

test('Electron security 5: every permission is refused, asked for or checked', () => {
  const { ask, check } = guarded()
  for (const permission of ['media', 'geolocation', 'notifications', 'clipboard-read', 'hid', 'usb', 'serial', 'openExternal', 'fileSystem', 'unknown']) assert.equal(ask(permission), false, permission)
  assert.equal(check(), false)
})

test('Electron security 7: every answer of the page’s scheme has a policy, also where there is nothing', async () => {
  for (const url of ['app://mailroom/', 'app://mailroom/none.js', 'app://mailroom/mail/7', 'app://elsewhere/']) {
    const answer = await pageAnswer(url)
    assert.match(answer.headers.get('content-security-policy') ?? '', /default-src 'none'/, url)
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff', url)
  }
})

test('Electron security 12: no embedded view is attached', () => assert.equal(guarded().contents.fire('will-attach-webview', {}), true))

const places: [string, boolean][] = [
  ['app://mailroom/', true], ['app://mailroom/#history', true], ['about:srcdoc', true], ['https://example.com/', false], ['app://mailroom.example.com/', false], ['app://mailroom@example.com/', false],
  ['app://other/', false], ['file:///etc/passwd', false], ['javascript:alert(1)', false], ['data:text/html,x', false], ['APP://MAILROOM/', false], ['app:mailroom', false]
]
for (const [url, allowed] of places)
  test(`Electron security 13: a frame may ${allowed ? '' : 'not '}go to ${url}`, () => assert.equal(guarded().contents.fire('will-frame-navigate', { url }), !allowed))
test('Electron security 13: no redirection is followed', () => assert.equal(guarded().contents.fire('will-redirect', { url: 'app://mailroom/' }), true))

const links: [string, boolean][] = [
  ['https://example.com/page', true], ['http://intranet/', true], ['mailto:it@example.com', true], ['file:///etc/passwd', false], ['javascript:alert(1)', false], ['data:text/html,x', false],
  ['smb://host/share', false], ['ms-msdt:/id', false], ['vscode://file/x', false], ['app://mailroom/', false], ['\\\\host\\share', false], [' https://example.com', false], ['', false]
]
for (const [url, opens] of links)
  test(`Electron security 14, 15: ${url || 'nothing'} opens no window and ${opens ? 'goes to the system’s browser' : 'nowhere'}`, () => {
    const { popup, opened } = guarded()
    assert.equal(popup(url), 'deny')
    assert.deepEqual(opened, opens ? [url] : [])
  })

test('Electron security 16: the version is named exactly, and it is one that is kept up', () => {
  const { devDependencies } = JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'package.json'), 'utf8')) as { devDependencies: Record<string, string> }
  assert.match(devDependencies.electron ?? '', /^\d+\.\d+\.\d+$/)
  assert.ok(Number(devDependencies.electron?.split('.')[0]) >= 45)
})

test('Electron security 17: calls of any other frame than the console’s own page are not heard', async () => {
  const asked: string[] = []
  let handler: (event: unknown, name: string, input: unknown) => Promise<{ ok: boolean }> = async () => ({ ok: true })
  const console = { answer: async (name: string) => (asked.push(name), { ok: true as const, value: null }), subscribe: () => () => undefined, windowRole: () => 'administrator' as const, windowUsed: () => undefined }
  answerCalls({ handle: (_channel: string, given: typeof handler) => (handler = given), removeHandler: () => undefined } as unknown as IpcMain, console as never, () => null, 'ann')
  const frame = (url: string) => ({ url })
  const own = frame('app://mailroom/')
  const events: [string, object, boolean][] = [
    ['the page itself', { senderFrame: own, sender: { mainFrame: own } }, true],
    ['a frame inside it', { senderFrame: frame('app://mailroom/mail/1'), sender: { mainFrame: own } }, false],
    ['another page in the window', { senderFrame: frame('https://example.com/'), sender: { mainFrame: null } }, false],
    ['a frame that is gone', { senderFrame: null, sender: { mainFrame: own } }, false]
  ]
  for (const [title, event, heard] of events) assert.equal((await handler(event, 'incoming.list', {})).ok, heard, title)
  const foreign = frame('https://example.com/')
  assert.equal((await handler({ senderFrame: foreign, sender: { mainFrame: foreign } }, 'incoming.list', {})).ok, false)
  assert.equal(asked.length, 1)
})

test('Electron security 18: the page lives under a scheme of its own and no file can be reached through it', async () => {
  const declared: unknown[] = []
  declarePageScheme({ registerSchemesAsPrivileged: (list: unknown[]) => void declared.push(...list) } as unknown as Protocol)
  assert.deepEqual(declared, [{ scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } }])
  for (const path of ['../outside.txt', '..%2foutside.txt', '%2e%2e/outside.txt', 'assets/..%5c..%5coutside.txt']) assert.doesNotMatch(await (await pageAnswer(`app://mailroom/${path}`)).text(), /outside/, path)
  assert.equal((await pageAnswer('app://mailroom/', 'POST')).status, 404)
  for (const file of readdirSync(import.meta.dirname).filter((name) => !name.endsWith('.test.ts'))) assert.doesNotMatch(readFileSync(join(import.meta.dirname, file), 'utf8'), /loadFile|file:\/\//, file)
})

test('Electron security 20: the bridge hands two functions to the page and nothing of Electron', () => {
  const preload = readFileSync(join(import.meta.dirname, '..', '..', 'src-preload', 'preload.ts'), 'utf8')
  assert.deepEqual(preload.match(/exposeInMainWorld\([^)]*\)/g), ["exposeInMainWorld('mailroom', bridge)"])
  assert.match(preload, /const pass = \(_event: unknown, name: string, detail: unknown\): void => listener\(name, detail\)/)
  assert.match(preload, /invoke\(channels\.call, name, input\)/)
})

test('only what the page made itself is saved', () => {
  const session = recorder()
  const proposed: string[] = []
  saveDownloads(session as unknown as Session, { getPath: () => '/home/ann/Downloads' } as unknown as App)
  const item = (url: string) => ({ getURL: () => url, getFilename: () => 'a.zip', setSaveDialogOptions: ({ defaultPath }: { defaultPath: string }) => void proposed.push(defaultPath) })
  assert.deepEqual(['blob:app://mailroom/1', 'data:,x', 'https://example.com/a.zip', 'file:///a'].map((url) => session.fire('will-download', {}, item(url))), [false, false, true, true])
  assert.equal(proposed.length, 2)
})

test('an address is ours only with the whole origin', () => assert.deepEqual(['app://mailroom', 'app://mailroom/x', 'app://mailroomx/'].map(isOurPage), [true, true, false]))
