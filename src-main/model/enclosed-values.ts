/** A `name=value` between two delimiters: where it lies in the text, delimiters included, and whether its name is one that counts. */
export type Enclosed = { name: string; value: string; known: boolean; start: number; end: number }

const mostPairs = 1000
const longestName = 160
const longestValue = 4000

/**
 * Finds `name=value` between delimiters, in order; the value begins at the first `=`. Spaces around both do not count. A value may be
 * wrapped over lines and comes as one line, but a blank line, or a delimiter that begins a line, is not its end: it was left open. The
 * closing delimiter of a name that does not count may open the next, so that a price in the text (`$5 = 4 €`) hides nothing. Takes
 * time in proportion to the text; at most 1000 pairs are found.
 */
export function enclosedValues(text: string, delimiter: string, isKnown: (name: string) => boolean): { pairs: Enclosed[]; open: string[] } {
  const pairs: Enclosed[] = []
  const open: string[] = []
  let start = text.indexOf(delimiter)
  while (start >= 0 && pairs.length + open.length < mostPairs) {
    const from = start + delimiter.length
    const close = text.indexOf(delimiter, from)
    const name = nameAt(text, from, close < 0 ? text.length : close)
    const known = name !== null && isKnown(name)
    const value = name === null || close < 0 ? null : valueIn(text.slice(text.indexOf('=', from) + 1, close))
    if (name !== null && value !== null) pairs.push({ name, value, known, start, end: close + delimiter.length })
    else if (name !== null && known) open.push(name)
    start = close < 0 ? -1 : known && value !== null ? text.indexOf(delimiter, close + delimiter.length) : close
  }
  return { pairs, open }
}

function nameAt(text: string, from: number, to: number): string | null {
  const head = text.slice(from, Math.min(to, from + longestName))
  const equals = head.indexOf('=')
  const name = equals < 0 ? '' : head.slice(0, equals)
  return name.trim() === '' || /[\r\n]/.test(name) ? null : name.trim()
}

function valueIn(raw: string): string | null {
  if (raw.length > longestValue) return null
  const lines = raw.split(/\r\n|\r|\n/).map((line) => line.trim())
  const isLeftOpen = lines.length > 1 && lines.slice(1).includes('')
  return isLeftOpen ? null : lines.join(' ').replace(/\p{Cc}/gu, ' ').trim()
}
