import { killedWork, openKillRig, type Kill } from '../testbed/kill-rig.ts'
import { dovecotMissing, startDovecot } from '../testbed/dovecot.ts'

// kill -9 at random moments over fetch, move back, export and import, by the command line against Dovecot. Usage: node bench/kill.ts [kills] [seed]
const [kills = '200', seed = '5'] = process.argv.slice(2)
const missing = dovecotMissing()
if (missing !== null) {
  process.stderr.write(`${missing}\n`)
  process.exitCode = 2
} else await killAndReckon()

async function killAndReckon(): Promise<void> {
  const dovecot = await startDovecot()
  const rig = await openKillRig(dovecot, Number(seed))
  const done: Kill[] = []
  const begun = performance.now()
  try {
    for (let turn = 0; done.filter(({ late }) => !late).length < Number(kills); turn++) {
      const kill = await rig.kill(killedWork[turn % killedWork.length] ?? 'fetch')
      done.push(kill)
      for (const fault of kill.faults) console.log(`${kill.work} killed after ${kill.afterMs} ms: ${fault}`)
    }
    console.log(`${'work'.padEnd(8)} killed  ended before  between ms       faults`)
    for (const work of killedWork) {
      const mine = done.filter((one) => one.work === work)
      const moments = mine.map(({ afterMs }) => afterMs)
      console.log(`${work.padEnd(8)} ${String(mine.filter(({ late }) => !late).length).padEnd(7)} ${String(mine.filter(({ late }) => late).length).padEnd(13)} ${`${Math.min(...moments)}–${Math.max(...moments)}`.padEnd(16)} ${mine.flatMap(({ faults }) => faults).length}`)
    }
    const reckoning = await rig.reckon()
    console.log(JSON.stringify({ ...reckoning, seed: Number(seed), minutes: Math.round((performance.now() - begun) / 6_000) / 10 }))
    if (reckoning.lost + reckoning.doubled + reckoning.leftovers.length > 0 || done.some(({ faults }) => faults.length > 0)) process.exitCode = 1
  } finally {
    rig.stop()
    await dovecot.stop()
  }
}
