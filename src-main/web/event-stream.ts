import type { ServerResponse } from 'node:http'
import { administratorsEvents } from '#contract/events.ts'
import type { CallContext, MailroomConsole } from '../console.ts'
import { beginEvents } from './answer-with.ts'

const heartbeatMs = 15_000
/** A page that falls this many bytes behind is let go; it comes back and asks anew. */
const patience = 4_000_000

/** Passes announcements on to open pages as server-sent events, with a heartbeat that shows a dead connection. */
export function createEventStream(subscribe: MailroomConsole['subscribe']) {
  const pages = new Map<ServerResponse, { role: CallContext['role']; mayHear: () => boolean }>()
  const write = (text: string, mayRead: (role: CallContext['role']) => boolean = () => true): void => {
    for (const [page, { role }] of pages) {
      if (!mayRead(role)) continue
      if (page.writableLength > patience) page.destroy()
      else page.write(text)
    }
  }
  const endRevoked = (): void => {
    for (const [page, { mayHear }] of pages) {
      if (mayHear()) continue
      pages.delete(page)
      page.destroy()
    }
  }
  const end = subscribe((name, detail) => {
    if (name === 'access-changed') endRevoked()
    if (pages.size > 0) write(`data: ${JSON.stringify({ name, detail })}\n\n`, (role) => role === 'administrator' || !administratorsEvents.includes(name))
  })
  const heartbeat = setInterval(() => {
    endRevoked()
    write(': still here\n\n')
  }, heartbeatMs)
  heartbeat.unref()
  return {
    /** `role` is that of the page, which hears what is for it; `mayHear` is asked again when access changed, with `endRevoked`, and at each heartbeat; who may not is cut off at once. */
    open(response: ServerResponse, role: CallContext['role'], mayHear: () => boolean): void {
      beginEvents(response)
      response.write('retry: 1000\n\n')
      pages.set(response, { role, mayHear })
      response.on('close', () => pages.delete(response))
    },
    endRevoked,
    close(): void {
      end()
      clearInterval(heartbeat)
      for (const page of pages.keys()) page.end()
    }
  }
}
