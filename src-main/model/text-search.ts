/** A text in which many values are looked for, without regard to case. Works out what it needs when it is first asked. */
export type SearchedText = { readonly text: string; readonly lower: string; contains(value: SearchedValue): boolean }
/** A value as it is looked for: in lower case, composed (NFC), with the numbers of its groups of three letters. */
export type SearchedValue = { lower: string; groups: readonly number[] }

/** Letters compare alike in any case and however they are composed; white space around does not count. */
export const comparable = (text: string): string => text.normalize('NFC').toLowerCase().trim()

/** A value that is looked for in many texts. */
export function searchedValue(value: string): SearchedValue {
  const lower = comparable(value)
  const groups = new Set<number>()
  for (let at = 0; at + 3 <= lower.length && groups.size < mostGroups; at += 1) groups.add(groupAt(lower, at))
  return { lower, groups: [...groups] }
}

/** A value can stand only in a text that has all its groups of three: hundreds of values cost one walk through the text. */
export function searchedText(text: string): SearchedText {
  const lower = comparable(text)
  let seen: Uint8Array | null = null
  const mayContain = ({ groups }: SearchedValue): boolean => {
    if (lower.length < shortText) return true
    const marks = (seen ??= groupsOf(lower))
    for (const group of groups) if (marks[group & (marks.length - 1)] === 0) return false
    return true
  }
  return { text, lower, contains: (value) => mayContain(value) && lower.includes(value.lower) }
}

// Below this a plain search costs less than marking the groups.
const shortText = 24
const mostGroups = 12
// Powers of two; what a short text is marked in fits the processor's nearest cache.
const slotsFor = (length: number): number => (length < 1_000 ? 1 << 12 : 1 << 16)
const groupAt = (text: string, at: number): number => Math.imul(text.charCodeAt(at) * 961 + text.charCodeAt(at + 1) * 31 + text.charCodeAt(at + 2), 0x9e3779b1) >>> 16

function groupsOf(lower: string): Uint8Array {
  const marks = new Uint8Array(slotsFor(lower.length))
  for (let at = 0; at + 3 <= lower.length; at += 1) marks[groupAt(lower, at) & (marks.length - 1)] = 1
  return marks
}
