import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { OutboxDetail, OutboxPage } from '#contract/outbox.ts'
import { openConsole } from '../compose.ts'
import { silentLog } from '../log/create-log.ts'

test('the codes of two links that go to one mailbox do not take each other away, and each says whose it is', { timeout: 60_000 }, async () => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'mailroom-codes-'))
  const core = await openConsole({ dataFolder, host: 'browser', demo: false, passphrase: 'a passphrase for this test', log: silentLog, env: { DBUS_SESSION_BUS_ADDRESS: '' } })
  const ask = async <Value>(name: string, input: object): Promise<Value> => {
    const answer = await core.answer(name, input, { role: 'administrator', who: 'test' })
    return answer.ok ? (answer.value as Value) : assert.fail(JSON.stringify(answer.problem))
  }
  try {
    for (const name of ['ann', 'bob']) {
      const { token } = await ask<{ token: string }>('access.add-token', { name, role: 'support', secondFactor: 'admins@example.com' })
      await core.secondFactor.step(createHash('sha256').update(token).digest('hex'), false)
    }
    const { rows } = await ask<OutboxPage>('outbox.list', {})
    const mails = await Promise.all(rows.map(({ id }) => ask<OutboxDetail>('outbox.show', { id })))
    assert.deepEqual(mails.map(({ text }) => /named (\w+)/.exec(text)?.[1]), ['bob', 'ann'])
    for (const { text } of mails) assert.match(text, /•••• ••••/)
  } finally {
    await core.close()
    rmSync(dataFolder, { recursive: true })
  }
})
