import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The newest lines of the log in `folder`, at most `most` characters; '' where there is none yet. */
export async function readLog(folder: string, most = 1_000_000): Promise<string> {
  try {
    return (await readFile(join(folder, 'mailroom.log'), 'utf8')).slice(-most)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  }
}
