import type { AttachmentInfo } from '#contract/message.ts'
import type { ParsedMessage, PartPlace } from '../processing/parsing/parsed-message.ts'

const shown = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/bmp'])
const mostBytesOfOne = 3_000_000
const mostBytes = 10_000_000

/**
 * The embedded images of a message as `data:` URLs by Content-ID (RFC 2392), as far as its HTML refers to them: 3 MB each and 10 MB
 * together at most. Only bitmap types, for SVG can hold scripts.
 */
export function inlineImages(raw: Buffer, { content, places }: ParsedMessage, attachments: readonly AttachmentInfo[], bytesOf: (raw: Buffer, place: PartPlace) => Buffer): Map<string, string> {
  const images = new Map<string, string>()
  const html = content.html ?? ''
  let left = mostBytes
  attachments.forEach(({ contentId, contentType, size, stripped }, index) => {
    const place = places[index]
    if (contentId === null || place === undefined || stripped !== null || !shown.has(contentType) || size > Math.min(left, mostBytesOfOne)) return
    const id = contentId.replace(/^<|>$/g, '')
    if (!html.includes(id) && !html.includes(encodeURIComponent(id))) return
    left -= size
    images.set(id, `data:${contentType};base64,${bytesOf(raw, place).toString('base64')}`)
  })
  return images
}
