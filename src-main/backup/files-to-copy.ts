import { open, readdir, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { unlessMissing } from '../data-folder/unless-missing.ts'

/** A file of a backup: opened already, so that it can go meanwhile, or opened when its turn comes. `path` is within the data folder, with `/`. */
export type FileToCopy = { path: string; length: number | null; open: () => Promise<FileHandle | null> }
export type WithDatabaseFiles = <Result>(work: (files: { file: string; length: number }[]) => Promise<Result>) => Promise<Result>
export type CopyNeeds = { folder: string; databaseFolder: string; contentFolder: string; withDatabaseFiles: WithDatabaseFiles }

/** What belongs to this computer or this run, and the vault, whose secrets are sealed in the backup under a passphrase of its own. */
const leftOut = new Set(['window', 'owner.json', 'serving.json', 'lock', 'mailroom.json', 'vault.json', 'outbox-wire', 'outbox-wire.new'])

/**
 * All files of a data folder as they belong together while work goes on: every content that the database names is there. `close` closes
 * what was opened. Packs are opened before and after the database's files: one that is compacted away stays readable.
 */
export async function filesToCopy(needs: CopyNeeds): Promise<{ files: FileToCopy[]; close: () => Promise<void> }> {
  const handles: FileHandle[] = []
  const close = async (): Promise<void> => void (await Promise.all(handles.map((handle) => handle.close())))
  try {
    const packs = new Map<string, FileHandle>()
    await openPacks(needs.contentFolder, packs, handles)
    const database = await needs.withDatabaseFiles((held) => Promise.all(held.map(async ({ file, length }) => {
      const handle = await open(file, 'r')
      handles.push(handle)
      return opened(`database/${file.slice(needs.databaseFolder.length + 1)}`, handle, length)
    })))
    await openPacks(needs.contentFolder, packs, handles)
    const contents = await Promise.all([...packs].map(async ([name, handle]) => opened(`content/${name}`, handle, (await handle.stat()).size)))
    return { files: [...database, ...contents, ...(await others(needs.folder))], close }
  } catch (error) {
    await close()
    throw error
  }
}

const opened = (path: string, handle: FileHandle, length: number): FileToCopy => ({ path, length, open: async () => handle })

async function openPacks(folder: string, packs: Map<string, FileHandle>, handles: FileHandle[]): Promise<void> {
  for (const name of await namesIn(folder)) {
    if (packs.has(name) || name.endsWith('.tmp')) continue
    const handle = await openUnlessGone(join(folder, name))
    if (handle === null) continue
    packs.set(name, handle)
    handles.push(handle)
  }
}

/** Error records, logs and whatever else lies in the folder; one that goes before its turn was let go of on purpose. */
async function others(folder: string): Promise<FileToCopy[]> {
  const found: FileToCopy[] = []
  const walk = async (below: string): Promise<void> => {
    for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
      const path = below === '' ? entry.name : `${below}/${entry.name}`
      if ((below === '' && (leftOut.has(entry.name) || entry.name === 'database' || entry.name === 'content')) || entry.name.endsWith('.tmp')) continue
      if (entry.isDirectory()) await walk(path)
      else if (entry.isFile()) found.push({ path, length: null, open: () => openUnlessGone(join(folder, path)) })
    }
  }
  await walk('')
  return found.sort((one, other) => (one.path < other.path ? -1 : 1))
}

const namesIn = async (folder: string): Promise<string[]> => {
  const entries = await readdir(folder, { withFileTypes: true }).catch(unlessMissing([]))
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name).sort()
}
const openUnlessGone = (file: string): Promise<FileHandle | null> => open(file, 'r').catch(unlessMissing(null))
