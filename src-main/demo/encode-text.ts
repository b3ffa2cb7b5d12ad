/** Text as bytes of a charset that TextDecoder knows; a character that the charset lacks becomes `?`. Node has no encoder but for UTF-8. */
export const encodeText = (text: string, charset: string): Buffer => {
  const name = charset.toLowerCase()
  if (name === 'utf-8' || name === 'us-ascii') return Buffer.from(text, 'utf8')
  if (name === 'iso-2022-jp') return encodeIso2022Jp(text)
  const table = tableOf(name)
  const bytes: number[] = []
  for (const character of text) bytes.push(...(table.get(character) ?? [0x3f]))
  return Buffer.from(bytes)
}

type CharsetTable = Map<string, readonly number[]>
const tables = new Map<string, CharsetTable>()
const twoByteCharsets = new Set(['gb18030', 'gbk', 'gb2312', 'euc-jp', 'shift_jis', 'big5', 'euc-kr'])

function tableOf(charset: string): CharsetTable {
  const known = tables.get(charset)
  if (known !== undefined) return known
  const table = invertDecoder(charset)
  tables.set(charset, table)
  return table
}

function invertDecoder(charset: string): CharsetTable {
  const decoder = new TextDecoder(charset)
  const table: CharsetTable = new Map()
  const note = (bytes: number[]): void => {
    const character = decoder.decode(Uint8Array.from(bytes))
    if ([...character].length === 1 && character !== '\ufffd' && !table.has(character)) table.set(character, bytes)
  }
  for (let byte = 0; byte < 256; byte++) note([byte])
  if (twoByteCharsets.has(charset)) for (let lead = 0x81; lead < 0xff; lead++) for (let trail = 0x40; trail < 0xff; trail++) note([lead, trail])
  return table
}

/** RFC 1468: JIS X 0208 is EUC-JP without the high bits, between ESC $ B and ESC ( B; every line ends in ASCII. */
function encodeIso2022Jp(text: string): Buffer {
  const euc = tableOf('euc-jp')
  const bytes: number[] = []
  let wide = false
  const shift = (to: boolean): void => {
    if (to !== wide) bytes.push(...(to ? [0x1b, 0x24, 0x42] : [0x1b, 0x28, 0x42]))
    wide = to
  }
  for (const character of text) {
    const pair = character < '\u0080' ? undefined : euc.get(character)
    shift(pair?.length === 2)
    if (pair?.length === 2) bytes.push(...pair.map((byte) => byte & 0x7f))
    else bytes.push(character < '\u0080' ? character.charCodeAt(0) : 0x3f)
  }
  shift(false)
  return Buffer.from(bytes)
}
