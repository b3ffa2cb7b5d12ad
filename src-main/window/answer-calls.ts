import type { BrowserWindow, IpcMain } from 'electron'
import { calls } from '#contract/calls.ts'
import { channels, type Answer } from '#contract/bridge.ts'
import type { MailroomConsole } from '../console.ts'
import { isOurPage } from './page-address.ts'

/** Passes the window's calls to the door and the core's announcements to the window; only our own top frame is heard. */
export function answerCalls(ipcMain: IpcMain, core: Pick<MailroomConsole, 'answer' | 'subscribe' | 'windowRole' | 'windowUsed'>, window: () => BrowserWindow | null, who: string): () => void {
  ipcMain.handle(channels.call, async (event, name: string, input: unknown): Promise<Answer<unknown>> => {
    const ours = event.senderFrame !== null && event.senderFrame === event.sender.mainFrame && isOurPage(event.senderFrame.url)
    if (!ours) return { ok: false, problem: { code: 'not-allowed', call: String(name).slice(0, 80), role: 'unknown page' } }
    const role = core.windowRole()
    // What only an administrator may do is done by a person; a page asks the rest by itself too, whenever something happened.
    if (Object.hasOwn(calls, name) && calls[name as keyof typeof calls].role === 'administrator') core.windowUsed()
    return core.answer(name, input, { role, who })
  })
  const end = core.subscribe((name, detail) => {
    const open = window()
    if (open !== null && !open.isDestroyed()) open.webContents.send(channels.event, name, detail)
  })
  return () => {
    end()
    ipcMain.removeHandler(channels.call)
  }
}
