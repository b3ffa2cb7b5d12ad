/**
 * The message as signatures are checked on: without the ARC fields (RFC 8617), which are not asked, and without more than ten signatures, each of
 * which could make the whole body be hashed once more (RFC 6376 8.4). The message itself where nothing has to be left out.
 */
export function signedPart(raw: Buffer): Buffer {
  const end = endOfHeader(raw)
  const header = raw.toString('latin1', 0, end)
  if (!/^(?:arc-|dkim-signature\s*:)/im.test(header)) return raw
  let signatures = 0
  const fields = header.split(/(?<=\n)(?![ \t])/)
  const kept = fields.filter((field) => (/^dkim-signature\s*:/i.test(field) ? ++signatures <= mostSignatures : !/^arc-[a-z-]+\s*:/i.test(field)))
  return kept.length === fields.length ? raw : Buffer.concat([Buffer.from(kept.join(''), 'latin1'), raw.subarray(end)])
}

const mostSignatures = 10
const mostOfHeader = 4 << 20

/** Where the body begins, after the empty line; the end where there is none. */
function endOfHeader(raw: Buffer): number {
  const ends = ['\r\n\r\n', '\n\n'].map((line) => ({ at: raw.indexOf(line), length: line.length })).filter(({ at }) => at !== -1)
  const first = ends.sort((one, other) => one.at - other.at)[0]
  return Math.min(first === undefined ? raw.length : first.at + first.length, mostOfHeader)
}
