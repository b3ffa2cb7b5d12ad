/** What follows DATA (RFC 5321 4.5.2): each line ends with CRLF, a dot at its beginning is doubled, and the last line is a dot alone, which comes apart from the rest. */
export function messageData(raw: Buffer): { lines: Buffer; end: Buffer } {
  const clean = hasBareEnds(raw) ? Buffer.from(raw.toString('latin1').replace(/\r\n|\r|\n/g, '\r\n'), 'latin1') : raw
  const stuffed = withDoubledDots(clean)
  const isEnded = stuffed.length === 0 || (stuffed.at(-1) === lineFeed && stuffed.at(-2) === carriageReturn)
  return { lines: stuffed, end: Buffer.from(isEnded ? '.\r\n' : '\r\n.\r\n', 'latin1') }
}

const lineFeed = 0x0a
const carriageReturn = 0x0d
const dot = 0x2e
const lineThatBeginsWithDot = Buffer.from('\n.', 'latin1')

/** A line feed or a carriage return that stands alone: some servers take it for the end of a line, and so for the end of a message (RFC 5321 2.3.8). */
function hasBareEnds(raw: Buffer): boolean {
  for (let at = raw.indexOf(lineFeed); at >= 0; at = raw.indexOf(lineFeed, at + 1)) if (raw[at - 1] !== carriageReturn) return true
  for (let at = raw.indexOf(carriageReturn); at >= 0; at = raw.indexOf(carriageReturn, at + 1)) if (raw[at + 1] !== lineFeed) return true
  return false
}

function withDoubledDots(raw: Buffer): Buffer {
  const pieces: Buffer[] = []
  if (raw[0] === dot) pieces.push(Buffer.from('.', 'latin1'))
  let from = 0
  for (let at = raw.indexOf(lineThatBeginsWithDot); at >= 0; at = raw.indexOf(lineThatBeginsWithDot, at + 1)) {
    pieces.push(raw.subarray(from, at + 2))
    from = at + 1
  }
  if (pieces.length === 0) return raw
  pieces.push(raw.subarray(from))
  return Buffer.concat(pieces)
}
