import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { createRetentionOffice } from '../../testbed/retention-office.ts'

const canary = 'canary-of-the-killed'
const mail = (name: string): string =>
  ['From: Ann <ann@example.com>', `Subject: ${name}`, `Message-ID: <${name}@example.com>`, 'MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=b', '', '--b', 'Content-Type: text/plain', '', `Text of ${name}.`,
    '--b', 'Content-Type: text/plain', 'Content-Disposition: attachment; filename=a.txt', '', `${canary} ${name} ${'x'.repeat(3_000)}`, '--b--', ''].join('\r\n')
const cleaning = (folder: string): string =>
  `const { createRetentionOffice } = await import(${JSON.stringify(import.meta.resolve('../../testbed/retention-office.ts'))})
   const office = await createRetentionOffice({ folder: ${JSON.stringify(folder)} })
   office.settings.retention.originals = 30
   await office.retention.begin()
   console.log('begun')
   await office.retention.cleanUp({ workId: 'work-0001' })
   process.exit(0)`

test('kill -9 at any moment of a clean-up: every request reads as before, and the next one leaves nothing behind', { timeout: 120_000 }, async (t) => {
  const first = await createRetentionOffice()
  const count = 400
  await first.take(Array.from({ length: count }, (_, index) => ({ raw: mail(`m${index}`), receivedAt: index % 2 === 0 ? '2026-10-01T00:00:00.000Z' : '2026-11-21T00:00:00.000Z' })))
  await first.close(true)
  const program = join(mkdtempSync(join(tmpdir(), 'mailroom-killed-')), 'clean.mjs')
  writeFileSync(program, cleaning(first.folder))
  t.after(() => rmSync(dirname(program), { recursive: true, force: true }))
  let killed = 0
  for (const ms of [5, 40, 120, 250, 400, 700, 1_000]) {
    const child = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] })
    await once(child.stdout, 'data')
    await wait(ms)
    if (child.kill('SIGKILL')) killed += 1
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  }
  assert.ok(killed >= 3, `only ${killed} were killed while they worked`)
  const office = await createRetentionOffice({ folder: first.folder })
  t.after(() => office.close())
  office.settings.retention.originals = 30
  await office.retention.begin()
  await office.retention.cleanUp({ workId: 'work-0001' })
  for (let id = 1; id <= count; id += 1) {
    const entry = await office.tables.entries.get(office.database, id)
    const { text, attachments } = (await office.messages.parsed(entry?.content ?? '')).parsed.content
    assert.deepEqual([text.trim(), attachments.length, entry?.removed?.what ?? null], [`Text of m${id - 1}.`, id % 2 === 1 ? 0 : 1, id % 2 === 1 ? 'original' : null])
  }
  const { texts, strayBytes } = await office.walk()
  assert.deepEqual([texts.length, texts.filter((one) => one.includes(canary)).length, strayBytes, office.warnings], [count, count / 2, 0, []])
})
