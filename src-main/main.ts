import { userInfo } from 'node:os'
import { join, resolve } from 'node:path'
import { app, BrowserWindow, dialog, ipcMain, Menu, nativeTheme, protocol, session, shell } from 'electron'
import { ProblemError } from '#contract/problem.ts'
import type { ConversationEntry } from '#contract/request.ts'
import { wordsOf } from '#contract/problem-words.ts'
import type { MailroomConsole } from './console.ts'
import { defaultDataFolder } from './data-folder/default-data-folder.ts'
import { findPackageFolder } from './find-package-folder.ts'
import { createLog } from './log/create-log.ts'
import { newReference, reportProblem } from './log/report-problem.ts'
import { exitStatusOf } from './model/exit-status.ts'
import { answerCalls } from './window/answer-calls.ts'
import { denyTheRest } from './window/deny-the-rest.ts'
import { menuOf } from './window/menu-of.ts'
import { openWindow } from './window/open-window.ts'
import { saveDownloads } from './window/save-downloads.ts'
import { declarePageScheme, servePage } from './window/serve-page.ts'
import { watchInput } from './window/watch-input.ts'

const asked = (flag: string): string | null => process.argv.find((argument) => argument.startsWith(`--${flag}=`))?.slice(flag.length + 3) ?? null
const home = findPackageFolder()
const dataFolder = resolve(asked('data') ?? defaultDataFolder(process.env, process.platform))
const log = createLog({ write: (line) => void process.stderr.write(line), now: () => new Date() })
let core: MailroomConsole | null = null
let window: BrowserWindow | null = null

app.setName('Mailroom')
// One window for each data folder: the lock and the page's own storage lie below it.
app.setPath('userData', join(dataFolder, 'window'))
declarePageScheme(protocol)
if (!app.requestSingleInstanceLock()) app.exit(0)
else app.whenReady().then(open).catch(giveUp)

async function open(): Promise<void> {
  const { openConsole } = await import('./compose.ts')
  const opened: MailroomConsole = await openConsole({ dataFolder, host: 'desktop', demo: process.argv.includes('--demo'), passphrase: process.env.MAILROOM_PASSPHRASE || null, log, env: process.env })
  core = opened
  denyTheRest({ app, session: session.defaultSession, shell })
  watchInput(app, opened.windowUsed)
  saveDownloads(session.defaultSession, app)
  servePage(protocol, join(home, 'out', 'renderer'), async (id) => {
    const answer = await opened.answer('requests.entry', { id, remoteContent: true }, { role: opened.windowRole(), who: userInfo().username })
    return answer.ok ? (answer.value as ConversationEntry) : null
  })
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuOf(process.platform)))
  answerCalls(ipcMain, opened, () => window, userInfo().username)
  await opened.start()
  window = await openWindow({ create: (options) => new BrowserWindow(options), preload: join(home, 'out', 'preload', 'preload.cjs'), icon: join(home, 'resources', 'mailroom.png'), dark: nativeTheme.shouldUseDarkColors })
}

app.on('second-instance', () => {
  if (window?.isMinimized()) window.restore()
  window?.focus()
})
app.on('window-all-closed', () => app.quit())
app.on('before-quit', (event) => {
  if (core === null) return
  event.preventDefault()
  const open = core
  core = null
  open.close().catch((error: unknown) => reportProblem(log, newReference(), 'closing', error)).finally(() => app.quit())
})

/** Says in a system dialog why the console cannot open, and ends. */
function giveUp(error: unknown): void {
  const problem = error instanceof ProblemError ? error.problem : { code: 'unexpected' as const, reference: newReference() }
  if (problem.code === 'unexpected') reportProblem(log, problem.reference, 'opening the window', error)
  const { title, advice } = wordsOf(problem)
  dialog.showErrorBox(title, advice)
  app.exit(exitStatusOf(problem.code))
}
