import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { keyringMissing, onOwnKeyring } from '../../testbed/own-keyring.ts'
import { openKeychain } from './keychain.ts'

const inside = process.env.MAILROOM_TEST_KEYRING === '1'

test('secrets survive in a real Secret Service', { skip: inside ? false : (keyringMissing() ?? false), timeout: 60_000 }, async () => {
  if (inside) return roundTrip()
  // Told that it runs inside a test runner, the inner one would report to that and print nothing.
  const stdout = await onOwnKeyring([process.execPath, '--test', fileURLToPath(import.meta.url)], { ...process.env, MAILROOM_TEST_KEYRING: '1', NODE_TEST_CONTEXT: undefined })
  assert.match(stdout, /pass 1\b/)
  assert.match(stdout, /skipped 0\b/)
})

async function roundTrip(): Promise<void> {
  const needs = { id: randomUUID(), env: process.env, platform: process.platform }
  const first = await openKeychain(needs)
  await first.set('server/it', 'pässword €')
  await first.set('data-key', 'k')
  const again = await openKeychain(needs)
  assert.equal(await again.get('server/it'), 'pässword €')
  assert.deepEqual(await again.accounts(), ['data-key', 'server/it'])
  assert.deepEqual(await (await openKeychain({ ...needs, id: randomUUID() })).accounts(), [])
  assert.equal(await again.delete('server/it'), true)
  assert.equal(await again.delete('server/it'), false)
  assert.equal(await again.get('server/it'), null)
  await again.delete('data-key')
}
