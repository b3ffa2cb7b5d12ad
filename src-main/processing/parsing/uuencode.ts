/** A uuencoded file in a text: bytes [start, end) from its `begin` line to the end of its `end` line. */
export type UuencodedFile = { name: string; start: number; end: number }

const most = 200
const longestLine = 120
const beginLine = /^begin [0-7]{3,6} ([^\r\n]{1,255})/
/** A line says by its first letter how many bytes it holds; an empty one ends the file (POSIX uuencode). */
const dataLine = /^[\x20-\x60][\x20-\x60]*$/

/**
 * Files between `begin 644 name` and `end` lines, as mail had them before MIME (POSIX, uuencode: historical algorithm). Only those
 * whose every line has the length it says are found, so that a text that mentions `begin 644 x` stays a text.
 */
export function findUuencoded(bytes: Buffer): UuencodedFile[] {
  const found: UuencodedFile[] = []
  let at = 0
  while (found.length < most) {
    const begin = nextBegin(bytes, at)
    if (begin === -1) break
    const file = fileAt(bytes, begin)
    if (file !== null) found.push(file)
    at = file?.end ?? begin + 6
  }
  return found
}

/** Decodes what lies between the `begin` and `end` lines; without a `begin` line all lines are taken as data. */
export function decodeUuencoded(bytes: Buffer): Buffer {
  const lines: Buffer[] = []
  let at = 0
  while (at < bytes.length) {
    const { end, next } = lineAt(bytes, at)
    const isFrame = bytes.toString('latin1', at, Math.min(end, at + 6)) === 'begin ' || (end - at === 3 && bytes.toString('latin1', at, end) === 'end')
    if (!isFrame && end > at && end - at < longestLine) lines.push(decodeLine(bytes, at, end))
    at = next
  }
  return Buffer.concat(lines)
}

/** A letter that is missing at the end counts as a space: transports take those away. */
function decodeLine(bytes: Buffer, at: number, end: number): Buffer {
  const value = (index: number): number => ((index < end ? (bytes[index] as number) : 32) - 32) & 63
  const out = Buffer.allocUnsafe(value(at))
  for (let index = at + 1, length = 0; length < out.length; index += 4) {
    const group = (value(index) << 18) | (value(index + 1) << 12) | (value(index + 2) << 6) | value(index + 3)
    for (let shift = 16; shift >= 0 && length < out.length; shift -= 8) out[length++] = (group >> shift) & 255
  }
  return out
}

function nextBegin(bytes: Buffer, from: number): number {
  let at = bytes.indexOf('begin ', from, 'latin1')
  while (at > 0 && bytes[at - 1] !== 10) at = bytes.indexOf('begin ', at + 6, 'latin1')
  return at
}

function fileAt(bytes: Buffer, begin: number): UuencodedFile | null {
  const first = lineAt(bytes, begin)
  const name = beginLine.exec(bytes.toString('latin1', begin, Math.min(first.end, begin + 300)))?.[1]?.trim() ?? ''
  if (name === '') return null
  let at = first.next
  let lines = 0
  while (at < bytes.length) {
    const { end, next } = lineAt(bytes, at)
    if (end - at > longestLine) return null
    const line = bytes.toString('latin1', at, end)
    if (line === 'end') return lines === 0 ? null : { name, start: begin, end: next }
    if (line.trim() !== '' && !isData(line)) return null
    if (line.trim() !== '') lines++
    at = next
  }
  return null
}

/** A data line has four letters for each three bytes; encoders differ in one letter at its end, and transports take spaces away. */
function isData(line: string): boolean {
  if (!dataLine.test(line)) return false
  const wanted = Math.ceil((((line.charCodeAt(0) - 32) & 63) * 4) / 3)
  const there = line.length - 1
  return there <= Math.ceil(wanted / 4) * 4 + 2 && (there >= wanted || wanted - there < 4 || !/^M/.test(line))
}

function lineAt(bytes: Buffer, at: number): { end: number; next: number } {
  const feed = bytes.indexOf(10, at)
  const stop = feed === -1 ? bytes.length : feed
  let end = stop
  while (end > at && bytes[end - 1] === 13) end--
  return { end, next: Math.min(stop + 1, bytes.length) }
}
