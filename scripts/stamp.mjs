import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { home } from './run-program.mjs'

/** A hash over the content of files and folders of the repository; tests and what tools leave behind do not count. */
export function hashOf(names) {
  const hash = createHash('sha256')
  for (const file of names.flatMap((name) => filesBelow(join(home, name)))) hash.update(`${relative(home, file)}\0`).update(readFileSync(file)).update('\0')
  return hash.digest('hex')
}

function filesBelow(path) {
  if (!existsSync(path)) return []
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path).sort().filter((name) => !name.includes('.test.')).flatMap((name) => filesBelow(join(path, name)))
}

/** Whether `file` was stamped with `hash`. */
export const isStamped = (file, hash) => existsSync(join(home, file)) && readFileSync(join(home, file), 'utf8') === hash

export function stamp(file, hash) {
  mkdirSync(dirname(join(home, file)), { recursive: true })
  writeFileSync(join(home, file), hash)
}
