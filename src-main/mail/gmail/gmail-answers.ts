import { z } from 'zod'

/** https://developers.google.com/workspace/gmail/api/reference/rest/v1/users/getProfile */
export const profile = z.object({ emailAddress: z.string(), messagesTotal: z.number().default(0), historyId: z.string() })
/** https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.labels */
export const label = z.object({ id: z.string(), name: z.string(), messagesTotal: z.number().optional(), messagesUnread: z.number().optional() })
export type GmailLabel = z.infer<typeof label>
export const labelList = z.object({ labels: z.array(label).default([]) })
/** https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.messages/list: newest first. */
export const messageList = z.object({ messages: z.array(z.object({ id: z.string() })).default([]), nextPageToken: z.string().optional() })
/** A message in `format=minimal`; `internalDate` in milliseconds since 1970, `sizeEstimate` in bytes. */
export const message = z.object({ id: z.string(), labelIds: z.array(z.string()).default([]), internalDate: z.string().default('0'), sizeEstimate: z.number().default(0) })

/** A message in `format=metadata` with a few of its headers. */
export const messageHeaders = message.extend({ payload: z.object({ headers: z.array(z.object({ name: z.string(), value: z.string() })).default([]) }).optional() })

const changed = z.object({ message: z.object({ id: z.string() }), labelIds: z.array(z.string()).default([]) })
/** https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.history/list: in the order in which it happened. */
export const historyList = z.object({
  historyId: z.string(),
  nextPageToken: z.string().optional(),
  history: z.array(z.object({ messagesAdded: z.array(changed).default([]), messagesDeleted: z.array(changed).default([]), labelsAdded: z.array(changed).default([]), labelsRemoved: z.array(changed).default([]) })).default([])
})
export type HistoryRecord = z.infer<typeof historyList>['history'][number]
export const sent = z.object({ id: z.string(), labelIds: z.array(z.string()).default([]) })
