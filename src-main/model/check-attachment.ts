import type { Stripped } from '#contract/message.ts'
import { plainLine, turning } from './plain-line.ts'
import type { ContentKind } from './real-content-type.ts'

/** What is known of an attachment: `kind` by its first bytes, null where they tell nothing. `size` decoded, in bytes. */
export type CheckedAttachment = { name: string; contentType: string; size: number; kind: ContentKind | null }
/** Largest size in bytes; extensions without the dot. */
export type AttachmentRules = { maxSize: number; blockedExtensions: readonly string[] }

/** Why an attachment is taken off, with what the sender can do; null for a good one. */
export function checkAttachment(attachment: CheckedAttachment, rules: AttachmentRules): Stripped | null {
  return checkName(attachment) ?? checkExtension(attachment, rules) ?? checkEmpty(attachment) ?? checkContent(attachment) ?? checkSize(attachment, rules)
}

const device = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i
const forbidden = /[\p{Cc}<>:"/\\|?*]/u

function checkName({ name }: CheckedAttachment): Stripped | null {
  const reason = nameFault(name)
  return reason === null ? null : { code: 'invalid-file-name', reason, remedy: 'Rename the file, using letters, digits, spaces, dots, hyphens and underscores, and send it again.' }
}

function nameFault(name: string): string | null {
  const shown = plainLine(name, 100)
  if (name.trim() === '' || /^\.+$/.test(name.trim())) return 'The file has no name.'
  if (turning.test(name)) return `The file name “${shown}” has invisible characters that hide its real extension.`
  if (forbidden.test(name)) return `The file name “${shown}” has characters that no file name may have: one of < > : " / \\ | ? * or a control character.`
  if (device.test(name.trim())) return `The file name “${shown}” is reserved by Windows for a device.`
  return name.length > 255 ? `The file name has ${name.length} characters; at most 255 are possible.` : null
}

function checkExtension({ name }: CheckedAttachment, { blockedExtensions }: AttachmentRules): Stripped | null {
  const extension = extensionOf(name)
  if (extension === '' || !blockedExtensions.some((blocked) => blocked.toLowerCase() === extension)) return null
  return { code: 'extension-not-allowed', reason: `Files with the extension .${extension} are not accepted.`, remedy: 'Send the content in another format, or ask the administrator to allow this extension.' }
}

function checkEmpty({ name, size }: CheckedAttachment): Stripped | null {
  return size > 0 ? null : { code: 'empty-file', reason: `The file “${name}” is empty.`, remedy: 'Check the file on your side and send it again once it has content.' }
}

function checkSize({ name, size }: CheckedAttachment, { maxSize }: AttachmentRules): Stripped | null {
  if (size <= maxSize) return null
  return { code: 'too-large', reason: `The file “${name}” has ${megabytes(size)}; at most ${megabytes(maxSize)} are accepted.`, remedy: 'Compress the file or split it, or send a link to it instead.' }
}

const megabytes = (bytes: number): string => (bytes < 100_000 ? `${bytes} bytes` : `${Math.round(bytes / 10_000) / 100} MB`)

type Fitting = { label: string; extensions: readonly string[]; types: RegExp }
const list = (extensions: string): string[] => extensions.split(' ')

/** Extensions and media types under which each kind of content may go. */
const fitting: Record<ContentKind, Fitting> = {
  png: { label: 'a PNG image', extensions: list('png apng'), types: /png/ },
  jpeg: { label: 'a JPEG image', extensions: list('jpg jpeg jpe jfif jif'), types: /jpe?g/ },
  gif: { label: 'a GIF image', extensions: list('gif'), types: /gif/ },
  bmp: { label: 'a bitmap image', extensions: list('bmp dib'), types: /bmp|bitmap/ },
  webp: { label: 'a WebP image', extensions: list('webp'), types: /webp/ },
  tiff: { label: 'a TIFF image', extensions: list('tif tiff'), types: /tiff|fax/ },
  heif: { label: 'a HEIF image', extensions: list('heic heif hif avif'), types: /hei[cf]|avif/ },
  pdf: { label: 'a PDF document', extensions: list('pdf ai'), types: /pdf|illustrator|postscript/ },
  zip: { label: 'a ZIP archive', extensions: list('zip docx xlsx pptx docm xlsm pptm xlsb dotx dotm xltx potx ppsx odt ods odp odg odf ott jar war ear apk ipa epub kmz vsdx xps oxps nupkg whl xpi pages numbers key'), types: /zip|officedocument|opendocument|macroenabled|java-archive|android|epub|kmz|xps|visio|iwork|sheet|presentation/i },
  rar: { label: 'a RAR archive', extensions: list('rar cbr'), types: /rar/ },
  '7z': { label: 'a 7-Zip archive', extensions: list('7z'), types: /7z/ },
  gzip: { label: 'a gzip archive', extensions: list('gz tgz gzip emz svgz'), types: /gzip|compressed-tar|emz|svg/ },
  ole: { label: 'a Microsoft Office file', extensions: list('doc xls ppt msg dot xlt pps pot msi vsd pub mpp docx xlsx pptx db'), types: /ms-?word|ms-|officedocument|outlook|msi|visio|cdfv2/i },
  rtf: { label: 'a rich-text document', extensions: list('rtf doc'), types: /rtf|ms-?word/ },
  'windows-program': { label: 'a Windows program', extensions: list('exe dll sys scr com ocx cpl drv efi msu'), types: /msdownload|msdos|portable-executable|exe|dll/ },
  'elf-program': { label: 'a Linux program', extensions: list('elf so bin o run ko'), types: /executable|sharedlib|elf|object/ },
  mp4: { label: 'a video or sound file', extensions: list('mp4 m4a m4v mov qt 3gp 3g2 m4b f4v'), types: /mp4|m4a|m4v|quicktime|3gpp?|audio|video/ },
  mp3: { label: 'an MP3 sound file', extensions: list('mp3 mp2 mpga aac'), types: /mpeg|mp3|audio/ }
}
/** Extensions of text, which none of the kinds above is. */
const texts = list('txt csv tsv log ini cfg md htm html xhtml xml json yaml yml css js ts sql ics vcf eml svg bat cmd ps1 sh py')
const known = new Set([...texts, ...Object.values(fitting).flatMap(({ extensions }) => extensions)])
const pictures = new Set<ContentKind>(['png', 'jpeg', 'gif', 'bmp', 'webp', 'tiff', 'heif'])
const pictureExtensions = new Set([...pictures].flatMap((kind) => fitting[kind].extensions))
/** Types under which anything may be sent. */
const anyType = /^application\/(?:octet-stream|x-download|force-download|binary|unknown|x-unknown|download)$/

/** Only content that is recognised and a name or type that is known can contradict each other. */
function checkContent({ name, contentType, kind }: CheckedAttachment): Stripped | null {
  if (kind === null) return null
  const { label, extensions, types } = fitting[kind]
  const extension = extensionOf(name)
  // A photo saved under another picture's extension is what people do every day, and every viewer shows it.
  if (pictures.has(kind) && (pictureExtensions.has(extension) || (!known.has(extension) && contentType.startsWith('image/')))) return null
  const wrongName = known.has(extension) && !extensions.includes(extension)
  const wrongType = !known.has(extension) && !anyType.test(contentType) && isKnownType(contentType) && !types.test(contentType)
  if (!wrongName && !wrongType) return null
  const claim = wrongName ? `Its extension .${extension}` : `Its type ${contentType}`
  return { code: 'content-type-mismatch', reason: `The file “${name}” is ${label} by its content. ${claim} says otherwise.`, remedy: 'Give the file the extension that fits its content and send it again.' }
}

const isKnownType = (contentType: string): boolean => /^(?:text|image|audio|video)\//.test(contentType) || Object.values(fitting).some(({ types }) => types.test(contentType))

/** The last extension in lower case; trailing dots and spaces do not count, for Windows drops them. */
function extensionOf(name: string): string {
  const plain = name.replace(/[. ]{1,250}$/, '').toLowerCase()
  const dot = plain.lastIndexOf('.')
  return dot === -1 ? '' : plain.slice(dot + 1)
}
