import type { BrowserWindow, BrowserWindowConstructorOptions } from 'electron'
import { pageAddress } from './page-address.ts'

type WindowNeeds = { create: (options: BrowserWindowConstructorOptions) => BrowserWindow; preload: string; icon: string; dark: boolean }

/** Opens the console's one window; it is shown once its page is drawn. */
export async function openWindow({ create, preload, icon, dark }: WindowNeeds): Promise<BrowserWindow> {
  const window = create({
    width: 1280,
    height: 800,
    minWidth: 800,
    minHeight: 560,
    show: false,
    title: 'Mailroom',
    icon,
    backgroundColor: dark ? '#121212' : '#ffffff',
    webPreferences: { preload, contextIsolation: true, sandbox: true, nodeIntegration: false, webSecurity: true, webviewTag: false, spellcheck: false }
  })
  window.once('ready-to-show', () => window.show())
  await window.loadURL(pageAddress)
  return window
}
