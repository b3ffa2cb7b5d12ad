import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { startDnsServer, type DnsServer } from '../../testbed/dns-server.ts'
import { createIntake } from './create-intake.ts'
import type { Intake, TakenMessage } from './intake.ts'

let root = ''
let server: DnsServer
let intake: Intake
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'mailroom-authentication-'))
  server = await startDnsServer({ txt: { 'example.com': 'v=spf1 ip4:192.0.2.10 -all', '_dmarc.example.com': 'v=DMARC1; p=reject' }, silent: ['silent.example', '_dmarc.silent.example'] })
  intake = createIntake({ contentFolder: root, dataKey: Buffer.alloc(32, 7), dnsServers: [server.address] })
})
after(async () => {
  await intake.close()
  await server.stop()
  await rm(root, { recursive: true, force: true })
})

const mail = (domain: string, ip: string): Buffer =>
  Buffer.from(`Return-Path: <ann@${domain}>\r\nReceived: from x (x.${domain} [${ip}]) by mx.desk.example with ESMTP; Sat, 21 Nov 2026 08:00:00 +0000\r\nFrom: ann@${domain}\r\nSubject: Printer\r\n\r\nIt smokes.\r\n`)
const verdicts = (taken: TakenMessage[]) => taken.map(({ parsed }) => parsed.authentication?.verdict ?? null)

test('messages come back with what SPF, DKIM and DMARC say, in their order; without the order nothing is asked', async () => {
  assert.deepEqual(verdicts(await intake.take([mail('example.com', '192.0.2.10')])), [null])
  assert.equal(server.asked.length, 0)
  const taken = await intake.take([mail('example.com', '192.0.2.10'), mail('example.com', '203.0.113.9'), Buffer.alloc(0), mail('nothing.example', '192.0.2.10')], { authenticate: { trustedServers: [] } })
  assert.deepEqual(verdicts(taken), ['pass', 'fail', null, 'none'])
})

test('a receiver\'s sessions go with their messages', async () => {
  const session = (clientAddress: string) => ({ clientAddress, helo: 'x', mailFrom: 'ann@example.com' })
  const raw = mail('example.com', '198.51.100.1')
  assert.deepEqual(verdicts(await intake.take([raw, Buffer.from(raw)], { authenticate: { trustedServers: [], sessions: [session('192.0.2.10'), session('203.0.113.9')] } })), ['pass', 'fail'])
})

test('while one batch waits for DNS that is silent, the next one goes on', { timeout: 20_000 }, async () => {
  const finished: string[] = []
  const slow = intake.take([mail('silent.example', '192.0.2.10')], { authenticate: { trustedServers: [] } }).then((taken) => {
    finished.push('slow')
    return taken
  })
  await intake.take([mail('example.com', '192.0.2.10')], { authenticate: { trustedServers: [] } })
  finished.push('next')
  assert.deepEqual(verdicts(await slow), ['unknown'])
  assert.deepEqual(finished, ['next', 'slow'])
})
