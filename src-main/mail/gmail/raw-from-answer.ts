/** A message's bytes, and the rest of the answer with an empty `raw`. `cut` says that reading ended at `mostBytes`. */
export type RawAnswer = { raw: Buffer; rest: string; cut: boolean }

const opening = /"raw"\s*:\s*"/
const mostRestBytes = 1_000_000

/**
 * Takes the base64url text of `raw` (RFC 4648 section 5) out of a JSON answer while it arrives, so that a large message is neither kept twice nor
 * decoded in one go. Quotes within other strings are escaped, so the member can be found by its text. null where the answer has no `raw`.
 */
export async function rawFromAnswer(body: AsyncIterable<Buffer>, mostBytes = Infinity): Promise<RawAnswer | null> {
  let before = ''
  let after = ''
  let coded = ''
  let padded = false
  let state: 'before' | 'within' | 'after' = 'before'
  const parts: Buffer[] = []
  let size = 0
  const decode = (end: boolean): void => {
    const whole = end ? coded.length : coded.length - (coded.length % 4)
    const part = Buffer.from(coded.slice(0, whole), 'base64url')
    coded = coded.slice(whole)
    size += part.length
    parts.push(part)
  }
  for await (const chunk of body) {
    let text = chunk.toString('latin1')
    if (state === 'before') {
      before += text
      const found = opening.exec(before)
      if (found === null) {
        if (before.length > mostRestBytes) return null
        continue
      }
      text = before.slice(found.index + found[0].length)
      before = before.slice(0, found.index + found[0].length)
      state = 'within'
    }
    if (state === 'within') {
      const end = text.indexOf('"')
      if (!padded) coded += end < 0 ? text : text.slice(0, end)
      // Google may write the padding as \u003d, which ends the text as well.
      const padding = coded.search(/[=\\]/)
      padded ||= padding >= 0
      if (padding >= 0) coded = coded.slice(0, padding)
      if (end >= 0) {
        text = text.slice(end)
        state = 'after'
      }
      decode(end >= 0)
      if (size >= mostBytes) return { raw: Buffer.concat(parts).subarray(0, mostBytes), rest: '', cut: true }
      if (end < 0) continue
    }
    after += text
    if (after.length > mostRestBytes) break
  }
  return state === 'after' ? { raw: Buffer.concat(parts), rest: before + after, cut: false } : null
}
