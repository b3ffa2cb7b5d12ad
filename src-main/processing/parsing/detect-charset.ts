import { TextDecoder } from 'node:util'

/** How many bytes with the high bit set are looked at. */
const sample = 3_000
/** Letters that every text of the language is full of. */
const frequent = {
  japanese: /[\u3041-\u3093\u30a1-\u30f6ー、。]/g,
  korean: /[이다는을의가에하고지한기로은를니세요사자도어안시서합그나리인라으해습대정수있아들]/g,
  simplified: /[的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运请您谢]/g,
  traditional: /[的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作裡用道行所然家種事成方多經麼去法學如都同現當沒動面起看定天分還進好小部其些主樣理心本前開但因只從想實日軍者意無力它與長把機請您謝機印表問題電腦]/g,
  cyrillic: /[оеаинтсрвлкмдпуя]/g,
  greek: /[αοιετσνηυρπκμλςάίόέ]/g
}
type Candidate = { charset: string; letters: RegExp; least: number; single: boolean }
const decoders = new Map<string, TextDecoder>()
const candidates: readonly Candidate[] = [
  { charset: 'euc-jp', letters: frequent.japanese, least: 0.25, single: false },
  { charset: 'shift_jis', letters: frequent.japanese, least: 0.25, single: false },
  { charset: 'euc-kr', letters: frequent.korean, least: 0.25, single: false },
  { charset: 'gb18030', letters: frequent.simplified, least: 0.2, single: false },
  { charset: 'big5', letters: frequent.traditional, least: 0.2, single: false },
  { charset: 'windows-1251', letters: frequent.cyrillic, least: 0.5, single: true },
  { charset: 'koi8-r', letters: frequent.cyrillic, least: 0.5, single: true },
  { charset: 'iso-8859-5', letters: frequent.cyrillic, least: 0.5, single: true },
  { charset: 'ibm866', letters: frequent.cyrillic, least: 0.5, single: true },
  { charset: 'windows-1253', letters: frequent.greek, least: 0.5, single: true }
]

/**
 * The charset of 8-bit text that names none and is no UTF-8, by its most frequent letters: Japanese, Korean, Chinese, Russian, Greek;
 * windows-1252 where nothing speaks for another. Only words without plain letters count, for Western ones mix the two.
 */
export function detectCharset(bytes: Buffer): string {
  const runs = highRuns(bytes)
  if (runs.length < 6) return 'windows-1252'
  // Cyrillic and Greek words consist of high bytes alone.
  const whole = runs.filter((byte) => byte >= 128).length * 4 >= runs.length * 3
  let best = { charset: 'windows-1252', score: 0 }
  for (const { charset, letters, least, single } of candidates) {
    if (single && !whole) continue
    const score = scoreOf(runs, charset, letters, single)
    if (score >= least && score > best.score) best = { charset, score }
  }
  return best.charset
}

/** The stretches of bytes that begin with a high one and hold no plain letter alone; empty where single high bytes stand between plain letters. */
function highRuns(bytes: Buffer): Buffer {
  const kept: number[] = []
  let high = 0
  let alone = 0
  for (let index = 0; index < bytes.length && kept.length < sample; index++) {
    const byte = bytes[index] as number
    const follows = index > 0 && (bytes[index - 1] as number) >= 128
    if (byte >= 128) {
      high++
      if (!follows && (bytes[index + 1] ?? 0) < 128 && isLetter(bytes[index - 1]) && (bytes[index - 2] ?? 0) < 128 && isLetter(bytes[index + 1])) alone++
    }
    if (byte >= 128 || follows) kept.push(byte)
  }
  return alone * 3 > high ? Buffer.alloc(0) : Buffer.from(kept)
}

const isLetter = (byte: number | undefined): boolean => byte !== undefined && ((byte >= 97 && byte <= 122) || (byte >= 65 && byte <= 90))

/** Share of the frequent letters among those that are not ASCII; what cannot be decoded counts against it. */
function scoreOf(bytes: Buffer, charset: string, letters: RegExp, single: boolean): number {
  const decoder = decoders.get(charset) ?? new TextDecoder(charset)
  decoders.set(charset, decoder)
  const text = decoder.decode(bytes)
  const foreign = text.replace(/[\x00-\x7f]+/g, '')
  if (foreign.length === 0) return 0
  const wrong = foreign.match(/[\uFFFD\u0080-\u009f\ue000-\uf8ff]/g)?.length ?? 0
  const odd = single ? (foreign.match(/\p{Ll}\p{Lu}|[\u2500-\u259f]/gu)?.length ?? 0) : 0
  return ((foreign.match(letters)?.length ?? 0) - 3 * wrong - 2 * odd) / foreign.length
}
