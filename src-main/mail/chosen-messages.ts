/** How a provider that searches by Message-ID answers for one folder. */
export type FolderSearch = { all(): Promise<string[]>; withId(messageId: string): Promise<string[]> }

/** The ids of the messages in a folder with these Message-IDs or ids; of all where `messageIds` is null. `missing` counts what no message there has. */
export async function chosenMessages({ all, withId }: FolderSearch, messageIds: readonly string[] | null, ids: readonly string[]): Promise<{ ids: string[]; missing: number }> {
  if (messageIds === null) return { ids: await all(), missing: 0 }
  const found: string[][] = []
  for (const messageId of messageIds) found.push(await withId(messageId))
  const present = new Set(ids.length === 0 ? [] : await all())
  found.push(...ids.map((id) => (present.has(id) ? [id] : [])))
  return { ids: [...new Set(found.flat())], missing: found.filter((some) => some.length === 0).length }
}
