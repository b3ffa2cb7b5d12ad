/** What the dictionary holds before the first byte (MS-OXRTFCP 2.1.2.1). */
const beginning =
  '{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx'
const compressed = 0x75465a4c
const uncompressed = 0x414c454d
const longest = 20_000_000

/** RTF as Outlook keeps it, decompressed (MS-OXRTFCP); null where it is not in that form. What is cut off is left out. */
export function decompressRtf(bytes: Buffer): Buffer | null {
  if (bytes.length < 16) return null
  const size = Math.min(bytes.readUInt32LE(4), longest)
  const kind = bytes.readUInt32LE(8)
  if (kind === uncompressed) return bytes.subarray(16, 16 + size)
  return kind === compressed ? unpack(bytes, size) : null
}

function unpack(bytes: Buffer, size: number): Buffer {
  const dictionary = Buffer.alloc(4096, 0x20)
  let write = dictionary.write(beginning, 'latin1')
  // A run of references gives nine bytes for each byte at most.
  const out = Buffer.allocUnsafe(Math.min(size, bytes.length * 9))
  let length = 0
  let at = 16
  const put = (byte: number): void => {
    out[length++] = byte
    dictionary[write] = byte
    write = (write + 1) & 4095
  }
  while (at < bytes.length && length < out.length) {
    const control = bytes[at++] as number
    for (let bit = 0; bit < 8 && length < out.length; bit++) {
      if ((control & (1 << bit)) === 0) {
        if (at >= bytes.length) return out.subarray(0, length)
        put(bytes[at++] as number)
        continue
      }
      if (at + 1 >= bytes.length) return out.subarray(0, length)
      const reference = bytes.readUInt16BE(at)
      at += 2
      const from = reference >> 4
      // A reference to where is written next ends the stream.
      if (from === write) return out.subarray(0, length)
      for (let step = 0; step < (reference & 15) + 2 && length < out.length; step++) put(dictionary[(from + step) & 4095] as number)
    }
  }
  return out.subarray(0, length)
}
