import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { OutboxPage } from '#contract/outbox.ts'
import { createChance } from './chance.ts'
import { openConsoleUnderTest, passphraseUnderTest } from './console-under-test.ts'
import { startPostfix } from './postfix.ts'
import { arrivedFor, openSendingOffice } from './sending-office.ts'

/** `uncertain` is what the console says of itself that nobody knows it; so many of those had arrived. */
export type KilledSending = { put: number; kills: number; sent: number; uncertain: number; uncertainArrived: number; lost: number; doubled: number; most: number }

/** Mail that waits is sent by the command line, which is killed with SIGKILL again and again at moments drawn by chance. `most` is the largest number of mails that one kill made uncertain. */
export async function sendKilled(count: number, kills: number, seed: number): Promise<KilledSending> {
  const folder = mkdtempSync(join(tmpdir(), 'mailroom-sending-'))
  const postfix = await startPostfix()
  const chance = createChance(seed)
  try {
    await postfix.stop()
    const office = await openSendingOffice({ servers: [{ name: 'Out', port: postfix.port }], keptFolder: folder })
    const put = await office.write('ann', count)
    await office.stop()
    await postfix.start()
    let [killed, most, uncertainBefore] = [0, 0, 0]
    for (; killed < kills; ) {
      const wasKilled = await flush(folder, { log: join(postfix.folder, 'mail.log'), afterMs: chance.draw() * 400 })
      const { counts } = await lookAt(folder, 'uncertain')
      most = Math.max(most, counts.uncertain - uncertainBefore)
      uncertainBefore = counts.uncertain
      if (!wasKilled) break
      killed++
    }
    await flush(folder, null)
    const arrived = arrivedFor(await postfix.delivered())
    const uncertain = await lookAt(folder, 'uncertain')
    const open = new Set(uncertain.rows.map(({ to }) => to))
    return {
      put: put.length, kills: killed, sent: uncertain.counts.sent, uncertain: open.size, uncertainArrived: [...open].filter((address) => arrived.has(address)).length,
      lost: put.filter((address) => !arrived.has(address) && !open.has(address)).length, doubled: [...arrived.values()].reduce((sum, copies) => sum + copies - 1, 0), most
    }
  } finally {
    await postfix.end()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Whether it was killed: so long after the server heard of it. */
async function flush(folder: string, kill: { log: string; afterMs: number } | null): Promise<boolean> {
  const before = kill === null ? 0 : statSync(kill.log).size
  const child = spawn(process.execPath, [join(import.meta.dirname, '../src-main/cli/cli.ts'), 'outbox', 'flush', '--data', folder], { env: { ...process.env, MAILROOM_PASSPHRASE: passphraseUnderTest, DBUS_SESSION_BUS_ADDRESS: '' }, stdio: 'ignore' })
  const closed = once(child, 'close') as Promise<[number | null, string | null]>
  const ended = closed.then(() => true)
  while (kill !== null && statSync(kill.log).size === before && !(await Promise.race([ended, sleep(5, false)])));
  if (kill !== null) setTimeout(() => child.kill('SIGKILL'), kill.afterMs).unref()
  const [, signal] = await closed
  return signal === 'SIGKILL'
}

async function lookAt(folder: string, state: 'uncertain'): Promise<OutboxPage> {
  const console = await openConsoleUnderTest({}, { keptFolder: folder })
  try {
    return await console.must<OutboxPage>('outbox.list', { state, limit: 500 })
  } finally {
    await console.stop()
  }
}
