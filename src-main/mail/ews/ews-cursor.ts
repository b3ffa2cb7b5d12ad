/** A message that is to be processed; `received` in milliseconds since 1970. */
export type Waiting = { id: string; size: number; received: number }
type Place = { folder: string; onlyUnread: boolean }

/** Where a folder was left off: what Exchange calls its SyncState (null: nothing yet), and what was listed then and is not done. */
export type EwsCursor = Place & { syncState: string | null; waiting: readonly Waiting[] }

const version = 1

export const writeCursor = ({ folder, onlyUnread, syncState, waiting }: EwsCursor): string => JSON.stringify({ version, folder, onlyUnread, syncState, waiting: waiting.map(({ id, size, received }) => [id, size, received]) })

/** What was written, if it is about the same folder and the same kind of waiting; otherwise the beginning. */
export function readCursor(text: string | null, place: Place): EwsCursor {
  const beginning: EwsCursor = { ...place, syncState: null, waiting: [] }
  const kept = parsed(text)
  if (kept === null || kept.version !== version || kept.folder !== place.folder || kept.onlyUnread !== place.onlyUnread) return beginning
  const { syncState, waiting } = kept
  if (typeof syncState !== 'string' || syncState === '' || !Array.isArray(waiting)) return beginning
  const read = waiting.map(waitingOf)
  return read.some((one) => one === null) ? beginning : { ...place, syncState, waiting: read.filter((one) => one !== null) }
}

function waitingOf(entry: unknown): Waiting | null {
  if (!Array.isArray(entry)) return null
  const [id, size, received]: unknown[] = entry
  return typeof id === 'string' && typeof size === 'number' && typeof received === 'number' ? { id, size, received } : null
}

function parsed(text: string | null): Record<string, unknown> | null {
  if (text === null || text === '') return null
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}
