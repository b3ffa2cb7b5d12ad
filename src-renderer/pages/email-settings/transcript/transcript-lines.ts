/** A line of a transcript in its parts; `at` is ISO 8601, empty where the line has no time. `key` tells it apart from all others. */
export type TranscriptLine = { key: number; at: string; connection: string; side: 'client' | 'server' | 'note'; text: string; whole: string }

const most = 2_000
let keys = 0

export const lineOf = (whole: string): TranscriptLine => {
  const [, at = '', connection = '', prefix = '--', text = whole] = /^(\S+Z) #(\d+) (C:|S:|--) ?([\s\S]*)$/.exec(whole) ?? []
  return { key: ++keys, at, connection, side: prefix === 'C:' ? 'client' : prefix === 'S:' ? 'server' : 'note', text, whole }
}

/** The newest 2,000 of both; what the first end with and the others begin with is the same and is there once. */
export const withMore = (before: readonly TranscriptLine[], more: readonly string[]): readonly TranscriptLine[] => {
  const known = overlap(before.slice(-more.length).map(({ whole }) => whole), more)
  return [...before, ...more.slice(known).map(lineOf)].slice(-most)
}

const overlap = (before: readonly string[], more: readonly string[]): number => {
  for (let size = Math.min(before.length, more.length); size > 0; size--) if (more.slice(0, size).every((line, at) => line === before[before.length - size + at])) return size
  return 0
}

export const matching = (lines: readonly TranscriptLine[], words: string): readonly TranscriptLine[] => {
  const wanted = words.toLowerCase()
  return wanted === '' ? lines : lines.filter(({ whole }) => whole.toLowerCase().includes(wanted))
}

export const asText = (lines: readonly TranscriptLine[]): string => lines.map(({ whole }) => `${whole}\n`).join('')
