/** Values of a comma-separated text, as typed or pasted; also one a line. A value with a comma stands in double quotes, a quote in it is doubled (RFC 4180). */
export const splitValues = (text: string): string[] => {
  const values: string[] = []
  const pattern = /\s*(?:"((?:[^"]|"")*)"|([^,\n]*))\s*(?:,|\n|$)/gy
  for (const found of text.matchAll(pattern)) {
    const value = found[1] === undefined ? (found[2] ?? '').trim() : found[1].replaceAll('""', '"')
    if (value !== '') values.push(value)
    if (found.index + found[0].length >= text.length) break
  }
  return values
}

/** A list with what was added, each value once whatever its case. */
export const withValues = (values: readonly string[], added: readonly string[]): string[] => {
  const seen = new Set(values.map((value) => value.toLowerCase()))
  return [...values, ...added.filter((value) => !seen.has(value.toLowerCase()) && seen.add(value.toLowerCase()))]
}
