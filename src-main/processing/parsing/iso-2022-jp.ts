import { TextDecoder } from 'node:util'

const eucJapanese = new TextDecoder('euc-jp')
const simplified = new TextDecoder('gbk')
const korean = new TextDecoder('euc-kr')
const singleShift = new TextDecoder('iso-8859-7')

type Set = 'ascii' | 'kana' | 'jis' | 'jis-212' | 'gb' | 'ks'
/** RFC 1468 and 1554 (ISO-2022-JP-2), and the escape sequences of JIS X 0213 for which JIS X 0208 stands in. */
const sets: Record<string, Set> = { '(B': 'ascii', '(J': 'ascii', '(I': 'kana', '$@': 'jis', '$B': 'jis', '$(B': 'jis', '$(D': 'jis-212', '$(O': 'jis', '$(Q': 'jis', '$(P': 'jis', $A: 'gb', '$(A': 'gb', '$(C': 'ks' }

/** Text of ISO-2022-JP with the further sets of its extensions (RFC 2237, RFC 1554), which the platform's decoder leaves out. */
export function decodeIso2022Jp(bytes: Buffer): string {
  const text = bytes.toString('latin1')
  let out = ''
  let set: Set = 'ascii'
  let greek = false
  let at = 0
  for (const found of text.matchAll(/\x1b(\$\([A-DO-Q]|\$[@AB]|\([BIJ]|\.[AF]|N([^\x1b]))/g)) {
    out += decodePiece(text.slice(at, found.index), set)
    at = found.index + found[0].length
    const code = found[1] as string
    if (code.startsWith('.')) greek = code === '.F'
    else if (found[2] !== undefined) out += greek ? singleShift.decode(Buffer.of(found[2].charCodeAt(0) | 128)) : String.fromCharCode(found[2].charCodeAt(0) | 128)
    else set = sets[code] ?? 'ascii'
  }
  return out + decodePiece(text.slice(at), set)
}

function decodePiece(piece: string, set: Set): string {
  if (set === 'ascii' || piece === '') return piece
  // The end of a line ends a set too.
  return piece.replace(/[\x21-\x7e]+/g, (letters) => {
    const high = Buffer.from(letters, 'latin1').map((byte) => byte | 128)
    if (set === 'gb') return simplified.decode(high)
    if (set === 'ks') return korean.decode(high)
    if (set === 'jis') return eucJapanese.decode(high)
    const mark = set === 'kana' ? 0x8e : 0x8f
    const width = set === 'kana' ? 1 : 2
    return eucJapanese.decode(Buffer.from(Array.from({ length: Math.ceil(high.length / width) }, (_, index) => [mark, ...high.subarray(index * width, (index + 1) * width)]).flat()))
  })
}
