import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createEventReader, type StreamEvent } from './event-reader.ts'

const envelope = (outcome: string, inner: string): string => `<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><m:GetStreamingEventsResponse xmlns:m="m" xmlns:t="t"><m:ResponseMessages><m:GetStreamingEventsResponseMessage ResponseClass="${outcome}">${inner}</m:GetStreamingEventsResponseMessage></m:ResponseMessages></m:GetStreamingEventsResponse></s:Body></s:Envelope>`
const event = (name: string, id: string): string => `<t:${name}><t:TimeStamp>2026-11-21T08:00:00Z</t:TimeStamp><t:ItemId Id="${id}" ChangeKey="C"/><t:ParentFolderId Id="F" ChangeKey="C"/></t:${name}>`
const fine = '<m:ResponseCode>NoError</m:ResponseCode>'

// https://learn.microsoft.com/exchange/client-developer/exchange-web-services/how-to-stream-notifications-about-mailbox-events-by-using-ews-in-exchange
test('envelopes are read one after the other, however they are cut', () => {
  const text = [
    envelope('Success', `${fine}<m:ConnectionStatus>OK</m:ConnectionStatus>`),
    envelope('Success', `${fine}<m:Notifications><m:Notification><t:SubscriptionId>S</t:SubscriptionId>${event('CreatedEvent', 'a')}${event('NewMailEvent', 'a')}<t:ModifiedEvent><t:FolderId Id="F"/><t:UnreadCount>1</t:UnreadCount></t:ModifiedEvent>${event('MovedEvent', 'b')}</m:Notification></m:Notifications>`),
    envelope('Error', '<m:MessageText>Gone.</m:MessageText><m:ResponseCode>ErrorSubscriptionNotFound</m:ResponseCode>'),
    envelope('Success', `${fine}<m:ConnectionStatus>Closed</m:ConnectionStatus>`)
  ].join('\r\n')
  for (const size of [1, 7, 100, 100_000]) {
    const reader = createEventReader()
    const events: StreamEvent[] = []
    for (let at = 0; at < text.length; at += size) events.push(...reader.take(Buffer.from(text.slice(at, at + size))))
    assert.deepEqual(events, [{ kind: 'arrived', id: 'a' }, { kind: 'arrived', id: 'a' }, { kind: 'arrived', id: 'b' }, { kind: 'error', code: 'ErrorSubscriptionNotFound' }, { kind: 'closed' }], String(size))
  }
})

test('a fault, and what never ends, are errors', () => {
  assert.deepEqual(createEventReader().take(Buffer.from('<s:Envelope xmlns:s="s"><s:Body><s:Fault><detail><e:ResponseCode xmlns:e="e">ErrorServerBusy</e:ResponseCode></detail></s:Fault></s:Body></s:Envelope>')), [{ kind: 'error', code: 'ErrorServerBusy' }])
  assert.equal(createEventReader().take(Buffer.alloc(6_000_000, 'x'))[0]?.kind, 'error')
})
