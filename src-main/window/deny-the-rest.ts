import type { App, Session, Shell } from 'electron'
import { isOurPage } from './page-address.ts'

/** Takes from the page what the console does not need: permissions, navigation, new windows, embedded views. A link opens in the system's browser. */
export function denyTheRest({ app, session, shell }: { app: App; session: Session; shell: Shell }): void {
  session.setPermissionRequestHandler((_contents, _permission, decide) => decide(false))
  session.setPermissionCheckHandler(() => false)
  session.setSpellCheckerEnabled(false)
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-frame-navigate', (event) => {
      if (!isOurPage(event.url) && event.url !== 'about:srcdoc') event.preventDefault()
    })
    contents.on('will-redirect', (event) => event.preventDefault())
    contents.on('will-attach-webview', (event) => event.preventDefault())
    contents.setWindowOpenHandler(({ url }) => {
      if (/^(?:https?|mailto):/i.test(url)) void shell.openExternal(url)
      return { action: 'deny' }
    })
  })
}
