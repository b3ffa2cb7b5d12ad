import { join } from 'node:path'
import type { MailroomConsole } from './console.ts'
import { noteServingProcess } from './data-folder/serving-process.ts'
import { findPackageFolder } from './find-package-folder.ts'
import type { Log } from './log/create-log.ts'
import { openOwnersDoor } from './web/owners-door.ts'
import { createWebHost, type WebHost } from './web/web-host.ts'
import type { HostTls } from './web/web-server.ts'

type HeadlessNeeds = { console: MailroomConsole; dataFolder: string; host: string; port: number; tls?: HostTls | null; publicName?: string | null; log: Log }

/** The same core, served to a browser: the built page, the calls and the announcements; and a door for commands that look at the folder meanwhile. */
export async function serveHeadless({ dataFolder, ...needs }: HeadlessNeeds): Promise<WebHost> {
  // What was opened closes again, in the other order, where the next cannot be opened.
  await using opened = new AsyncDisposableStack()
  const web = await createWebHost({ ...needs, pages: join(findPackageFolder(), 'out', 'renderer') })
  opened.defer(() => web.close())
  const door = await openOwnersDoor(needs.console)
  opened.defer(() => door.close())
  opened.defer(await noteServingProcess(dataFolder, { processId: process.pid, port: door.port, key: door.key }))
  const all = opened.move()
  return { ...web, close: () => all.disposeAsync() }
}
