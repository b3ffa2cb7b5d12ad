import { mayOpenRequest } from '../../model/may-open-request.ts'
import type { Step } from '../step.ts'

/** Where new requests by e-mail are disabled, only replies and the exceptions come in. */
export const newRequests: Step = ({ parsed, server }, { replyTo }) => {
  if (replyTo !== null) return { outcome: 'pass', detail: 'It belongs to a request, so it may always come in.' }
  if (server === null) return { outcome: 'pass', detail: 'No mailbox is named, so new requests are allowed.' }
  const { allowed, because } = mayOpenRequest(parsed.content.from?.address ?? '', server.newRequests)
  return { outcome: allowed ? 'pass' : 'dropped', detail: because }
}
