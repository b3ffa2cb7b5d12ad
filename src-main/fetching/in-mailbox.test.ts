import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newIncomingServer } from '#contract/incoming-server.ts'
import type { IncomingServer } from '#contract/incoming-server.ts'
import type { OpenMailbox } from '../mail/incoming-transport.ts'
import { inMailbox } from './in-mailbox.ts'

const server = { ...newIncomingServer('imap', 'IT'), name: 'it' } as IncomingServer

test('a mailbox that does not answer its closing keeps nobody waiting for more than five seconds', async () => {
  const waits: number[] = []
  const mailbox = { close: () => new Promise<void>(() => undefined) } as OpenMailbox
  const needs = {
    transportFor: () => ({ open: async () => mailbox }) as never,
    connectionFor: async () => ({ credentials: null, proxyPassword: null, clientKeyPassphrase: null }),
    clock: { after: (ms: number, work: () => void) => { waits.push(ms); setImmediate(work); return () => undefined } }
  }
  assert.equal(await inMailbox(needs, server, new AbortController().signal, async () => 'done'), 'done')
  assert.deepEqual(waits, [5_000])
})
