import assert from 'node:assert/strict'
import { execFile, spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { test } from 'node:test'
import { openKeychain } from './keychain.ts'

const missing = ['dbus-run-session', 'gnome-keyring-daemon'].filter((program) => spawnSync(program, ['--version']).error !== undefined)
const inside = process.env.MAILROOM_TEST_KEYRING === '1'

test('secrets survive in a real Secret Service', { skip: inside || missing.length === 0 ? false : `not installed: ${missing.join(', ')}`, timeout: 60_000 }, async () => {
  if (inside) return roundTrip()
  const script = 'echo -n pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null && exec "$0" --test "$1"'
  // Told that it runs inside a test runner, the inner one would report to that and print nothing.
  const env: Record<string, string | undefined> = { ...process.env, MAILROOM_TEST_KEYRING: '1' }
  delete env.NODE_TEST_CONTEXT
  const { stdout } = await promisify(execFile)('dbus-run-session', ['--', 'bash', '-c', script, process.execPath, fileURLToPath(import.meta.url)], { env })
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
