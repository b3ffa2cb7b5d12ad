type File = { name: string; data: Buffer; longName?: string; contentId?: string }

const uint = (value: number, bytes: 2 | 4): Buffer => {
  const out = Buffer.alloc(bytes)
  if (bytes === 2) out.writeUInt16LE(value)
  else out.writeUInt32LE(value)
  return out
}
const checksum = (data: Buffer): Buffer => uint(data.reduce((sum, byte) => (sum + byte) & 0xffff, 0), 2)
const attribute = (level: 1 | 2, id: number, data: Buffer): Buffer => Buffer.concat([Buffer.from([level]), uint(id, 4), uint(data.length, 4), data, checksum(data)])
const filled = (data: Buffer): Buffer => Buffer.concat([uint(data.length, 4), data, Buffer.alloc(-data.length & 3)])
const property = (type: number, id: number, data: Buffer): Buffer => Buffer.concat([uint(type, 2), uint(id, 2), uint(1, 4), filled(data)])
const properties = (all: readonly Buffer[]): Buffer => Buffer.concat([uint(all.length, 4), ...all])
const unicode = (id: number, text: string): Buffer => property(0x1f, id, Buffer.from(`${text}\0`, 'utf16le'))

/** A winmail.dat as Outlook writes it (MS-OXTNEF): files, and a text as plain text, HTML or compressed RTF. */
export function buildTnef({ files = [], text, html, rtf }: { files?: File[]; text?: string; html?: string; rtf?: Buffer }): Buffer {
  const body = [...(text === undefined ? [] : [unicode(0x1000, text)]), ...(html === undefined ? [] : [property(0x102, 0x1013, Buffer.from(html))]), ...(rtf === undefined ? [] : [property(0x102, 0x1009, rtf)])]
  const parts = files.flatMap(({ name, data, longName, contentId }) => [
    attribute(2, 0x00069002, Buffer.alloc(14)), attribute(2, 0x00018010, Buffer.from(`${name}\0`, 'latin1')), attribute(2, 0x0006800f, data),
    attribute(2, 0x00069005, properties([unicode(0x3707, longName ?? name), ...(contentId === undefined ? [] : [unicode(0x3712, contentId)])]))
  ])
  return Buffer.concat([uint(0x223e9f78, 4), uint(1, 2), attribute(1, 0x00069007, Buffer.concat([uint(65001, 4), uint(0, 4)])), attribute(1, 0x00069003, properties(body)), ...parts])
}

/** RTF in the form of MS-OXRTFCP, not compressed. */
export const plainRtf = (rtf: string): Buffer => Buffer.concat([uint(rtf.length + 12, 4), uint(rtf.length, 4), uint(0x414c454d, 4), uint(0, 4), Buffer.from(rtf, 'latin1')])
