import { readCms } from './cms-content.ts'
import type { PartPlace } from './parsed-message.ts'
import { decodeBody } from './transfer-encoding.ts'

/** The decoded bytes of the attachment that lies at `place` in the raw message it was parsed from. Never throws. */
export function attachmentBytes(raw: Buffer, place: PartPlace): Buffer {
  const bytes = decodeBody(sourceOf(raw, place), place)
  return place.inside ? bytes.subarray(place.inside.start, place.inside.end) : bytes
}

/** The first decoded bytes of an attachment, at least `count` of them where it has so many; cheap whatever its size. */
export const attachmentBeginning = (source: Buffer, place: Pick<PartPlace, 'start' | 'end' | 'encoding'>, count: number): Buffer =>
  decodeBody(source, { ...place, end: Math.min(place.end, place.start + count * 4 + 512) }).subarray(0, count)

/** What the offsets of `place` count in. */
function sourceOf(raw: Buffer, { within }: PartPlace): Buffer {
  if (!within) return raw
  const outer = attachmentBytes(raw, within.place)
  if (within.as === 'part') return outer
  const cms = readCms(outer)
  return cms !== null && 'content' in cms ? cms.content : Buffer.alloc(0)
}
