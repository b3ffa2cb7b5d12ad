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
  const delimiter = baseDelimiter.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
  const pattern = new RegExp(`${delimiter}(${moduleCodes.join('|')})-(\\d{1,15})(?=${delimiter})`, 'gi')
  const ids: RecordId[] = []
  for (const [, module, number] of text.matchAll(pattern)) {
    if (Number(number) > 0) ids.push({ module: String(module).toUpperCase() as ModuleCode, number: Number(number) })
  }
  return ids
}

/** The number of the request that a subject names; null where it names none. */
export const findRequestId = (subject: string, baseDelimiter: string): number | null => findRecordIds(subject, baseDelimiter).find(({ module }) => module === 'RE')?.number ?? null
