import { startFaultGround, runWireCase, undisturbedRuns } from '../testbed/fault-runs.ts'
import { wireCases } from '../testbed/fault-cases.ts'
import { localCases, smallDiskMissing } from '../testbed/fault-local.ts'
import { faultModes, type FaultRow } from '../testbed/fault-rig.ts'

// What becomes of each message when something goes wrong between console and a real Dovecot, on the disk or with the clock.
// Usage: node bench/faults.ts [messages] [part of a fault's name]
const [messages = '200', only = ''] = process.argv.slice(2)
const ground = await startFaultGround(Number(messages))
try {
  const undisturbed = await undisturbedRuns(ground)
  const show = (cells: readonly string[]): void => console.log(cells.map((cell, index) => cell.padEnd([34, 18, 6, 7, 7, 5, 8, 0][index] ?? 0)).join(' ').trimEnd())
  show(['fault', 'mode', 'taken', 'errors', 'rounds', 'lost', 'doubled', 'told'])
  let bad = 0
  const add = (row: FaultRow, note: string): void => {
    show([row.fault, row.mode, ...[row.taken, row.errors, row.rounds, row.lost, row.doubled].map(String), `${note}${row.told.join(', ')}${row.otherwise.length === 0 ? '' : ` | ${row.otherwise.join('; ')}`}`])
    if (row.lost + row.doubled > 0) bad++
  }
  for (const one of wireCases.filter(({ fault }) => fault.includes(only)))
    for (const mode of one.modes) {
      const row = await runWireCase(ground, one, mode, undisturbed)
      add(row, row.struck === 0 ? 'NOT STRUCK ' : '')
    }
  const missing = smallDiskMissing()
  for (const one of localCases.filter(({ fault }) => fault.includes(only) && (missing === null || !fault.includes('disk'))))
    for (const mode of faultModes) {
      const before = undisturbed.get(mode)
      if (before !== undefined) add(await one.run(ground.of(mode, false), mode, before), '')
    }
  if (bad > 0) process.exitCode = 1
} finally {
  await ground.stop()
}
