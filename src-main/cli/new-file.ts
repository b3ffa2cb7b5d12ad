import { access, link, open, readdir, rename, rm, unlink, type FileHandle } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** A file that is being written beside its place. */
export type NewFile = { handle: FileHandle; publish(): Promise<void>; discard(): Promise<void> }

/**
 * Begins a file that appears under its name once it is published, whole and on disk; mode 0600. Nothing is overwritten: where something
 * has that name then, `publish` rejects with EEXIST. What a process that was killed left beside it is cleared away first.
 */
export async function beginNewFile(file: string): Promise<NewFile> {
  await clearLeftovers(file)
  const beside = join(dirname(file), `.${basename(file)}.${process.pid}.part`)
  const handle = await open(beside, 'wx', 0o600)
  return {
    handle,
    async publish() {
      await handle.sync()
      await handle.close()
      await nameIt(beside, file)
    },
    async discard() {
      await handle.close()
      await unlink(beside)
    }
  }
}

/** A second name is refused where there is one already, as renaming is not; some file systems know no second names. */
async function nameIt(beside: string, file: string): Promise<void> {
  try {
    await link(beside, file)
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw error
    if (await access(file).then(() => true, () => false)) throw Object.assign(new Error('the file is there already'), { code: 'EEXIST' })
    return rename(beside, file)
  }
  await unlink(beside)
}

async function clearLeftovers(file: string): Promise<void> {
  const [folder, name] = [dirname(file), basename(file)]
  const names = await readdir(folder).catch((): string[] => [])
  for (const one of names) {
    if (!one.startsWith(`.${name}.`) || !/^\d+\.part$/.test(one.slice(name.length + 2)) || isRunning(Number(one.slice(name.length + 2, -5)))) continue
    // Another process may clear it away at the same time.
    await rm(join(folder, one), { force: true })
  }
}

function isRunning(processId: number): boolean {
  try {
    return processId !== process.pid && process.kill(processId, 0)
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : null)
