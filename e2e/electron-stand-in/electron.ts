import { EventEmitter } from 'node:events'
import { mkdirSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { Download, Page } from 'playwright'
import { fromBrowser, openPage } from './page-in-browser.ts'
import { strict } from './strict.ts'

/** Stands for the module `electron` in the main process: what the console uses of it, on Chromium. Anything else throws. */

type Handler = (request: Request) => Response | Promise<Response>
type Channel = (event: { sender: object; senderFrame: object | null }, ...parameters: unknown[]) => unknown

const say = (text: string): void => void process.stderr.write(`stand-in: ${text}\n`)
const paths = new Map<string, string>([['downloads', join(process.env.MAILROOM_STAND_IN_SAVES ?? tmpdir())], ['home', homedir()], ['userData', join(tmpdir(), 'mailroom-stand-in')]])
const schemes = new Map<string, Handler>()
const privileged = new Set<string>()
const channels = new Map<string, Channel>()
const windows = new Set<StandInWindow>()
let ready = false
let quitting = false

function preventable() {
  return {
    prevented: false,
    preventDefault(): void {
      this.prevented = true
    }
  }
}

const events = new EventEmitter()
export const app = strict('app', {
  setName: (_name: string) => undefined,
  setPath: (name: string, path: string) => void paths.set(name, path),
  getPath: (name: string): string => paths.get(name) ?? missing(`app.getPath('${name}')`),
  requestSingleInstanceLock: () => true,
  whenReady: () => new Promise<void>((resolve) => setImmediate(() => resolve(void (ready = true)))),
  on: (name: string, listener: (...parameters: never[]) => void) => void events.on(known(name, ['second-instance', 'window-all-closed', 'before-quit', 'web-contents-created']), listener as never),
  quit: () => void setImmediate(quit),
  exit: (status: number) => process.exit(status)
})

async function quit(): Promise<void> {
  if (quitting) return
  const event = preventable()
  events.emit('before-quit', event)
  if (event.prevented) return
  quitting = true
  for (const window of windows) await window.close()
  process.exit(0)
}
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => app.quit())

export const protocol = strict('protocol', {
  registerSchemesAsPrivileged(list: { scheme: string }[]): void {
    if (ready) throw new Error('Schemes are declared before the app is ready.')
    for (const { scheme } of list) privileged.add(scheme)
  },
  handle(scheme: string, handler: Handler): void {
    if (!privileged.has(scheme)) throw new Error(`The scheme ${scheme} was not declared.`)
    if (schemes.has(scheme)) throw new Error(`The scheme ${scheme} has a handler already.`)
    schemes.set(scheme, handler)
  }
})

export const ipcMain = strict('ipcMain', {
  handle(channel: string, handler: Channel): void {
    if (channels.has(channel)) throw new Error(`There is a handler for ${channel} already.`)
    channels.set(channel, handler)
  },
  removeHandler: (channel: string) => void channels.delete(channel)
})

let mayAsk: ((contents: unknown, permission: string, decide: (granted: boolean) => void) => void) | null = null
let mayCheck: ((contents: unknown, permission: string) => boolean) | null = null
const downloads = new EventEmitter()
export const session = strict('session', {
  defaultSession: strict('session.defaultSession', {
    setPermissionRequestHandler: (handler: typeof mayAsk) => void (mayAsk = handler),
    setPermissionCheckHandler: (handler: typeof mayCheck) => void (mayCheck = handler),
    setSpellCheckerEnabled: (_on: boolean) => undefined,
    on: (name: string, listener: (...parameters: never[]) => void) => void downloads.on(known(name, ['will-download']), listener as never)
  })
})

async function saveDownload(download: Download): Promise<void> {
  const event = preventable()
  let target = join(paths.get('downloads') ?? tmpdir(), basename(download.suggestedFilename()))
  downloads.emit('will-download', event, strict('item', {
    getURL: () => fromBrowser(download.url()),
    getFilename: () => download.suggestedFilename(),
    // The system's dialog: here whoever watches agrees to what is proposed.
    setSaveDialogOptions: (options: { defaultPath?: string }) => void (target = options.defaultPath ?? target)
  }))
  if (event.prevented) return download.cancel()
  mkdirSync(join(target, '..'), { recursive: true })
  await download.saveAs(target)
  say(`saved ${target}`)
}

export const shell = strict('shell', { openExternal: async (address: string) => say(`opens ${address}`) })
export const dialog = strict('dialog', { showErrorBox: (title: string, text: string) => say(`error box: ${title} ${text}`) })
export const nativeTheme = strict('nativeTheme', { shouldUseDarkColors: false })
export const Menu = strict('Menu', { buildFromTemplate: (template: unknown[]) => ({ template }), setApplicationMenu: (_menu: unknown) => undefined })

type WindowOptions = { width?: number; height?: number; webPreferences?: Record<string, unknown> & { preload?: string } }
type PopupHandler = (details: { url: string }) => { action: 'deny' | 'allow' }

type StandInWindow = { close(): Promise<void> }

/** `new BrowserWindow(options)`: the page opens at once, `loadURL` waits for it. */
export const BrowserWindow = function open(options: WindowOptions): StandInWindow {
  const preferences = options.webPreferences ?? {}
  const safe = preferences.contextIsolation === true && preferences.sandbox === true && preferences.nodeIntegration === false && preferences.webSecurity === true
  if (!safe || mayAsk === null || mayCheck === null) throw new Error('A window opens only with isolation, sandbox and web security on, and with permissions decided.')
  const own = new EventEmitter()
  const contents = new EventEmitter()
  let page: Page | null = null
  let popups: PopupHandler = () => ({ action: 'allow' })
  const mainFrame = { get url() { return page === null ? '' : fromBrowser(page.url()) } }
  const webContents = strict('webContents', {
    mainFrame,
    on: (name: string, listener: (...parameters: never[]) => void) => void contents.on(known(name, ['will-frame-navigate', 'will-redirect', 'will-attach-webview', 'input-event']), listener as never),
    setWindowOpenHandler: (handler: PopupHandler) => void (popups = handler),
    // A page that is just closing hears nothing any more, as in electron.
    send: (channel: string, ...parameters: unknown[]) => void (page === null ? null : tell(page, channel, structuredClone(parameters)).catch(() => undefined))
  })
  events.emit('web-contents-created', {}, webContents)
  const opened = openPage({
    profile: app.getPath('userData'), size: { width: options.width ?? 800, height: options.height ?? 600 }, preload: preferences.preload ?? missing('a window without preload'), schemes,
    invoke: async (frame, channel, parameters) => {
      const handler = channels.get(channel) ?? missing(`a handler for ${channel}`)
      return handler({ sender: webContents, senderFrame: frame === frame.page().mainFrame() ? mainFrame : { url: fromBrowser(frame.url()) } }, ...structuredClone(parameters))
    },
    mayNavigate: (url, isMainFrame) => {
      const event = Object.assign(preventable(), { url, isMainFrame })
      contents.emit('will-frame-navigate', event)
      return !event.prevented
    },
    onPopup: (url) => void (popups({ url }).action === 'deny' || missing('a second window')),
    onDownload: (download) => void saveDownload(download).catch((error: unknown) => say(`download failed: ${String(error)}`))
  })
  const window = strict('window', {
    webContents,
    async loadURL(address: string): Promise<void> {
      const { load, page: shown } = await opened
      page = shown
      shown.on('close', () => closed(window))
      await load(address)
      own.emit('ready-to-show')
    },
    once: (name: string, listener: () => void) => void own.once(known(name, ['ready-to-show']), listener),
    show: () => undefined,
    focus: () => undefined,
    restore: () => undefined,
    isMinimized: () => false,
    isDestroyed: () => page?.isClosed() ?? false,
    close: async () => (await opened).context.close()
  })
  windows.add(window)
  return window
} as unknown as new (options: WindowOptions) => StandInWindow

const tell = (page: Page, channel: string, parameters: unknown[]): Promise<void> =>
  page.evaluate(([name, values]) => (window as unknown as { electronStandInSend?: (name: string, values: unknown[]) => void }).electronStandInSend?.(name, values), [channel, parameters] as const)

function closed(window: StandInWindow): void {
  windows.delete(window)
  if (windows.size === 0 && !quitting) events.emit('window-all-closed')
}

function known(name: string, names: readonly string[]): string {
  return names.includes(name) ? name : missing(`the event ${name}`)
}
function missing(what: string): never {
  throw new Error(`The stand-in for electron does not have ${what}.`)
}
