// Measures the whole round against programs that only download, what a full store costs, what idle servers cost, mail that is received, and what becomes of mail when connections, disks and processes fail. `npm run bench -- round --messages 500` or `-- store 10000` runs one of them.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { home, ownNode } from './run-program.mjs'

const [only, ...more] = process.argv.slice(2)
const wanted = ['round', 'store', 'idle', 'graph-load', 'native', 'faults', 'kill'].filter((name) => only === undefined || only === name)
if (wanted.length === 0) {
  process.stderr.write(`There is no bench “${only}”: name round, store, idle, graph-load, native, faults or kill.\n`)
  process.exitCode = 2
}
for (const name of wanted) {
  const { status } = spawnSync(ownNode, [join(home, 'bench', `${name}.ts`), ...(only === undefined ? [] : more)], { cwd: home, stdio: 'inherit' })
  if (status !== 0) process.exitCode = 1
}
