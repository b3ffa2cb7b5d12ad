/** A property of MAPI as it lies in the bytes: a number for short fixed types, the bytes [start, end) for everything. */
export type MapiProperty = { id: number; type: number; start: number; end: number }

const most = 5_000
/** Lengths of the fixed types by their code, as stored (MS-OXCDATA 2.11.1; short ones are filled up to four bytes). */
const fixed: Record<number, number> = { 0x02: 4, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0a: 4, 0x0b: 4, 0x14: 8, 0x40: 8, 0x48: 16 }
/** String8, Unicode, Object, Binary. */
const variable = new Set([0x1e, 0x1f, 0x0d, 0x102])
const padded = (length: number): number => (length + 3) & ~3

/** The properties encapsulated at [start, end) (MS-OXTNEF 2.1.3.4), up to the first that is damaged; of several values only the first. */
export function readMapiProperties(bytes: Buffer, start: number, end: number): MapiProperty[] {
  const properties: MapiProperty[] = []
  if (start + 4 > end) return properties
  const count = Math.min(bytes.readUInt32LE(start), most)
  let at = start + 4
  while (properties.length < count && at + 4 <= end) {
    const written = bytes.readUInt16LE(at)
    const id = bytes.readUInt16LE(at + 2)
    const named = afterName(bytes, at + 4, end, id)
    const value = named === null ? null : valueAt(bytes, named, end, written)
    if (value === null) break
    properties.push({ id, type: written & 0x0fff, start: value.start, end: value.end })
    at = value.next
  }
  return properties
}

/** Ids from 0x8000 on are followed by a GUID and a number or a name. */
function afterName(bytes: Buffer, at: number, end: number, id: number): number | null {
  if (id < 0x8000) return at
  if (at + 24 > end) return null
  const isName = bytes.readUInt32LE(at + 16) === 1
  return isName ? at + 24 + padded(bytes.readUInt32LE(at + 20)) : at + 24
}

function valueAt(bytes: Buffer, from: number, end: number, written: number): { start: number; end: number; next: number } | null {
  const type = written & 0x0fff
  const size = fixed[type]
  const several = (written & 0x1000) !== 0
  if (size !== undefined) {
    if (from + 4 > end) return null
    const values = several ? bytes.readUInt32LE(from) : 1
    const start = several ? from + 4 : from
    const next = start + size * values
    return next > end ? null : { start, end: Math.min(start + size, next), next }
  }
  return variable.has(type) ? variableAt(bytes, from, end) : null
}

function variableAt(bytes: Buffer, from: number, end: number): { start: number; end: number; next: number } | null {
  if (from + 4 > end) return null
  const values = bytes.readUInt32LE(from)
  let at = from + 4
  let first: { start: number; end: number } | null = null
  for (let value = 0; value < values; value++) {
    if (at + 4 > end || value > most) return null
    const length = bytes.readUInt32LE(at)
    if (at + 4 + length > end) return null
    first ??= { start: at + 4, end: at + 4 + length }
    // The last value of the last property is not always filled up.
    at = Math.min(at + 4 + padded(length), end)
  }
  return { ...(first ?? { start: at, end: at }), next: at }
}
