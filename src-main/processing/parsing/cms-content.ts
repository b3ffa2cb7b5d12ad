import { inflateSync } from 'node:zlib'

/** What an S/MIME body is: its content where it can be read, otherwise that it is encrypted. */
export type Cms = { kind: 'signed' | 'compressed'; content: Buffer } | { kind: 'encrypted' }
type Element = { tag: number; constructed: boolean; start: number; end: number; indefinite: boolean }

const deepest = 30
const mostElements = 100_000
const largestContent = 100_000_000
/** Object identifiers as their bytes in hex: RFC 5652 4 to 6, RFC 5083, RFC 3274. */
const types: Record<string, 'data' | 'signed' | 'encrypted' | 'compressed'> = {
  '2a864886f70d010701': 'data', '2a864886f70d010702': 'signed', '2a864886f70d010703': 'encrypted', '2a864886f70d010704': 'encrypted', '2a864886f70d010706': 'encrypted',
  '2a864886f70d0109100117': 'encrypted', '2a864886f70d0109100109': 'compressed'
}

/**
 * Reads the content of an S/MIME body (RFC 8551 3): the octets that were signed or compressed. Signatures are not checked. DER and
 * BER with indefinite lengths and octet strings in pieces are read. null: no such body, damaged, or a signature without content.
 */
export function readCms(bytes: Buffer): Cms | null {
  const walk = { bytes, left: mostElements }
  const outer = elementAt(walk, 0, bytes.length)
  if (outer === null || outer.tag !== 0x30) return null
  const [type, explicit] = childrenOf(walk, outer)
  const kind = kindOf(bytes, type)
  if (kind === 'encrypted') return { kind }
  const inner = explicit === undefined ? undefined : childrenOf(walk, explicit)[0]
  if (inner === undefined || (kind !== 'signed' && kind !== 'compressed')) return null
  // SignedData: version, digestAlgorithms, encapContentInfo. CompressedData: version, compressionAlgorithm, encapContentInfo.
  const encapsulated = childrenOf(walk, inner)[2]
  const wrapped = encapsulated === undefined ? undefined : childrenOf(walk, encapsulated)[1]
  const octets = wrapped === undefined ? undefined : childrenOf(walk, wrapped)[0]
  const content = octets === undefined ? null : octetsOf(walk, octets, 0)
  if (content === null || content.length === 0) return null
  return kind === 'signed' ? { kind, content } : inflated(content)
}

type Walk = { bytes: Buffer; left: number }

function kindOf(bytes: Buffer, type: Element | undefined): string | undefined {
  const name = type?.tag === 0x06 ? bytes.toString('hex', type.start, type.end) : ''
  return Object.hasOwn(types, name) ? types[name] : undefined
}

function inflated(content: Buffer): Cms | null {
  try {
    return { kind: 'compressed', content: inflateSync(content, { maxOutputLength: largestContent }) }
  } catch (error) {
    if (error instanceof Error) return null
    throw error
  }
}

/** Octets of a string, put together where it comes in pieces (X.690 8.7). */
function octetsOf(walk: Walk, element: Element, depth: number): Buffer | null {
  if (!element.constructed) return walk.bytes.subarray(element.start, element.end)
  if (depth > 3) return null
  const pieces = childrenOf(walk, element).map((child) => octetsOf(walk, child, depth + 1))
  return pieces.includes(null) ? null : Buffer.concat(pieces as Buffer[])
}

/** The elements within one; those beyond a damaged one are left out. */
function childrenOf(walk: Walk, parent: Element): Element[] {
  const children: Element[] = []
  let at = parent.start
  while (parent.constructed && at < parent.end) {
    const child = elementAt(walk, at, parent.end)
    if (child === null || child.tag === 0) break
    children.push(child)
    at = child.end + (child.indefinite ? 2 : 0)
  }
  return children
}

/** The element at `at` (X.690 8.1); null where there is none within `end`. */
function elementAt(walk: Walk, at: number, end: number, depth = 0): Element | null {
  const { bytes } = walk
  if (walk.left-- <= 0 || at + 2 > end || depth > deepest) return null
  const tag = bytes[at] as number
  const constructed = (tag & 0x20) !== 0
  const first = bytes[at + 1] as number
  if (first === 0x80) return constructed ? indefiniteAt(walk, { tag, start: at + 2, end, depth }) : null
  const count = first < 0x80 ? 0 : first - 0x80
  if (count > 5 || at + 2 + count > end) return null
  const start = at + 2 + count
  const length = count === 0 ? first : bytes.readUIntBE(at + 2, count)
  // A body that was cut off still has its beginning.
  return { tag, constructed, start, end: Math.min(end, start + length), indefinite: false }
}

function indefiniteAt(walk: Walk, { tag, start, end, depth }: { tag: number; start: number; end: number; depth: number }): Element {
  let at = start
  while (at < end) {
    const child = elementAt(walk, at, end, depth + 1)
    if (child === null || child.tag === 0) break
    at = child.end + (child.indefinite ? 2 : 0)
  }
  return { tag, constructed: true, start, end: Math.min(at, end), indefinite: true }
}
