import type { App } from 'electron'

/** Tells whenever somebody types, clicks, scrolls or moves the mouse in a window. */
export function watchInput(app: App, used: () => void): void {
  app.on('web-contents-created', (_event, contents) => void contents.on('input-event', used))
}
