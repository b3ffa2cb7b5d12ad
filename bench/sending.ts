import { postfixMissing } from '../testbed/postfix.ts'
import { postgreyMissing } from '../testbed/postfix-policy.ts'
import { sendingCases, type SendingRow } from '../testbed/sending-cases.ts'
import { sendKilled } from '../testbed/sending-killed.ts'

// What becomes of each mail that goes out when a real Postfix refuses it, puts it off, drops it or is down.
// Usage: node bench/sending.ts [mails] [part of a case's name]
const [mails = '200', only = ''] = process.argv.slice(2)
const missing = postfixMissing() ?? postgreyMissing()
if (missing !== null) {
  process.stderr.write(`${missing}\n`)
  process.exitCode = 2
} else await runAll()

async function runAll(): Promise<void> {
  show(['case', 'put', 'arrived', 'refused', 'uncertain', 'lost', 'doubled', 'alternate', 'first sent', 'last sent', 'tries', 'told'])
  for (const one of sendingCases.filter(({ what }) => what.includes(only))) {
    const row = await one.run(Number(mails))
    show([row.what, ...[row.put, row.arrived, row.refused, row.uncertain, row.lost, row.doubled, row.throughAlternate].map(String), minutes(row.firstSent), minutes(row.lastSent), String(row.mostTries), [...row.told, ...row.wrong.map((text) => `WRONG: ${text}`)].join(', ')])
    if (isBad(row)) process.exitCode = 1
  }
  if (!'killed'.includes(only)) return
  const killed = await sendKilled(5 * Number(mails), 20, 7)
  console.log(`\nkill -9 while sending: ${JSON.stringify(killed)}`)
  if (killed.lost + killed.doubled > 0) process.exitCode = 1
}

function isBad({ lost, doubled, wrong }: SendingRow): boolean {
  return lost + doubled + wrong.length > 0
}
function minutes(value: number | null): string {
  return value === null ? '–' : `${value.toFixed(1)} min`
}
function show(cells: readonly string[]): void {
  console.log(cells.map((cell, index) => cell.padEnd([52, 5, 8, 8, 10, 5, 8, 10, 11, 11, 6, 0][index] ?? 0)).join(' ').trimEnd())
}
