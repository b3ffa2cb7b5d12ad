/** Control characters, line and paragraph separators, and those that turn the direction of what follows (Unicode UAX #9). */
const unseen = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu

/** Text that somebody else wrote, as one line of at most `most` characters that shows nothing but itself. */
export const plainLine = (text: string, most: number): string => {
  const line = text.replace(unseen, ' ').replace(/\s+/g, ' ').trim()
  return line.length <= most ? line : `${line.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`
}
