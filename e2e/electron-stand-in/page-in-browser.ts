import { mkdirSync, readFileSync } from 'node:fs'
import { chromium, type BrowserContext, type Download, type Frame, type Page, type Request as PlaywrightRequest, type Route } from 'playwright'
import { flags, systemChromium } from '../open-chromium.ts'

type Handler = (request: Request) => Response | Promise<Response>

/** Chromium has no schemes of our own: pages under one live at a host of this name instead, answered here and never on a network. */
const hostOf = (scheme: string, host: string): string => `https://${host}.${scheme}.localhost`
const toBrowser = (address: string): string => address.replace(/^([a-z]+):\/\/([a-z0-9-]+)/, (whole, scheme: string, host: string) => (scheme.startsWith('http') ? whole : hostOf(scheme, host)))
export const fromBrowser = (address: string): string => address.replace(/^https:\/\/([a-z0-9-]+)\.([a-z]+)\.localhost/, '$2://$1')

type PageNeeds = {
  profile: string
  size: { width: number; height: number }
  preload: string
  schemes: ReadonlyMap<string, Handler>
  invoke: (frame: Frame, channel: string, parameters: unknown[]) => Promise<unknown>
  /** Whether a navigation that the page itself began may go on. */
  mayNavigate: (address: string, isMainFrame: boolean) => boolean
  onPopup: (address: string) => void
  onDownload: (download: Download) => void
}

/** Opens Chromium with the preload in its page; playwright can join over the debugging port that the profile names. */
export async function openPage(needs: PageNeeds): Promise<{ page: Page; context: BrowserContext; load: (address: string) => Promise<void> }> {
  mkdirSync(needs.profile, { recursive: true })
  const context = await chromium.launchPersistentContext(needs.profile, { executablePath: systemChromium, args: [...flags, '--remote-debugging-port=0'], viewport: needs.size, acceptDownloads: true, handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false })
  const page = context.pages()[0] ?? (await context.newPage())
  let loading: string | null = null
  await context.exposeBinding('electronStandInInvoke', ({ frame }, channel: string, parameters: unknown[]) => needs.invoke(frame, channel, parameters))
  // As text, since the page's policy forbids to make functions from strings there.
  await context.addInitScript({ content: `(${runPreload})((require, module, exports) => {\n${readFileSync(needs.preload, 'utf8')}\n})` })
  await context.route('**/*', (route) => answer(route, needs, page, () => loading))
  context.on('page', (popup) => void popup.close())
  page.on('download', needs.onDownload)
  const load = async (address: string): Promise<void> => {
    loading = toBrowser(address)
    await page.goto(loading)
    loading = null
  }
  return { page, context, load }
}

async function answer(route: Route, { schemes, mayNavigate, onPopup }: PageNeeds, page: Page, loading: () => string | null): Promise<void> {
  const request = route.request()
  const address = fromBrowser(request.url())
  const navigating = request.isNavigationRequest() ? frameOf(request) : page.mainFrame()
  if (navigating?.page() !== page) {
    onPopup(address)
    return route.abort('aborted')
  }
  const navigates = request.isNavigationRequest() && request.url() !== loading()
  if (navigates && !mayNavigate(address, navigating === page.mainFrame())) return route.abort('aborted')
  const handler = schemes.get(new URL(address).protocol.slice(0, -1))
  // What no scheme of ours answers would go to the network: never from a test.
  if (handler === undefined) return route.abort('internetdisconnected')
  const response = await handler(new Request(address, { method: request.method() }))
  await route.fulfill({ status: response.status, headers: Object.fromEntries(response.headers), body: Buffer.from(await response.arrayBuffer()) })
}

/** The frame that navigates; null for the first page of a new window, whose frame is not there yet. */
function frameOf(request: PlaywrightRequest): Frame | null {
  try {
    return request.frame()
  } catch {
    return null
  }
}

/** Runs in the page, before its own scripts: the built preload, unchanged, on what electron would give it. */
function runPreload(preload: (require: (name: string) => unknown, module: object, exports: object) => void): void {
  if (window !== window.top) return
  type Listener = (event: unknown, ...parameters: unknown[]) => void
  const listeners = new Map<string, Set<Listener>>()
  const scope = window as unknown as { electronStandInInvoke: (channel: string, parameters: unknown[]) => Promise<unknown>; electronStandInSend: (channel: string, parameters: unknown[]) => void }
  const strictly = <Thing extends object>(name: string, thing: Thing): Thing =>
    new Proxy(thing, { get: (target, key) => { if (key in target) return Reflect.get(target, key) as unknown; throw new Error(`The stand-in for electron has no ${name}.${String(key)}.`) } })
  const frozen = (value: unknown): unknown => (typeof value === 'object' && value !== null ? Object.freeze(Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, frozen(inner)]))) : value)
  const electron = strictly('electron', {
    contextBridge: strictly('contextBridge', {
      exposeInMainWorld: (key: string, api: unknown) => void Object.defineProperty(window, key, { value: frozen(api), writable: false, configurable: false })
    }),
    ipcRenderer: strictly('ipcRenderer', {
      invoke: (channel: string, ...parameters: unknown[]) => scope.electronStandInInvoke(channel, structuredClone(parameters)),
      on: (channel: string, listener: Listener) => void listeners.set(channel, (listeners.get(channel) ?? new Set()).add(listener)),
      removeListener: (channel: string, listener: Listener) => void listeners.get(channel)?.delete(listener)
    })
  })
  scope.electronStandInSend = (channel, parameters) => listeners.get(channel)?.forEach((listener) => listener({}, ...parameters))
  const require = (name: string): unknown => {
    if (name === 'electron') return electron
    throw new Error(`A sandboxed preload cannot require ${name}.`)
  }
  preload(require, { exports: {} }, {})
}
