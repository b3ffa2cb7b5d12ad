import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Address } from '#contract/message.ts'
import { parseAddresses } from '../processing/parsing/parse-addresses.ts'
import { originalSender } from './original-sender.ts'

const it = 'it@example.com'
const support = 'tarobe482@mail.example.com'
const forwarders = [it, support]
const address = (text: string): Address => parseAddresses(text)[0] ?? assert.fail(`no address in ${text}`)

type Row = { what: string; from: string; headers?: string[]; replyTo?: string; forwardedFrom?: string; wrote: string; because: RegExp }

const rows: Row[] = [
  // https://www.ajaxtower.jp/gmail/auto-forwarding/index3.html: From and To stay, X-Forwarded-To and X-Forwarded-For are added.
  {
    what: 'Gmail forwards automatically', from: 'Ann <ann@customer.example>', wrote: 'Ann <ann@customer.example>', because: /it@example\.com forwarded it and kept its From/,
    headers: [`Return-Path: <it+caf_=tarobe482=mail.example.com@example.com>`, `X-Forwarded-To: ${support}`, `X-Forwarded-For: ${it} ${support}`, `Delivered-To: ${it}`, `Return-Path: <ann@customer.example>`]
  },
  { what: 'Google Workspace routing by address map', from: 'Ann <ann@customer.example>', wrote: 'Ann <ann@customer.example>', because: /not forwarded/, headers: ['X-Gm-Original-To: it@example.com'] },
  // https://techcommunity.microsoft.com/blog/exchange/sender-rewriting-scheme-srs-coming-to-office-365/607932: the P2 From stays, the P1 From is rewritten.
  {
    what: 'Microsoft 365 mailbox forwarding (ForwardingSmtpAddress)', from: 'Ann <ann@customer.example>', wrote: 'Ann <ann@customer.example>', because: /it@example\.com forwarded it/,
    headers: ['Return-Path: <it+SRS=abcde=FG=customer.example=ann@example.com>', 'Resent-From: <it@example.com>']
  },
  {
    what: 'Microsoft 365 inbox rule, redirect', from: 'Ann <ann@customer.example>', wrote: 'Ann <ann@customer.example>', because: /it@example\.com forwarded it/,
    headers: ['Return-Path: <it+SRS=Xy1z2=QT=customer.example=ann@example.com>', 'Resent-From: IT <it@example.com>', 'X-MS-Exchange-Inbox-Rules-Loop: it@example.com']
  },
  {
    what: 'Microsoft 365 inbox rule, forward', from: 'IT <it@example.com>', forwardedFrom: 'Ann <ann@customer.example>', wrote: 'Ann <ann@customer.example>', because: /forwarded message in it names ann@customer\.example/,
    headers: ['X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent', 'X-MS-Exchange-Inbox-Rules-Loop: it@example.com']
  },
  { what: 'Zoho forwards automatically', from: 'Ann <ann@customer.example>', wrote: 'Ann <ann@customer.example>', because: /not forwarded/, headers: ['Return-Path: <it@example.com>', `Delivered-To: ${support}`] },
  { what: 'Zoho: a mailbox that writes itself', from: 'IT <it@example.com>', wrote: 'IT <it@example.com>', because: /nothing in the message names another author/ },
  { what: 'Postfix with postsrsd', from: 'Ann <ann@customer.example>', wrote: 'Ann <ann@customer.example>', because: /not forwarded/, headers: ['Return-Path: <SRS0=HHH=TT=customer.example=ann@example.com>'] },
  { what: 'SRS twice', from: 'Ann <ann@customer.example>', wrote: 'Ann <ann@customer.example>', because: /not forwarded/, headers: ['Return-Path: <SRS1=HHH=example.com==HHH=TT=customer.example=ann@relay.example>'] },
  {
    what: 'Google Groups rewrites From', from: "'Ann Lee' via IT <it@example.com>", replyTo: 'Ann Lee <ann@customer.example>', wrote: 'Ann Lee <ann@customer.example>', because: /X-Original-From names/,
    headers: ['X-Original-From: Ann Lee <ann@customer.example>', 'X-Original-Sender: ann@customer.example', 'List-ID: <it.example.com>']
  },
  { what: 'Google Groups, only the address is kept', from: "'Ann Lee' via IT <it@example.com>", wrote: 'Ann Lee <ann@customer.example>', because: /X-Original-Sender/, headers: ['X-Original-Sender: ann@customer.example'] },
  {
    what: 'a stranger types a header block into a mail that a group rewrites', from: "'Eve' via IT <it@example.com>", forwardedFrom: 'Boss <boss@example.com>', wrote: 'Eve <eve@elsewhere.example>', because: /X-Original-From/,
    headers: ['X-Original-From: Eve <eve@elsewhere.example>']
  },
  { what: 'the same where only Reply-To is left', from: 'Eve via IT <it@example.com>', replyTo: 'Eve <eve@elsewhere.example>', forwardedFrom: 'Boss <boss@example.com>', wrote: 'Eve <eve@elsewhere.example>', because: /Reply-To names/ },
  { what: 'Mailman munges From', from: 'Ann via Help <it@example.com>', replyTo: 'Help <it@example.com>, Ann <ann@customer.example>', wrote: 'Ann <ann@customer.example>', because: /Reply-To names/ },
  { what: 'RFC 9057', from: 'IT <it@example.com>', headers: ['Author: Ann <ann@customer.example>', 'X-Original-From: Bo <bo@customer.example>'], wrote: 'Ann <ann@customer.example>', because: /Author names/ },
  { what: 'through Gmail’s SMTP as another', from: 'IT <it@example.com>', headers: ['X-Google-Original-From: Ann <ann@customer.example>'], wrote: 'Ann <ann@customer.example>', because: /X-Google-Original-From/ },
  { what: 'an encoded name', from: 'IT <it@example.com>', headers: ['X-Original-From: =?UTF-8?Q?J=C3=BCrgen?= <juergen@customer.example>'], wrote: 'Jürgen <juergen@customer.example>', because: /juergen/ },
  // By hand: parsing reads the block in the text, whatever its language; here is what becomes of it.
  { what: 'Outlook “FW:” (Von: … Gesendet: …)', from: 'Tom <tom@example.com>', forwardedFrom: 'Ann <ann@customer.example>', wrote: 'Tom <tom@example.com>', because: /not forwarded/ },
  { what: 'the same by a named forwarder', from: 'IT <it@example.com>', replyTo: 'Tom <tom@example.com>', forwardedFrom: 'Ann <ann@customer.example>', wrote: 'Ann <ann@customer.example>', because: /forwarded message in it/ },
  { what: 'Apple Mail “Fwd:” as an attachment', from: 'IT@Example.com', forwardedFrom: 'ann@customer.example', wrote: 'ann@customer.example', because: /ann@customer\.example/ },
  { what: 'Gmail “---------- Forwarded message”', from: support, forwardedFrom: 'Ann <ann@customer.example>', wrote: 'Ann <ann@customer.example>', because: /forwarded/ },
  { what: 'a forwarder forwards what a forwarder wrote', from: it, forwardedFrom: support, replyTo: 'Tom <tom@example.com>', wrote: 'Tom <tom@example.com>', because: /Reply-To/ },
  { what: 'fields that hold no address', from: it, headers: ['X-Original-From: nobody', 'Author: ', 'X-Original-Sender: <>'], wrote: it, because: /nothing in the message/ },
  { what: 'Resent-From and X-Forwarded-For name the forwarder, not the author', from: it, headers: ['Resent-From: Somebody <somebody@example.org>', 'X-Forwarded-For: other@example.org tarobe482@mail.example.com'], wrote: it, because: /nothing in the message/ },
  { what: 'somebody resends their own mail', from: 'Ann <ann@customer.example>', headers: ['Resent-From: ann@customer.example'], wrote: 'Ann <ann@customer.example>', because: /not forwarded/ }
]

for (const { what, from, headers = [], replyTo = '', forwardedFrom, wrote, because } of rows) {
  test(`original sender: ${what}`, () => {
    const fields = headers.map((line) => ({ name: line.slice(0, line.indexOf(':')).toLowerCase(), value: line.slice(line.indexOf(':') + 1).trim() }))
    const found = originalSender({ from: address(from), replyTo: parseAddresses(replyTo), headers: fields, forwardedFrom: forwardedFrom === undefined ? null : address(forwardedFrom), forwarders }, parseAddresses)
    assert.deepEqual(found.from, Buffer.from(wrote).length === wrote.length ? address(wrote) : { name: 'Jürgen', address: 'juergen@customer.example' })
    assert.match(found.because, because)
  })
}
