/** A winmail.dat as Outlook sends it to who does not have Outlook: one file in the format of MS-OXTNEF 2.1. */
export const packWinmail = ({ name, text }: { name: string; text: string }): Buffer => {
  const head = Buffer.alloc(6)
  head.writeUInt32LE(0x223e9f78, 0)
  head.writeUInt16LE(1, 4)
  const codePage = Buffer.alloc(8)
  codePage.writeUInt32LE(65_001, 0)
  return Buffer.concat([
    head, attribute(1, attOemCodepage, codePage), attribute(2, attAttachRenddata, Buffer.alloc(14)), attribute(2, attAttachTitle, Buffer.from(`${name}\0`)), attribute(2, attAttachData, Buffer.from(text))
  ])
}

const attOemCodepage = 0x00069007
const attAttachRenddata = 0x00069002
const attAttachTitle = 0x00018010
const attAttachData = 0x0006800f

/** Level 1 is of the message, 2 of the attachment; a sum of all bytes ends it. */
function attribute(level: 1 | 2, id: number, data: Buffer): Buffer {
  const [before, after] = [Buffer.alloc(9), Buffer.alloc(2)]
  before.writeUInt8(level, 0)
  before.writeUInt32LE(id, 1)
  before.writeUInt32LE(data.length, 5)
  after.writeUInt16LE(data.reduce((sum, byte) => (sum + byte) & 0xffff, 0), 0)
  return Buffer.concat([before, data, after])
}
