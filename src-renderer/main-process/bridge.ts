import type { Bridge } from '#contract/bridge.ts'
import { createBrowserBridge } from './browser-bridge.ts'

declare global {
  interface Window {
    readonly mailroom?: Bridge
  }
}

/** The way to the core: the preload's in the desktop window, HTTP in a browser. */
export const bridge: Bridge = window.mailroom ?? createBrowserBridge()
