import type { MailAuthentication } from '#contract/authentication.ts'
import type { BounceReport } from '#contract/bounce.ts'
import type { Address, MessageContent } from '#contract/message.ts'
import type { Problem } from '#contract/problem.ts'
import type { ContentKind } from '../../model/real-content-type.ts'

/** A header field as written: name in lower case, value unfolded and undecoded (latin-1 view of the bytes). */
export type HeaderField = { name: string; value: string }

/**
 * Where an attachment's encoded body lies in the raw message: bytes [start, end). `inside` are the bytes [start, end) of the decoded
 * part that are the attachment, where it lies in another one (winmail.dat); null: all of them. `within`: the offsets count in what
 * another part holds, not in the raw message: in its decoded bytes, or in the content of its signed or compressed data (RFC 5652, 3274).
 */
export type PartPlace = {
  start: number
  end: number
  encoding: 'base64' | 'quoted-printable' | 'uuencode' | 'identity'
  inside?: { start: number; end: number } | null
  within?: { place: PartPlace; as: 'part' | 'cms' } | null
}

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
  /** A report on mail that was sent (RFC 3464); null or left out for other mail. */
  bounce?: BounceReport | null
  /** Who wrote a message that somebody forwarded: from an attached message, or from the header block in the text; null or left out where none is there. */
  forwardedFrom?: Address | null
  /** What SPF, DKIM and DMARC say; null or left out where nothing was checked. */
  authentication?: MailAuthentication | null
  problem: Problem | null
}
