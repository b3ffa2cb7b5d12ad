import sanitizeHtml from 'sanitize-html'
import { safeStyle } from './safe-style.ts'
import { textFromHtml } from './text-from-html.ts'

/** `cid` gives the picture behind a Content-ID (without brackets) as a data URL, null where there is none. */
export type SafeHtmlWishes = { remoteContent: boolean; cid: (id: string) => string | null }
/** `blocked`: something would have been loaded from outside and was taken out. */
export type SafeHtml = { html: string; blocked: boolean }

/** Longest HTML that is shown as such, in characters, and the most tags that it may have. */
const longest = 10_000_000
const mostTags = 40_000

/**
 * HTML of a message that is safe to show within the console: no script, handler, form, frame or style that escapes; nothing is loaded
 * from outside unless asked for; links lead out of the console. HTML made to exhaust a parser is shown as its text.
 */
export function safeHtml(html: string, wishes: SafeHtmlWishes): SafeHtml {
  if (isExhausting(html)) return { html: `<div style="white-space:pre-wrap">${escaped(textFromHtml(html))}</div>`, blocked: false }
  let blocked = false
  const block = (): void => void (blocked = true)
  const clean = sanitizeHtml(html, {
    allowedTags,
    allowedAttributes,
    nonTextTags,
    allowedSchemes: ['http', 'https', 'mailto'],
    allowedSchemesByTag: { img: ['http', 'https', 'data'] },
    allowProtocolRelative: false,
    parseStyleAttributes: false,
    exclusiveFilter: ({ tag, attribs }) => tag === 'img' && attribs['src'] === undefined && (attribs['alt'] ?? '') === '',
    transformTags: {
      '*': (tagName, attributes) => ({ tagName: tagName === 'body' || tagName === 'html' ? 'div' : tagName, attribs: tidyAttributes(attributes, wishes, block) }),
      a: (tagName, attributes) => ({ tagName, attribs: linkAttributes(tidyAttributes(attributes, wishes, block)) }),
      img: (tagName, attributes) => ({ tagName, attribs: imageAttributes(attributes, wishes, block) })
    }
  })
  return { html: clean, blocked }
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const allowedTags = (
  'a abbr address article aside b bdi bdo big blockquote body br caption center cite code col colgroup dd del details dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr html i img ins ' +
  'kbd li main mark nav ol p pre q s samp section small span strike strong sub summary sup table tbody td tfoot th thead time tr tt u ul var wbr'
).split(' ')
const everywhere = ['style', 'align', 'valign', 'dir', 'lang', 'title', 'width', 'height', 'bgcolor', 'background']
const allowedAttributes: Record<string, string[]> = {
  '*': everywhere,
  a: ['href', 'rel', 'target'],
  img: ['src', 'alt', 'border'],
  table: ['border', 'cellpadding', 'cellspacing', 'rules', 'frame', 'summary'],
  td: ['colspan', 'rowspan', 'nowrap', 'abbr'],
  th: ['colspan', 'rowspan', 'nowrap', 'abbr', 'scope'],
  col: ['span'],
  colgroup: ['span'],
  font: ['color', 'face', 'size'],
  ol: ['start', 'type', 'reversed'],
  ul: ['type'],
  li: ['value', 'type'],
  hr: ['size', 'color', 'noshade']
}
/** Elements that go with all that is in them. */
const nonTextTags = ['script', 'style', 'title', 'textarea', 'option', 'select', 'noscript', 'noembed', 'noframes', 'iframe', 'frameset', 'template', 'svg', 'math', 'object', 'applet', 'audio', 'video', 'canvas', 'xml', 'plaintext', 'xmp']

type Attributes = Record<string, string>

function tidyAttributes(attributes: Attributes, { remoteContent }: SafeHtmlWishes, block: () => void): Attributes {
  const { style, background, ...rest } = attributes
  if (style !== undefined) {
    const safe = safeStyle(style, remoteContent)
    if (safe.remote) block()
    if (safe.style !== '') rest['style'] = safe.style
  }
  if (background !== undefined && /^https?:\/\//i.test(background.trim())) {
    if (remoteContent) rest['background'] = background.trim()
    else block()
  }
  return rest
}

function linkAttributes(attributes: Attributes): Attributes {
  const { href, ...rest } = attributes
  const target = href?.trim() ?? ''
  // A relative address would lead into the console itself.
  return /^(?:https?:\/\/|mailto:)/i.test(target) ? { ...rest, href: target, rel: 'noopener noreferrer', target: '_blank' } : { ...rest, rel: '', target: '' }
}

const pictureData = /^data:image\/(?:png|jpe?g|gif|webp|bmp);base64,[A-Za-z0-9+/=\s]*$/i

function imageAttributes(attributes: Attributes, wishes: SafeHtmlWishes, block: () => void): Attributes {
  const { src, srcset, ...rest } = tidyAttributes(attributes, wishes, block)
  const source = src?.trim() ?? firstOfSet(srcset)
  const shown = pictureSource(source, wishes)
  if (shown === null && /^(?:https?:)?\/\//i.test(source)) block()
  return shown === null ? rest : { ...rest, src: shown }
}

function pictureSource(source: string, { remoteContent, cid }: SafeHtmlWishes): string | null {
  if (/^cid:/i.test(source)) {
    const data = cid(decodeId(source.slice(4).trim()))
    return data !== null && pictureData.test(data) ? data : null
  }
  if (/^data:/i.test(source)) return pictureData.test(source) ? source : null
  if (!remoteContent) return null
  return /^https?:\/\//i.test(source) ? source : source.startsWith('//') ? `https:${source}` : null
}

function decodeId(id: string): string {
  try {
    return decodeURIComponent(id)
  } catch (error) {
    if (error instanceof URIError) return id
    throw error
  }
}

const firstOfSet = (srcset: string | undefined): string => (srcset ?? '').trim().split(/[\s,]/, 1)[0] ?? ''

/** The parser keeps its open elements in a list that it searches and shifts: many tags, badly nested, would take it minutes. */
function isExhausting(html: string): boolean {
  if (html.length > longest) return true
  let tags = 0
  for (let at = html.indexOf('<'); at !== -1 && tags <= mostTags; at = html.indexOf('<', at + 1)) tags++
  return tags > mostTags
}
