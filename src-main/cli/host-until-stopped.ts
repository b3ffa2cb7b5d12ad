import type { ExitStatus } from '../model/exit-status.ts'
import type { WebHost } from '../web/web-host.ts'
import type { Tools } from './command.ts'

type HostNeeds = { dataFolder: string; demo: boolean; passphrase: string | null; host: string; port: number; tls?: { certFile: string; keyFile: string } | null; publicName?: string | null }

/** Serves the console to a browser until SIGINT or SIGTERM, then ends rounds, pages and data cleanly. `announce` makes what goes to stdout. */
export async function hostUntilStopped(tools: Tools, { host, port, tls = null, publicName = null, ...needs }: HostNeeds, announce: (web: WebHost) => string): Promise<ExitStatus> {
  const { serveHeadless } = await import('../headless.ts')
  const stopped = new Promise<void>((resolve) => tools.onStop(resolve))
  const core = await tools.openHost(needs)
  try {
    const web = await serveHeadless({ console: core, dataFolder: needs.dataFolder, host, port, tls, publicName, log: tools.log })
    try {
      await core.start()
      await tools.terminal.write(announce(web))
      await stopped
      tools.log.info('stopping')
    } finally {
      await web.close()
    }
  } finally {
    await core.close()
  }
  return 0
}
