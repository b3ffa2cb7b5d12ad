import { checkAttachment } from '../../model/check-attachment.ts'
import type { Step } from '../step.ts'

/** Takes bad attachments off; the message goes on without them. */
export const attachments: Step = ({ parsed, settings }) => {
  const all = parsed.content.attachments
  const stripped = all.flatMap((attachment, index) => {
    const found = checkAttachment({ ...attachment, kind: parsed.kinds?.[index] ?? null }, settings.processing.attachments)
    return found === null ? [] : [{ index, stripped: found }]
  })
  return { outcome: 'pass', detail: describe(all.length, stripped.map((one) => one.stripped.reason)), found: { stripped } }
}

function describe(count: number, reasons: readonly string[]): string {
  if (count === 0) return 'The message has no attachments.'
  if (reasons.length === 0) return count === 1 ? 'The attachment may stay.' : `All ${count} attachments may stay.`
  const more = reasons.length > 5 ? ` And ${reasons.length - 5} more.` : ''
  return `${reasons.length} of ${count} taken off. ${reasons.slice(0, 5).join(' ')}${more}`
}
