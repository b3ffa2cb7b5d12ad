import type { Download } from '#contract/download.ts'
import { bytesOfBase64 } from '../components/base64.ts'
import { callMain } from './call-main.ts'

/**
 * Takes a file that the core has begun to make, piece by piece, into a Blob; the browser keeps large ones on disk. `onBytes` hears how many
 * bytes are there so far. Throws ProblemError `cancelled` where it was stopped by `work.cancel`, and whatever the making of the file throws.
 */
export const downloadFile = async ({ downloadId, mediaType }: Download, onBytes?: (bytes: number) => void): Promise<Blob> => {
  const pieces: Blob[] = []
  let bytes = 0
  for (;;) {
    const { base64, done } = await callMain('download.next', { downloadId })
    const piece = bytesOfBase64(base64)
    if (piece.length > 0) pieces.push(new Blob([piece]))
    bytes += piece.length
    onBytes?.(bytes)
    if (done) return new Blob(pieces, { type: mediaType })
  }
}
