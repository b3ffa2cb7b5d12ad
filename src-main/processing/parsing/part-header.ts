import { fieldValue } from './read-header.ts'
import { decodeWords } from './decode-words.ts'
import { parseParameters } from './parse-parameters.ts'
import { transferEncoding } from './transfer-encoding.ts'
import type { HeaderField, PartPlace } from './parsed-message.ts'

/** What the MIME fields of a part say. `type` is lower case; `fileName` null where none is given; `contentId` without brackets. */
export type PartHeader = {
  type: string
  parameters: Map<string, string>
  disposition: 'attachment' | 'inline' | null
  fileName: string | null
  contentId: string | null
  encoding: PartPlace['encoding']
}

/** Reads the MIME fields (RFC 2045, 2183). A type that is none becomes application/octet-stream, a missing one `defaultType`. */
export function partHeader(fields: readonly HeaderField[], defaultType: string): PartHeader {
  const written = fieldValue(fields, 'content-type')
  const type = written === null || written === '' ? null : parseParameters(written)
  const placed = fieldValue(fields, 'content-disposition')
  const disposition = placed === null || placed === '' ? null : parseParameters(placed)
  const parameters = type?.parameters ?? new Map<string, string>()
  const contentId = fieldValue(fields, 'content-id')?.replace(/[<>\s]/g, '') ?? ''
  return {
    type: type === null ? defaultType : tidyType(type.value, defaultType),
    parameters,
    disposition: disposition === null ? null : disposition.value.startsWith('inline') ? 'inline' : 'attachment',
    fileName: fileName(disposition?.parameters.get('filename')) ?? fileName(disposition?.parameters.get('name')) ?? fileName(parameters.get('name')) ?? fileName(parameters.get('filename')),
    contentId: contentId === '' ? null : decodeWords(contentId),
    encoding: transferEncoding(fieldValue(fields, 'content-transfer-encoding'))
  }
}

function tidyType(value: string, defaultType: string): string {
  if (/^[a-z0-9!#$&^_.+-]+\/[a-z0-9!#$&^_.+-]+$/.test(value)) return value
  const cut = /^[a-z0-9!#$&^_.+-]+\/[a-z0-9!#$&^_.+-]+/.exec(value)?.[0]
  if (cut !== undefined) return cut
  if (value === 'text' || value === 'plain' || value === 'text/') return 'text/plain'
  if (value === 'html') return 'text/html'
  return value === '' ? defaultType : 'application/octet-stream'
}

function fileName(value: string | undefined): string | null {
  const name = value?.trim() ?? ''
  return name === '' ? null : name
}
