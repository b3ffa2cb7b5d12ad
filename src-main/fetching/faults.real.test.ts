import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { dovecotMissing } from '../../testbed/dovecot.ts'
import { wireCases, type WireCase } from '../../testbed/fault-cases.ts'
import { localCases, smallDiskMissing } from '../../testbed/fault-local.ts'
import { faultModes, type FaultMode, type Whereabouts } from '../../testbed/fault-rig.ts'
import { runWireCase, startFaultGround, undisturbedRuns, type FaultGround } from '../../testbed/fault-runs.ts'

// The whole table, every fault in every mode over 200 messages: node bench/faults.ts
const skip = dovecotMissing() ?? false
const count = 45
const known: { ground: FaultGround | null; undisturbed: Map<FaultMode, Whereabouts> } = { ground: null, undisturbed: new Map() }
before(async () => {
  if (skip !== false) return
  known.ground = await startFaultGround(count)
  known.undisturbed = await undisturbedRuns(known.ground)
})
after(() => known.ground?.stop())

const ground = (): FaultGround => {
  if (known.ground === null) throw new Error('asked before Dovecot was started')
  return known.ground
}
/** Where an answer is lost the modes differ, elsewhere they take turns. */
const modesOf = ({ fault, modes }: WireCase, index: number): FaultMode[] => (/lost|arrives/.test(fault) ? [...modes].slice(0, 2) : modes.filter((_mode, at) => at === index % modes.length))

for (const [index, one] of wireCases.entries())
  for (const mode of modesOf(one, index))
    test(`${one.fault}, ${mode}: each message has one outcome, as if nothing had happened`, { skip, timeout: 30_000 }, async () => {
      const row = await runWireCase(ground(), one, mode, known.undisturbed)
      assert.ok(row.struck > 0, 'the fault never came')
      assert.deepEqual({ lost: row.lost, doubled: row.doubled, otherwise: row.otherwise }, { lost: 0, doubled: 0, otherwise: [] })
      assert.equal(row.taken, count)
      assert.ok(one.told === undefined || row.told.some((said) => one.told?.includes(said.replace(/^\d+ /, ''))), `told: ${row.told.join(', ')}`)
    })

const noSmallDisk = skip === false ? (smallDiskMissing() ?? false) : skip
for (const [index, one] of localCases.entries()) {
  const mode = faultModes[index % faultModes.length] ?? 'imap mark-seen'
  test(`${one.fault}, ${mode}: each message has one outcome, as if nothing had happened`, { skip: one.fault.startsWith('disk') ? noSmallDisk : skip, timeout: 30_000 }, async () => {
    const before = known.undisturbed.get(mode)
    assert.ok(before !== undefined)
    const { taken, lost, doubled, otherwise, told } = await one.run(ground().of(mode, false), mode, before)
    assert.deepEqual({ taken, lost, doubled, otherwise }, { taken: count, lost: 0, doubled: 0, otherwise: [] })
    assert.deepEqual([...new Set(told.map((said) => said.replace(/^\d+ /, '')))], one.told === null ? [] : [one.told])
  })
}

test('every mode is run, and every fault', { skip }, () => {
  assert.deepEqual(new Set(wireCases.flatMap(modesOf)), new Set(faultModes))
})
