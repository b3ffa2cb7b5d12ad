import assert from 'node:assert/strict'
import { test } from 'node:test'
import { receivedHops } from './received-hops.ts'

const message = [
  'Received: from mx.example.org (mx.example.org [192.0.2.9])',
  '\tby store.example.com (Postfix) with ESMTPS id 4AB',
  '\tfor <it@example.com>; Sat, 21 Nov 2026 08:00:07 +0000 (UTC)',
  'Received: from desk (unknown [192.0.2.1]) by mx.example.org with ESMTPSA id 1; Sat, 21 Nov 2026 09:00:05 +0100',
  'Received: by desk with local; not a date',
  'Subject: Received: by nobody; Sat, 21 Nov 2026 08:00:00 +0000',
  '',
  'Received: by body; Sat, 21 Nov 2026 08:00:00 +0000'
].join('\r\n')

test('hops come first to last, with the seconds between them', () => {
  assert.deepEqual(receivedHops(message), [
    { by: 'desk', from: null, at: null, seconds: null },
    { by: 'mx.example.org', from: 'desk', at: '2026-11-21T08:00:05.000Z', seconds: null },
    { by: 'store.example.com', from: 'mx.example.org', at: '2026-11-21T08:00:07.000Z', seconds: 2 }
  ])
})

test('a message without Received fields has no hops, one with thousands a bounded number', () => {
  assert.deepEqual(receivedHops('Subject: x\r\n\r\n'), [])
  assert.equal(receivedHops('Received: by a; x\r\n'.repeat(5_000)).length, 100)
})
