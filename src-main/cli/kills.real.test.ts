import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dovecotMissing, startDovecot } from '../../testbed/dovecot.ts'
import { killedWork, openKillRig } from '../../testbed/kill-rig.ts'

// 200 kills: node bench/kill.ts
test('kill -9 over fetch, move, export and import: the folder opens, everything can be read, the ledger reconciles', { skip: dovecotMissing() ?? false, timeout: 300_000 }, async (context) => {
  const dovecot = await startDovecot()
  const rig = await openKillRig(dovecot, 7)
  context.after(async () => {
    rig.stop()
    await dovecot.stop()
  })
  let killed = 0
  for (let turn = 0; killed < 5 && turn < 10; turn++) {
    const { work, afterMs, late, faults } = await rig.kill(killedWork[turn % killedWork.length] ?? 'fetch')
    assert.deepEqual(faults, [], `${work} killed after ${afterMs} ms`)
    if (!late) killed++
  }
  assert.ok(killed >= 4, `only ${killed} were killed before they ended`)
  const { lost, doubled, verdicts, leftovers } = await rig.reckon()
  assert.deepEqual({ lost, doubled, verdicts, leftovers }, { lost: 0, doubled: 0, verdicts: ['seen: nothing-lost', 'moved: nothing-lost', 'deleted: nothing-lost'], leftovers: [] })
})
