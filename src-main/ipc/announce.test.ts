import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLog } from '../log/create-log.ts'
import { createAnnouncer } from './announce.ts'

test('everybody hears, although one of them fails, until they unsubscribe', () => {
  const lines: string[] = []
  const { announce, subscribe } = createAnnouncer(createLog({ write: (line) => lines.push(line), now: () => new Date(0) }))
  const heard: string[] = []
  subscribe(() => { throw new Error('broken page') })
  const end = subscribe((name) => heard.push(name))
  const endOther = subscribe((name) => heard.push(`other ${name}`))
  announce('requests-changed', { newest: 1 })
  endOther()
  announce('vault-opened', {})
  end()
  announce('settings-changed', {})
  assert.deepEqual(heard, ['requests-changed', 'other requests-changed', 'vault-opened'])
  assert.equal(lines.filter((line) => line.includes('broken page')).length, 3)
})
