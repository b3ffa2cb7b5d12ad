import { z } from 'zod'

/** A message that is listed and not done with; `at` in milliseconds since 1970. */
export const waitingMessage = z.object({ id: z.string(), size: z.number(), at: z.number() })
export type WaitingMessage = z.infer<typeof waitingMessage>

/** Oldest first. */
export const inTime = (messages: readonly WaitingMessage[]): WaitingMessage[] => messages.toSorted((a, b) => a.at - b.at)

/** What a cursor kept, as JSON; null where it is damaged or there is nothing. */
export function keptPlace<Schema extends z.ZodType>(text: string | null, schema: Schema): z.infer<Schema> | null {
  try {
    return schema.safeParse(JSON.parse(text ?? '')).data ?? null
  } catch {
    return null
  }
}
