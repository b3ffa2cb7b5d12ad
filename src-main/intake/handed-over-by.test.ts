import assert from 'node:assert/strict'
import { test } from 'node:test'
import { handedOverBy } from './handed-over-by.ts'

const date = '; Sat, 21 Nov 2026 08:00:00 +0000'
const table: [what: string, received: string[], address: string | null][] = [
  ['Postfix', ['from mail.example.com (mail.example.com [192.0.2.9]) by mx.desk.example (Postfix) with ESMTPS id 4AB'], '192.0.2.9'],
  ['Postfix, IPv6', ['from mail.example.com (mail.example.com [IPv6:2001:db8::9]) by mx.desk.example (Postfix) with ESMTPS'], '2001:db8::9'],
  ['Postfix, HELO is an address literal', ['from [198.51.100.1] (unknown [192.0.2.9]) by mx.desk.example (Postfix) with ESMTP'], '192.0.2.9'],
  ['HELO that looks like TCP-info', ['from x([198.51.100.1]) (unknown [192.0.2.9]) by mx.desk.example with SMTP'], '192.0.2.9'],
  ['sendmail', ['from mail.example.com (host9.example.net [192.0.2.9] (may be forged)) by mx.desk.example (8.17/8.17) with ESMTP id 1'], '192.0.2.9'],
  ['Exim', ['from mail.example.com ([192.0.2.9] helo=[198.51.100.1]) by mx.desk.example with esmtps'], '192.0.2.9'],
  ['Exim without a name', ['from [192.0.2.9] (helo=mail.example.com) by mx.desk.example with esmtp'], '192.0.2.9'],
  ['qmail', ['from unknown (HELO [198.51.100.1]) (192.0.2.9) by mx.desk.example with SMTP'], '192.0.2.9'],
  ['Exchange', ['from mail.example.com (192.0.2.9) by DB1PEPF.mail.protection.outlook.com (10.167.8.1) with Microsoft SMTP Server'], '192.0.2.9'],
  ['Gmail', ['by 2002:a05:6402:1234:b0:5d1:e799:0 with SMTP id x', 'from mail.example.com (mail.example.com. [192.0.2.9]) by mx.google.com with ESMTPS id y'], '192.0.2.9'],
  ['hops within the provider: private addresses', ['from store (store [10.0.0.1]) by imap.desk.example with LMTP', 'from localhost (localhost [127.0.0.1]) by a.desk.example', 'from mail.example.com (mail.example.com [192.0.2.9]) by mx.desk.example'], '192.0.2.9'],
  ['hops within Microsoft', ['from AM0PR01.eurprd01.prod.outlook.com (2603:10a6:20b:3f9::14) by AM9PR01.eurprd01.prod.outlook.com with HTTPS', 'from mail.example.com (192.0.2.9) by AM0EUR.mail.protection.outlook.com (2603:10a6::1) with Microsoft SMTP Server'], '192.0.2.9'],
  ['hops within the provider: its own confirmed names', ['from mx.desk.example (mx.desk.example [203.0.113.1]) by store.desk.example with ESMTP', 'from mail.example.com (mail.example.com [192.0.2.9]) by mx.desk.example'], '192.0.2.9'],
  ['a HELO that claims to be the provider is not believed', ['from mx.desk.example (unknown [203.0.113.1]) by store.desk.example with ESMTP', 'from mail.example.com (mail.example.com [192.0.2.9]) by mx.desk.example'], '203.0.113.1'],
  ['nor is a name that may be forged', ['from x (mx.desk.example [203.0.113.1] (may be forged)) by store.desk.example with ESMTP', 'from mail.example.com ([192.0.2.9]) by mx.desk.example'], '203.0.113.1'],
  ['a country\'s suffix is no organization', ['from x (a.co.uk [203.0.113.1]) by mx.b.co.uk with ESMTP', 'from y ([192.0.2.9]) by mx.b.co.uk'], '203.0.113.1'],
  ['IPv4 in IPv6', ['from x (x.example.com [IPv6:::ffff:192.0.2.9]) by mx.desk.example with ESMTP'], '192.0.2.9'],
  ['nobody', ['by desk with local', 'from localhost (localhost [::1]) by desk'], null],
  ['garbage', ['from', 'from (((((', 'from x [999.1.1.1] by y', ''], null]
]
for (const [what, received, address] of table) test(`handed over: ${what}`, () => assert.equal(handedOverBy(received.map((value) => ({ name: 'received', value: value + date })))?.address ?? null, address))

test('the HELO is told with it', () => assert.deepEqual(handedOverBy([{ name: 'received', value: `from mail.example.com (x [192.0.2.9]) by mx.desk.example${date}` }]), { address: '192.0.2.9', helo: 'mail.example.com' }))

test('a hostile field takes no time', () => {
  const began = performance.now()
  for (const part of [' ', '(', '[', 'from ', ' by', '(helo ', 'helo=', '(a.', '1.', ':']) handedOverBy(Array.from({ length: 50 }, () => ({ name: 'received', value: `from x ${part.repeat(100_000)} by y` })))
  assert.ok(performance.now() - began < 1_500)
})
