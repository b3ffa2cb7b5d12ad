import { join } from 'node:path'
import type { App, Session } from 'electron'

/** What the page offers to save (bundles, exports, attachments) goes where the user says in the system's dialog; a browser does the same by itself. */
export function saveDownloads(session: Session, app: App): void {
  session.on('will-download', (event, item) => {
    // Only what the page itself made is saved; a download from anywhere else is not ours.
    if (!item.getURL().startsWith('blob:') && !item.getURL().startsWith('data:')) return event.preventDefault()
    item.setSaveDialogOptions({ title: 'Save', defaultPath: join(app.getPath('downloads'), item.getFilename()) })
  })
}
