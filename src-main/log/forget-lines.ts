import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Takes entries from before a time (ISO 8601) out of the log files in `folder`; answers how many lines, and their bytes. At once and without
 * a pause, so that no line that is being written is lost.
 */
export function forgetLines(folder: string, before: string): { lines: number; bytes: number } {
  const counts = { lines: 0, bytes: 0 }
  for (const name of ['mailroom.1.log', 'mailroom.log']) {
    const file = join(folder, name)
    if (statSync(file, { throwIfNoEntry: false }) === undefined) continue
    const text = readFileSync(file, 'utf8')
    const kept = keptOf(text, before)
    if (kept.length === text.length) continue
    counts.lines += linesIn(text) - linesIn(kept)
    counts.bytes += Buffer.byteLength(text) - Buffer.byteLength(kept)
    if (kept === '' && name !== 'mailroom.log') rmSync(file)
    else replaceNow(file, kept)
  }
  return counts
}

/** An entry begins with its time; what follows on lines of its own belongs to it. */
function keptOf(text: string, before: string): string {
  return text.split(/^(?=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z )/m).filter((entry) => isTimed(entry) && entry.slice(0, 24) >= before).join('')
}

const isTimed = (entry: string): boolean => /^\d{4}-\d\d-\d\dT/.test(entry)
const linesIn = (text: string): number => text.split('\n').length - 1

function replaceNow(file: string, text: string): void {
  const temporary = `${file}.${process.pid}.tmp`
  try {
    writeFileSync(temporary, text, { mode: 0o600 })
    renameSync(temporary, file)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}
