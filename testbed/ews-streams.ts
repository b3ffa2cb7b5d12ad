import { randomBytes } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { all, folderOf, within, type EwsCaller, type EwsMessage, type EwsSite } from './ews-operations.ts'
import type { RequestNode } from './ews-schema.ts'
import type { StoredItem } from './ews-store.ts'

type Subscription = { queue: string[]; wake: () => void; end: () => void }

/**
 * Streaming subscriptions: events wait until somebody listens; a stream is one SOAP envelope after the other, with a heartbeat in between and
 * ConnectionStatus Closed at its end.
 * https://learn.microsoft.com/exchange/client-developer/exchange-web-services/how-to-stream-notifications-about-mailbox-events-by-using-ews-in-exchange
 * https://learn.microsoft.com/exchange/client-developer/web-service-reference/connectionstatus
 */
export function createEwsStreams(heartbeatMs: number, minuteMs: number): { answer(operation: RequestNode, caller: EwsCaller, site: EwsSite): EwsMessage[]; listen(operation: RequestNode, response: ServerResponse): void; forget(): void } {
  const subscriptions = new Map<string, Subscription>()
  const subscribe = (operation: RequestNode, caller: EwsCaller, site: EwsSite): EwsMessage => {
    const found = folderOf(within(operation, 't:FolderIds')?.children[0] ?? operation, caller, site)
    if ('code' in found) return found
    // https://learn.microsoft.com/exchange/client-developer/exchange-web-services/handling-delegation-related-errors-in-ews-in-exchange
    const id = randomBytes(30).toString('base64')
    const wanted = new Set(all(operation, 't:EventType').map(({ text }) => text))
    const subscription: Subscription = { queue: [], wake: () => undefined, end: () => undefined }
    subscription.end = found.store.watch(found.folder.id, (item, event) => {
      for (const kind of event === 'NewMailEvent' ? ['CreatedEvent', 'NewMailEvent'] : ['MovedEvent']) if (wanted.has(kind)) subscription.queue.push(eventXml(kind, item))
      subscription.wake()
    })
    subscriptions.set(id, subscription)
    return { code: 'NoError', text: '', rest: [`<m:SubscriptionId>${id}</m:SubscriptionId>`] }
  }
  return {
    answer(operation, caller, site) {
      if (operation.name === 'm:Subscribe') return [subscribe(operation, caller, site)]
      const id = within(operation, 'm:SubscriptionId')?.text ?? ''
      subscriptions.get(id)?.end()
      return [subscriptions.delete(id) ? { code: 'NoError', text: '', rest: [] } : notFound]
    },
    listen(operation, response) {
      const id = within(operation, 't:SubscriptionId')?.text ?? ''
      const subscription = subscriptions.get(id)
      response.writeHead(200, { 'content-type': 'text/xml; charset=utf-8' })
      if (subscription === undefined) return void response.end(envelopeOf('Error', `<m:MessageText>The specified subscription was not found.</m:MessageText><m:ResponseCode>ErrorSubscriptionNotFound</m:ResponseCode><m:ErrorSubscriptionIds><m:SubscriptionId>${id}</m:SubscriptionId></m:ErrorSubscriptionIds><m:ConnectionStatus>Closed</m:ConnectionStatus>`))
      const write = (inner: string): void => void response.write(envelopeOf('Success', `<m:ResponseCode>NoError</m:ResponseCode>${inner}`))
      subscription.wake = () => {
        const events = subscription.queue.splice(0)
        if (events.length > 0) write(`<m:Notifications><m:Notification><t:SubscriptionId>${id}</t:SubscriptionId>${events.join('')}</m:Notification></m:Notifications>`)
      }
      write('<m:ConnectionStatus>OK</m:ConnectionStatus>')
      subscription.wake()
      const heartbeat = setInterval(() => write('<m:ConnectionStatus>OK</m:ConnectionStatus>'), heartbeatMs)
      const over = setTimeout(() => {
        write('<m:ConnectionStatus>Closed</m:ConnectionStatus>')
        response.end()
      }, Number(within(operation, 'm:ConnectionTimeout')?.text) * minuteMs)
      response.on('close', () => {
        clearInterval(heartbeat)
        clearTimeout(over)
        subscription.wake = () => undefined
      })
    },
    forget() {
      for (const { end } of subscriptions.values()) end()
      subscriptions.clear()
    }
  }
}

const notFound: EwsMessage = { code: 'ErrorSubscriptionNotFound', text: 'The specified subscription was not found.', rest: [] }

function eventXml(kind: string, item: StoredItem): string {
  return `<t:${kind}><t:TimeStamp>${new Date(item.received).toISOString().replace('.000', '')}</t:TimeStamp><t:ItemId Id="${item.id}" ChangeKey="${item.changeKey}"/><t:ParentFolderId Id="${item.folder}" ChangeKey="AQAAAA=="/></t:${kind}>`
}

function envelopeOf(outcome: 'Success' | 'Error', inner: string): string {
  return `<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><m:GetStreamingEventsResponse xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages" xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types"><m:ResponseMessages><m:GetStreamingEventsResponseMessage ResponseClass="${outcome}">${inner}</m:GetStreamingEventsResponseMessage></m:ResponseMessages></m:GetStreamingEventsResponse></s:Body></s:Envelope>`
}
