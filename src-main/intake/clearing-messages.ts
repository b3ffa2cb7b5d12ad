import type { ContentAddress, ContentPlace, StoredContent } from '../content/content-store.ts'
import type { Remains } from './slim-message.ts'
import type { ThreadFailure } from './thread-failure.ts'

/** What the clearing thread is started with. */
export type ClearingWorkerData = { folder: string; dataKey: Uint8Array }

/** A stored message that lost everything but header and text; null: it cannot be read. */
export type Slimmed = { stored: StoredContent; remains: Remains } | null

export type ClearingAsk =
  | { id: number; do: 'slim'; contents: { address: ContentAddress; place: ContentPlace }[] }
  | { id: number; do: 'copy'; places: ContentPlace[] }
  | { id: number; do: 'close' }

/** Answers go out when what was written is on disk. */
export type ClearingAnswer =
  | { id: number; slimmed: Slimmed[] }
  | { id: number; places: (ContentPlace | null)[] }
  | { id: number; closed: true }
  | ({ id: number } & ThreadFailure)
