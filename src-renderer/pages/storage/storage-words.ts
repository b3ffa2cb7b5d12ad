import type { CleanUp, StorageUsage } from '#contract/storage.ts'
import { plural, sizeText } from '../../components/sizes.ts'

/** What the next clean-up takes away, in a sentence. */
export function removableWords({ originals, texts, errorRecords }: StorageUsage['removable']): string {
  const parts = [
    ...(originals === 0 ? [] : [`the attachments and originals of ${plural(originals, 'message')}`]), ...(texts === 0 ? [] : [`the texts of ${plural(texts, 'message')}`]),
    ...(errorRecords === 0 ? [] : [plural(errorRecords, 'error record')])
  ]
  return parts.length === 0 ? 'Nothing is past its period.' : `Past their period: ${parts.join(', ')}.`
}

/** What a clean-up took away, in a sentence. */
export function cleanedWords({ originals, texts, errorRecords, logLines, freedBytes, pendingBytes }: CleanUp): string {
  const parts = [
    ...(originals === 0 ? [] : [`attachments and originals of ${plural(originals, 'message')}`]), ...(texts === 0 ? [] : [`texts of ${plural(texts, 'message')}`]),
    ...(errorRecords === 0 ? [] : [plural(errorRecords, 'error record')]), ...(logLines === 0 ? [] : [plural(logLines, 'log line')])
  ]
  const freed = [...(freedBytes === 0 ? [] : [`${sizeText(freedBytes)} freed`]), ...(pendingBytes === 0 ? [] : [`${sizeText(pendingBytes)} more within 15 minutes`])]
  return `${parts.length === 0 ? 'Nothing had to go' : `Removed: ${parts.join(', ')}`}${freed.length === 0 ? '' : `; ${freed.join(', ')}`}.`
}

export const partNames: Record<StorageUsage['parts'][number]['part'], string> = { messages: 'Stored messages', database: 'Database', 'error-records': 'Error records', logs: 'Logs', window: 'Window (cache of the desktop program)', other: 'Other' }

export const ownerName = ({ partition, what }: StorageUsage['partitions'][number]): string =>
  what === 'requests' ? (partition ?? 'No partition') : what === 'error-folder' ? 'Error folder' : 'No longer used'
