import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** A text that must be nowhere, by what it is. */
export type Canaries = Readonly<Record<string, string>>

/** Every way in which a text may lie in bytes: as it is, JSON, percent, hex, UTF-16 both ways, base64 and base64url at the three offsets. */
export function formsOf(text: string): Buffer[] {
  const bytes = Buffer.from(text)
  const utf16 = Buffer.from(text, 'utf16le')
  const percent = [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
  const asText = [text, JSON.stringify(text).slice(1, -1), encodeURIComponent(text), percent, percent.toUpperCase(), bytes.toString('hex'), bytes.toString('hex').toUpperCase(), ...[bytes, utf16].flatMap(base64Of)]
  return [...new Set(asText)].map((form) => Buffer.from(form)).concat(utf16, Buffer.from(utf16).swap16())
}

/** The middle of the base64 at each offset: what does not depend on the bytes around it. */
function base64Of(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64')
    const sure = text.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6))
    return [sure, sure.replaceAll('+', '-').replaceAll('/', '_')]
  })
}

/** The names of the canaries that are in these bytes. */
export function canariesIn(bytes: Buffer | string, canaries: Canaries): string[] {
  const haystack = typeof bytes === 'string' ? Buffer.from(bytes) : bytes
  return Object.entries(canaries).flatMap(([name, text]) => (formsOf(text).some((form) => haystack.includes(form)) ? [name] : []))
}

/** `file: canary` for each file below a folder that holds one. */
export function canariesBelow(folder: string, canaries: Canaries): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true }).map(String).sort().flatMap((name) => {
    const file = join(folder, name)
    if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) return []
    return canariesIn(readFileSync(file), canaries).map((found) => `${name}: ${found}`)
  })
}
