// Measures the whole round against programs that only download, what a full store costs, what idle servers cost, mail that is received and sent, how long notifications take, and what becomes of mail when connections, disks and processes fail. `npm run bench -- round --messages 500` or `-- store 10000` runs one of them; `faults`, `kill` and `sending` run only by name.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { home, ownNode } from './run-program.mjs'

const [only, ...more] = process.argv.slice(2)
const usual = ['round', 'store', 'idle', 'graph-load', 'native', 'bundle', 'ledger', 'notifications', 'outbox', 'outbox-waiting']
// These take half an hour each.
const long = ['faults', 'kill', 'sending']
const wanted = only === undefined ? usual : [...usual, ...long].filter((name) => name === only)
if (wanted.length === 0) {
  process.stderr.write(`There is no bench “${only}”: name one of ${[...usual, ...long].join(', ')}.\n`)
  process.exitCode = 2
}
for (const name of wanted) {
  const { status } = spawnSync(ownNode, [join(home, 'bench', `${name}.ts`), ...(only === undefined ? [] : more)], { cwd: home, stdio: 'inherit' })
  if (status !== 0) process.exitCode = 1
}
