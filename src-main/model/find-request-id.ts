/** Module codes of service desks that number their records in one way. Only `RE` is a request here. */
export const moduleCodes = ['RE', 'TA', 'SO', 'PO', 'PR', 'CO', 'CH', 'PB', 'PJ'] as const
export type ModuleCode = (typeof moduleCodes)[number]
export type RecordId = { module: ModuleCode; number: number }

/**
 * Ids such as `##RE-123##` in a text, in their order: module code and number between base delimiters. A number without delimiters on
 * both sides is none. Letters may be of either case, for mail programs change it.
 */
export function findRecordIds(text: string, baseDelimiter: string): RecordId[] {
  if (baseDelimiter === '') return []
  const ids: RecordId[] = []
  for (const [, module, number] of text.matchAll(patternOf(baseDelimiter))) {
    if (Number(number) > 0) ids.push({ module: String(module).toUpperCase() as ModuleCode, number: Number(number) })
  }
  return ids
}

/** A text with a space in place of each such id, its delimiters included. */
export const withoutRecordIds = (text: string, baseDelimiter: string): string => {
  if (baseDelimiter === '') return text
  const delimiter = escaped(baseDelimiter)
  return text.replace(new RegExp(`(?:${delimiter}(?:${moduleCodes.join('|')})-\\d{1,15})+${delimiter}`, 'gi'), ' ')
}

function patternOf(baseDelimiter: string): RegExp {
  const delimiter = escaped(baseDelimiter)
  return new RegExp(`${delimiter}(${moduleCodes.join('|')})-(\\d{1,15})(?=${delimiter})`, 'gi')
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
