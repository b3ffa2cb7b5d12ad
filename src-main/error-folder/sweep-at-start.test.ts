import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { ErrorDetail, ErrorPage } from '#contract/error-record.ts'
import { openConsole } from '../compose.ts'
import { silentLog } from '../log/create-log.ts'

test('what a process left behind between file and commit is gone after the next start; a record with a row can be read', async (context) => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'mailroom-sweep-start-'))
  context.after(() => rmSync(dataFolder, { recursive: true, force: true }))
  const open = () => openConsole({ dataFolder, host: 'browser', demo: false, passphrase: 'a passphrase for this test', log: silentLog, env: { DBUS_SESSION_BUS_ADDRESS: '' } })
  const first = await open()
  const failed = await first.answer('processing.take', { base64: Buffer.from('Subject: nobody sent it\r\n\r\ntext\r\n').toString('base64'), server: null }, { role: 'administrator', who: 'test' })
  assert.ok(failed.ok)
  await first.close()
  const errors = join(dataFolder, 'errors')
  const before = readdirSync(errors)
  writeFileSync(join(errors, `${'0'.repeat(24)}.record`), 'MRE1 of a process that was killed')
  const second = await open()
  context.after(() => second.close())
  assert.deepEqual([before.length, readdirSync(errors)], [1, before])
  const ask = async <Value>(name: string, input: object): Promise<Value> => {
    const answer = await second.answer(name, input, { role: 'support', who: 'test' })
    assert.ok(answer.ok, JSON.stringify(answer))
    return answer.value as Value
  }
  const { rows } = await ask<ErrorPage>('errors.list', {})
  assert.equal((await ask<ErrorDetail>('errors.show', { id: rows[0]?.id ?? 0 })).problem.code, 'message-without-sender')
})
