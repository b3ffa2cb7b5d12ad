import { z } from 'zod'

/** https://learn.microsoft.com/graph/api/resources/mailfolder */
export const folder = z.object({ id: z.string(), displayName: z.string().default(''), totalItemCount: z.number().optional(), unreadItemCount: z.number().optional() })
export type GraphFolder = z.infer<typeof folder>

/** A message, whole or as much of it as changed. https://learn.microsoft.com/graph/api/resources/message */
export const message = z.object({
  id: z.string(),
  isRead: z.boolean().optional(),
  isDraft: z.boolean().optional(),
  receivedDateTime: z.string().optional(),
  internetMessageId: z.string().nullish(),
  subject: z.string().nullish(),
  from: z.object({ emailAddress: z.object({ name: z.string().nullish(), address: z.string().nullish() }).nullish() }).nullish(),
  singleValueExtendedProperties: z.array(z.object({ id: z.string(), value: z.string() })).optional(),
  '@removed': z.object({ reason: z.string().optional() }).optional()
})
export type GraphMessage = z.infer<typeof message>

const page = <Item extends z.ZodType>(item: Item) => z.object({ value: z.array(item), '@odata.nextLink': z.string().optional(), '@odata.deltaLink': z.string().optional() })
export const folderPage = page(folder)
export const messagePage = page(message)

export const batchAnswer = z.object({ responses: z.array(z.object({ id: z.string(), status: z.number(), headers: z.record(z.string(), z.string()).nullish(), body: z.unknown().optional() })) })
export const uploadSession = z.object({ uploadUrl: z.string() })
export const uploadProgress = z.object({ nextExpectedRanges: z.array(z.string()).optional() })
export const subscription = z.object({ id: z.string(), expirationDateTime: z.string() })
/** An answer of which nothing is needed. */
export const nothing = z.unknown()

/** PidTagMessageSize, which v1.0 shows as an extended property only; it counts everything that is stored of a message. */
export const sizeProperty = "singleValueExtendedProperties($filter=id eq 'Integer 0x0E08')"
export const sizeOf = ({ singleValueExtendedProperties = [] }: GraphMessage): number => Number(singleValueExtendedProperties.find(({ id }) => /0x0*e08$/i.test(id))?.value ?? 0) || 0

/** A string in a `$filter`. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`
