/** How the answer to a command looks: a +OK may be followed by lines up to a lone dot (RFC 1939 section 3). `limit` in bytes. */
export type ResponseShape = { multiline: boolean; limit: number }

/**
 * One answer. `body` holds the lines byte for byte with their last CRLF, dots unstuffed, in memory of its own; null for a single
 * line. `size` counts all its bytes: it exceeds `body.length` when the body was longer than the limit and the rest was let go.
 */
export type Pop3Response = { ok: boolean; text: string; body: Buffer | null; size: number }

/** Longest status line accepted; RFC 2449 allows 512 octets. */
const longestLine = 8_192

/**
 * Reads answers from bytes however they are cut. `nextShape` is asked at the start of each answer; `onResponse` gets them in order.
 * `push` throws RangeError when a line has no end.
 */
export const createResponseReader = (nextShape: () => ResponseShape, onResponse: (response: Pop3Response) => void): { push(chunk: Buffer): void } => {
  let line = Buffer.alloc(0)
  let body: BodyReader | null = null

  const readLine = (chunk: Buffer): Buffer => {
    const end = chunk.indexOf(0x0a)
    line = Buffer.concat([line, end === -1 ? chunk : chunk.subarray(0, end + 1)])
    if (line.length > longestLine) throw new RangeError(line.toString('latin1', 0, 80))
    if (end === -1) return noBytes
    const text = line.toString('utf8').replace(/\r?\n$/, '')
    line = Buffer.alloc(0)
    const ok = /^\+OK\b/i.test(text)
    const shape = nextShape()
    if (ok && shape.multiline) body = createBodyReader(shape.limit, (bytes, size) => onResponse({ ok, text, body: bytes, size }))
    else onResponse({ ok, text, body: null, size: 0 })
    return chunk.subarray(end + 1)
  }

  return {
    push(chunk) {
      let rest = chunk
      while (rest.length > 0) {
        if (body === null) { rest = readLine(rest); continue }
        const after = body.push(rest)
        if (after === null) return
        body = null
        rest = after
      }
    }
  }
}

const noBytes = Buffer.alloc(0)
const terminator = Buffer.from('\r\n.\r\n')

/** `push` returns what follows the terminator, or null while it has not come. */
type BodyReader = { push(chunk: Buffer): Buffer | null }

function createBodyReader(limit: number, onEnd: (body: Buffer, size: number) => void): BodyReader {
  const kept: Buffer[] = []
  let keptBytes = 0
  let size = 0
  // The status line ended in CRLF, so that a dot right after it ends an empty body.
  let tail = Buffer.from('\r\n')

  const keep = (bytes: Buffer): void => {
    size += bytes.length
    const room = limit - keptBytes
    if (room <= 0) return
    const part = bytes.length > room ? bytes.subarray(0, room) : bytes
    kept.push(part)
    keptBytes += part.length
  }
  const end = (): void => {
    const whole = Buffer.allocUnsafeSlow(keptBytes)
    let at = 0
    for (const part of kept) at += part.copy(whole, at)
    // The dot and CRLF of the terminator are not part of the body.
    const truncated = size > keptBytes
    const bytes = unstuffDots(truncated ? whole : whole.subarray(0, Math.max(0, keptBytes - 3)))
    onEnd(bytes, truncated ? size - 3 : bytes.length)
  }

  return {
    push(chunk) {
      const ends = endOfBody(tail, chunk)
      keep(ends === -1 ? chunk : chunk.subarray(0, ends))
      if (ends !== -1) { end(); return chunk.subarray(ends) }
      tail = Buffer.concat([tail, chunk.subarray(-4)]).subarray(-4)
      return null
    }
  }
}

/** Where in `chunk` the terminator ends that may have begun in `tail`; -1 when it does not end here. */
function endOfBody(tail: Buffer, chunk: Buffer): number {
  const seam = Buffer.concat([tail, chunk.subarray(0, 4)]).indexOf(terminator)
  if (seam !== -1) return seam + terminator.length - tail.length
  const inside = chunk.indexOf(terminator)
  return inside === -1 ? -1 : inside + terminator.length
}

const stuffed = Buffer.from('\r\n.')

/** Takes the first dot off every line that begins with one, in place. */
function unstuffDots(bytes: Buffer): Buffer {
  let from = bytes[0] === 0x2e ? 1 : 0
  let to = 0
  let search = from
  for (;;) {
    const found = bytes.indexOf(stuffed, search)
    const end = found === -1 ? bytes.length : found + 2
    if (to !== from) bytes.copyWithin(to, from, end)
    to += end - from
    if (found === -1) return bytes.subarray(0, to)
    from = end + 1
    search = from
  }
}
