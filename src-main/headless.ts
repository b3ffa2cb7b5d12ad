import { join } from 'node:path'
import type { MailroomConsole } from './console.ts'
import { findPackageFolder } from './find-package-folder.ts'
import type { Log } from './log/create-log.ts'
import { createWebHost, type WebHost } from './web/web-host.ts'
import type { HostTls } from './web/web-server.ts'

/** The same core, served to a browser: the built page, the calls and the announcements. */
export const serveHeadless = (needs: { console: MailroomConsole; host: string; port: number; tls?: HostTls | null; publicName?: string | null; log: Log }): Promise<WebHost> =>
  createWebHost({ ...needs, pages: join(findPackageFolder(), 'out', 'renderer') })
