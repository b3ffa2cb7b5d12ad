import type { ServerResponse } from 'node:http'
import type { MailroomConsole } from '../console.ts'
import { beginEvents } from './answer-with.ts'

const heartbeatMs = 15_000
/** A page that falls this many bytes behind is let go; it comes back and asks anew. */
const patience = 4_000_000

/** Passes announcements on to open pages as server-sent events, with a heartbeat that shows a dead connection. */
export function createEventStream(subscribe: MailroomConsole['subscribe']) {
  const pages = new Set<ServerResponse>()
  const write = (text: string): void => {
    for (const page of pages) if (page.writableLength > patience) page.destroy()
      else page.write(text)
  }
  const end = subscribe((name, detail) => pages.size > 0 && write(`data: ${JSON.stringify({ name, detail })}\n\n`))
  const heartbeat = setInterval(() => write(': still here\n\n'), heartbeatMs)
  heartbeat.unref()
  return {
    open(response: ServerResponse): void {
      beginEvents(response)
      response.write('retry: 1000\n\n')
      pages.add(response)
      response.on('close', () => pages.delete(response))
    },
    close(): void {
      end()
      clearInterval(heartbeat)
      for (const page of pages) page.end()
    }
  }
}
