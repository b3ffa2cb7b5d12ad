import type { Download } from '#contract/download.ts'
import { ProblemError } from '#contract/problem.ts'
import { callMain } from './call-main.ts'

/** `onBytes` hears how many bytes are there so far; `signal` ends the download. */
export type DownloadWatch = { signal?: AbortSignal; onBytes?: (bytes: number) => void }

/**
 * Takes a file that the core has begun to make, piece by piece, into a Blob; the browser keeps large ones on disk. Throws ProblemError
 * `cancelled` where it was stopped here or by `work.cancel`, and whatever the making of the file throws.
 */
export const downloadFile = async ({ downloadId, mediaType }: Download, { signal, onBytes }: DownloadWatch = {}): Promise<Blob> => {
  const pieces: Blob[] = []
  let bytes = 0
  for (;;) {
    if (signal?.aborted === true) {
      await callMain('download.cancel', { downloadId })
      throw new ProblemError({ code: 'cancelled' })
    }
    const { base64, done } = await callMain('download.next', { downloadId })
    const piece = bytesOf(base64)
    if (piece.length > 0) pieces.push(new Blob([piece]))
    bytes += piece.length
    onBytes?.(bytes)
    if (done) return new Blob(pieces, { type: mediaType })
  }
}

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
