import { statfs } from 'node:fs/promises'

/** Bytes on the disk that a folder lies on: free to this user, and all. */
export async function diskRoomOf(folder: string): Promise<{ free: number; total: number }> {
  const { bavail, blocks, bsize } = await statfs(folder)
  return { free: bavail * bsize, total: blocks * bsize }
}
