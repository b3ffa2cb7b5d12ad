import { appleMarkers, blockLabels, forwardTitles, fromLabels, originalTitles } from '../parsing/forward-words.ts'

/** Characters that are looked through; commands stand at the beginning of a text. */
const longest = 100_000

/**
 * What the sender of a mail wrote: its text without the lines quoted with `>` (RFC 3676 4.5), up to where a mail program put an
 * earlier message below, by the dividers and header blocks of their languages.
 */
export function ownWords(text: string): string {
  const lines = text.slice(0, longest).split('\n')
  const divider = lines.findIndex((_, index) => dividesAt(lines, index))
  return unquoted(divider < 0 ? lines : lines.slice(0, divider))
}

const unquoted = (lines: readonly string[]): string => lines.filter((line) => !/^\s{0,3}>/.test(line)).join('\n')

const ruler = /^[ \t*]{0,8}[-_=]{2,20}[ \t]{0,3}(\S.{2,58}?)[ \t]{0,3}[-_=]{2,20}[ \t*\r]{0,8}$/
const labelled = /^[ \t*_]{0,8}([^:：*_]{1,30}?)[ \t\u00a0*_]{0,4}[:：]/

/** Whether a divider, or a header block of at least three lines, begins at this line. */
function dividesAt(lines: readonly string[], index: number): boolean {
  const line = (lines[index] ?? '').slice(0, 200)
  const title = ruler.exec(line)?.[1]?.toLowerCase()
  if (title !== undefined && (forwardTitles.has(title) || originalTitles.has(title))) return true
  const label = labelOf(line)
  if (label === null) return false
  if (appleMarkers.has(label)) return true
  return fromLabels.has(label) && lines.slice(index + 1, index + 5).filter((next) => blockLabels.has(labelOf(next.slice(0, 200)) ?? '')).length >= 2
}

const labelOf = (line: string): string | null => labelled.exec(line)?.[1]?.trim().toLowerCase() ?? null
