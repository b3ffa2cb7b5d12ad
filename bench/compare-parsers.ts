import { spawn } from 'node:child_process'
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { attachmentBytes } from '../src-main/processing/parsing/attachment-bytes.ts'
import { parseMessage } from '../src-main/processing/parsing/parse-message.ts'
import { differences, type Reference } from './parser-differences.ts'

// Every file of the folders as a message: crashes, the slowest, and what differs from Python's email package (policy=default), class by
// class with its reason. Usage: node bench/compare-parsers.ts FOLDER… [--python python3] [--show CLASS] [--json]
const { values: options, positionals: folders } = parseArgs({ allowPositionals: true, options: { python: { type: 'string', default: 'python3' }, show: { type: 'string' }, json: { type: 'boolean', default: false } } })
const limitMs = 2_000
if (folders.length === 0) {
  console.error('Name a folder of messages: node bench/compare-parsers.ts FOLDER… [--python python3] [--show CLASS] [--json]')
  process.exit(2)
}

const paths = folders.flatMap((folder) => filesBelow(folder)).sort()
const references = await readReferences(paths)
const slowest = { path: '', ms: 0 }
const crashes: string[] = []
const tooSlow: string[] = []
const byClass = new Map<string, { count: number; fields: number; examples: string[] }>()
let compared = 0
for (const path of paths) {
  const raw = readFileSync(path)
  const before = performance.now()
  try {
    const parsed = parseMessage(raw)
    const ms = performance.now() - before
    if (ms > slowest.ms) Object.assign(slowest, { path, ms })
    if (ms > limitMs) tooSlow.push(path)
    for (const place of parsed.places) attachmentBytes(raw, place)
    const reference = references.get(path)
    if (reference === undefined) continue
    compared++
    for (const { field, why, detail } of differences(raw, parsed, reference)) note(`${field}: ${why}`, path, detail)
  } catch (thrown) {
    crashes.push(`${path}: ${String(thrown)}`)
  }
}
report()

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? filesBelow(path) : entry.isFile() && statSync(path).size > 0 ? [path] : []
  })
}

/** What the reference makes of the messages; empty where Python is missing. */
async function readReferences(all: readonly string[]): Promise<Map<string, Reference>> {
  const found = new Map<string, Reference>()
  const program = spawn(options.python, [fileURLToPath(new URL('reference-parser.py', import.meta.url))], { stdio: ['pipe', 'pipe', 'inherit'] })
  const started = await new Promise<boolean>((resolve) => program.once('spawn', () => resolve(true)).once('error', () => resolve(false)))
  if (!started) {
    console.error(`${options.python} is not there: the messages are parsed, but not compared.`)
    return found
  }
  program.stdin.end(all.map((path) => `${path}\n`).join(''))
  for await (const line of createInterface({ input: program.stdout })) {
    const reference = JSON.parse(line) as Reference & { path: string }
    found.set(reference.path, reference)
  }
  return found
}

function note(name: string, path: string, detail: string): void {
  const known = byClass.get(name) ?? { count: 0, fields: 0, examples: [] }
  byClass.set(name, { count: known.count + 1, fields: known.fields + 1, examples: [...known.examples, `${path}\n      ${detail}`] })
}

function report(): void {
  const classes = [...byClass].map(([name, { count, examples }]) => ({ name, count, examples })).sort((one, other) => other.count - one.count)
  if (options.json) console.log(JSON.stringify({ messages: paths.length, compared, crashes, tooSlow, slowest, classes }, null, 2))
  else {
    console.log(`${paths.length} messages, ${compared} compared, ${crashes.length} crashes, ${tooSlow.length} over ${limitMs} ms, slowest ${slowest.ms.toFixed(1)} ms (${slowest.path})`)
    for (const { name, count, examples } of classes) {
      console.log(`${String(count).padStart(5)}  ${name}`)
      if (options.show !== undefined && name.includes(options.show)) for (const example of examples) console.log(`    ${example}`)
    }
    for (const crash of crashes) console.log(`CRASH ${crash}`)
  }
  process.exitCode = crashes.length + tooSlow.length > 0 ? 1 : 0
}
