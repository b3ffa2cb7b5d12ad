import type { MessageContent } from '#contract/message.ts'
import type { Problem } from '#contract/problem.ts'
import type { ContentKind } from '../../model/real-content-type.ts'

/** A header field as written: name in lower case, value unfolded and undecoded (latin-1 view of the bytes). */
export type HeaderField = { name: string; value: string }

/** Where an attachment's encoded body lies in the raw message: bytes [start, end). */
export type PartPlace = { start: number; end: number; encoding: 'base64' | 'quoted-printable' | 'identity' }

/**
 * A parsed message. Parsing never throws and never hangs: whatever the bytes are, there is a content. `problem` says why the message
 * must not become a request (no headers at all, nesting or header size beyond the limits); null for everything readable.
 * `places` goes with `content.attachments`, index by index.
 */
export type ParsedMessage = {
  content: MessageContent
  headers: HeaderField[]
  places: PartPlace[]
  /** What each attachment is by its first bytes, index by index; null where they tell nothing. */
  kinds?: (ContentKind | null)[]
  /** Recognises the same message under another server id: SHA-256 over Message-ID, From, Date, Subject and the body, trace fields left out. */
  fingerprint: string
  size: number
  problem: Problem | null
}
