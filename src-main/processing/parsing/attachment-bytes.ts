import type { PartPlace } from './parsed-message.ts'
import { decodeBody } from './transfer-encoding.ts'

/** The decoded bytes of the attachment that lies at `place` in the raw message it was parsed from. Never throws. */
export const attachmentBytes = (raw: Buffer, place: PartPlace): Buffer => decodeBody(raw, place)

/** The first decoded bytes of an attachment, at least `count` of them where it has so many; cheap whatever its size. */
export const attachmentBeginning = (raw: Buffer, place: PartPlace, count: number): Buffer =>
  decodeBody(raw, { ...place, end: Math.min(place.end, place.start + count * 4 + 512) }).subarray(0, count)
