/** Characters that turn the direction of writing make `cod.exe` look like `exe.doc` (Unicode UAX #9). */
export const turning = /[\u202a-\u202e\u2066-\u2069]/
/** These, control characters, line and paragraph separators, and marks that turn what stands beside them. */
const unseen = new RegExp(`(?:${turning.source}|[\\p{Cc}\\u2028\\u2029\\u061c\\u200e\\u200f])+`, 'gu')

/** Text that somebody else wrote, as one line that steers no terminal and shows nothing but itself. */
export const plain = (text: string): string => text.replace(unseen, ' ')

/** The same for text of several lines. */
export const plainLines = (text: string): string => text.split(/\r\n|\r|\n/).map((line) => plain(line.replaceAll('\t', '    '))).join('\n')

/** The text as one line of at most `most` characters, with no space around it and no two in a row. */
export const plainLine = (text: string, most: number): string => {
  const line = plain(text).replace(/\s+/g, ' ').trim()
  return line.length <= most ? line : `${line.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`
}
