import { open, readFile, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { ProblemError } from '#contract/problem.ts'

/** The kernel's value of O_EXLOCK where libuv has one: a lock on macOS, a file without sharing on Windows. */
const exclusive: Partial<Record<NodeJS.Platform, number>> = { darwin: 0x20 | 0x4, win32: 0x10000000 }
const readWriteCreate = process.platform === 'win32' ? 0x2 | 0x100 : 0x2 | 0x200
const taken = new Set(['EADDRINUSE', 'EAGAIN', 'EWOULDBLOCK', 'EBUSY'])

/**
 * Takes the folder for this process; returns the function that gives it back. The lock is one that the kernel frees when the
 * process ends, however it ends. Throws ProblemError `data-folder-in-use`.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const owner = join(folder, 'owner.json')
  try {
    const release = process.platform === 'linux' ? await bindName(folder) : await openExclusively(join(folder, 'lock'))
    await writeFile(owner, JSON.stringify({ processId: process.pid }), { mode: 0o600 })
    return release
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && taken.has(String(error.code)))) throw error
    throw new ProblemError({ code: 'data-folder-in-use', folder, processId: await ownerOf(owner) }, { cause: error })
  }
}

// Node offers no flock. A name in Linux's abstract socket space is as good: it belongs to one process and goes away with it.
async function bindName(folder: string): Promise<() => Promise<void>> {
  const { dev, ino } = await stat(folder, { bigint: true })
  const server = createServer((connection) => connection.destroy())
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ path: `\0mailroom-${dev}-${ino}` }, resolve)
  })
  server.unref()
  return () => new Promise((resolve) => server.close(() => resolve()))
}

async function openExclusively(file: string): Promise<() => Promise<void>> {
  const handle = await open(file, readWriteCreate | (exclusive[process.platform] ?? 0), 0o600)
  return () => handle.close()
}

async function ownerOf(file: string): Promise<number | null> {
  const text = await readFile(file, 'utf8').catch(() => '')
  const found = /"processId":(\d+)/.exec(text)
  return found ? Number(found[1]) : null
}
