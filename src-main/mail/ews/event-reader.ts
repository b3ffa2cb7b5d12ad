import { readXml, textAt, within, type XmlNode } from './xml-tree.ts'

export type StreamEvent = { kind: 'arrived'; id: string } | { kind: 'error'; code: string } | { kind: 'closed' }

const mostBytes = 5_000_000
const end = /<\/(?:[\w.-]+:)?Envelope>/

/**
 * Reads the answer to GetStreamingEvents, which is one SOAP envelope after the other; a heartbeat is one without events.
 * https://learn.microsoft.com/exchange/client-developer/web-service-reference/getstreamingevents-operation
 */
export function createEventReader(): { take(chunk: Buffer): StreamEvent[] } {
  // Latin-1 keeps characters that a chunk cuts in two; everything looked at here is ASCII.
  let rest = ''
  return {
    take(chunk) {
      rest += chunk.toString('latin1')
      const events: StreamEvent[] = []
      for (let found = end.exec(rest); found !== null; found = end.exec(rest)) {
        const cut = found.index + found[0].length
        events.push(...eventsOf(readXml(rest.slice(0, cut).trim())))
        rest = rest.slice(cut)
      }
      if (rest.length > mostBytes) {
        rest = ''
        events.push({ kind: 'error', code: 'ErrorInvalidResponse' })
      }
      return events
    }
  }
}

function eventsOf(envelope: XmlNode | null): StreamEvent[] {
  const messages = within(envelope, 'ResponseMessages')?.children ?? []
  const fault = within(envelope, 'Fault')
  if (fault !== null) return [{ kind: 'error', code: within(fault, 'ResponseCode')?.text ?? 'ErrorInvalidResponse' }]
  return messages.flatMap((message): StreamEvent[] => {
    if (message.attributes.ResponseClass === 'Error') return [{ kind: 'error', code: textAt(message, 'ResponseCode') }]
    const notifications = within(message, 'Notifications')?.children ?? []
    const arrived = notifications.flatMap(({ children }) => children.filter(({ name }) => arrivals.has(name))).flatMap((event): StreamEvent[] => {
      const id = within(event, 'ItemId')?.attributes.Id
      return id === undefined ? [] : [{ kind: 'arrived', id }]
    })
    return [...arrived, ...(textAt(message, 'ConnectionStatus') === 'Closed' ? [{ kind: 'closed' as const }] : [])]
  })
}

const arrivals = new Set(['NewMailEvent', 'CreatedEvent', 'MovedEvent'])
