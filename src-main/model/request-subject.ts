const longest = 250

/** The subject of a request: as sent, else the first line of the text, else a phrase that says there is none. Never empty, one line, at most 250 characters. */
export function requestSubject(subject: string, text: string): string {
  const own = oneLine(subject)
  if (own !== '') return own
  const line = text.slice(0, 10_000).split('\n').map(oneLine).find((candidate) => /[\p{L}\p{N}]/u.test(candidate) && !candidate.startsWith('>'))
  return line === undefined ? '(no subject)' : line.length > 80 ? `${line.slice(0, 79).trimEnd()}…` : line
}

function oneLine(text: string): string {
  const line = text.slice(0, 2000).replace(/[\s\p{Cc}]+/gu, ' ').trim()
  return line.length > longest ? `${line.slice(0, longest - 1).trimEnd()}…`.toWellFormed() : line
}
