/** Address of a stored message: HMAC-SHA256 of its bytes under a key of the data key, 144 bits in base64url (24 characters). It tells nothing about the content. */
export type ContentAddress = string

/** Where a content lies in the pack files; kept in the database row of the content. */
export type ContentPlace = { pack: number; offset: number; length: number }
export type StoredContent = { address: ContentAddress; place: ContentPlace; size: number }

/**
 * Raw messages, encrypted (AES-256-GCM), appended to pack files. `append` writes without waiting for the disk; `flush` resolves
 * when all that was appended before is on disk (one fsync for many). Content is not reachable until its place is committed
 * to the database, so a crash in between leaves only unreachable bytes.
 */
export interface ContentStore {
  append(raw: Buffer): Promise<StoredContent>
  flush(): Promise<void>
  /** Throws ProblemError `data-folder-damaged` when the bytes are not the ones that were stored. */
  read(address: ContentAddress, place: ContentPlace): Promise<Buffer>
  /** Appends what lies at a place as it lies there, unread; null where the file ends before. */
  copy(place: ContentPlace): Promise<ContentPlace | null>
  /** From now on no content is said to lie in these packs, and nothing is appended to a pack that is there now. */
  retire(packs: readonly number[]): Promise<void>
  /** Lets go of packs that are to be deleted. */
  letGo(packs: readonly number[]): Promise<void>
  close(): Promise<void>
}
