import { randomUUID } from 'node:crypto'
import { access, chmod, constants, mkdir, readFile, readdir, rm, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { ProblemError } from '#contract/problem.ts'
import { logFolderIn } from '../log/create-log.ts'
import { withDiskProblems } from './disk-problem.ts'
import { lockFolder } from './lock-folder.ts'
import { parseJson } from './parse-json.ts'
import { unlessMissing } from './unless-missing.ts'
import { writeFileDurably } from './write-file-durably.ts'

/** What credentials are kept in; remembered so that a folder never changes its kind unasked. */
export type CredentialKind = 'keychain' | 'vault'

/** An open data folder: this process alone holds it until `close`. All paths are absolute. */
export type DataFolder = {
  path: string
  /** Names this folder in the keychain; outlives moving the folder. */
  id: string
  readOnly: boolean
  databaseFolder: string
  contentFolder: string
  logFolder: string
  vaultFile: string
  credentialKind(): CredentialKind | null
  rememberCredentialKind(kind: CredentialKind): Promise<void>
  /** Whether it was restored from a backup, and nobody has looked yet at what the console that it is a copy of may have done since. */
  isRestored(): boolean
  noteRestored(is: boolean): Promise<void>
  /** Whether anything was ever encrypted with this folder's data key. */
  holdsData(): Promise<boolean>
  close(): Promise<void>
}

const supportedFormat = 1
const formatFile = z.object({ format: z.int().min(1), id: z.string().min(8), credentials: z.enum(['keychain', 'vault']).nullable().default(null), restored: z.boolean().default(false) })
type Format = z.infer<typeof formatFile>

/**
 * Opens the data folder, made with mode 0700 where it is missing. `readOnly` makes nothing and takes no lock. Throws ProblemError
 * `data-folder-in-use`, `data-folder-newer`, `data-folder-unwritable`, `data-folder-damaged`, `disk-full`, or, read-only,
 * `file-not-found`.
 */
export async function openDataFolder(folder: string, options: { readOnly?: boolean } = {}): Promise<DataFolder> {
  const path = resolve(folder)
  const readOnly = options.readOnly ?? false
  return withDiskProblems(path, async () => {
    if (!readOnly) await makePrivate(path)
    const release = readOnly ? () => Promise.resolve() : await lockFolder(path)
    try {
      const format = (await readFormat(path)) ?? (readOnly ? missing(path) : await writeFormat(path, { format: supportedFormat, id: randomUUID(), credentials: null, restored: false }))
      const opened = describe(path, format, readOnly, release)
      await mustHaveDatabase(opened)
      if (!readOnly) await clearUnfinished(path)
      return opened
    } catch (error) {
      await release()
      throw error
    }
  })
}

function describe(path: string, format: Format, readOnly: boolean, release: () => Promise<void>): DataFolder {
  const databaseFolder = join(path, 'database')
  const contentFolder = join(path, 'content')
  let kept = format
  const keep = async (change: Partial<Format>): Promise<void> => {
    await withDiskProblems(path, () => writeFormat(path, { ...kept, ...change }))
    kept = { ...kept, ...change }
  }
  return {
    path,
    id: format.id,
    readOnly,
    databaseFolder,
    contentFolder,
    logFolder: logFolderIn(path),
    vaultFile: join(path, 'vault.json'),
    credentialKind: () => kept.credentials,
    async rememberCredentialKind(chosen) {
      if (chosen !== kept.credentials && !readOnly) await keep({ credentials: chosen })
    },
    isRestored: () => kept.restored,
    async noteRestored(is) {
      if (is !== kept.restored && !readOnly) await keep({ restored: is })
    },
    holdsData: async () => (await filesIn(databaseFolder)) + (await filesIn(contentFolder)) > 0,
    close: release
  }
}

async function makePrivate(path: string): Promise<void> {
  if (await makeFolder(path)) await chmod(path, 0o700)
  await access(path, constants.R_OK | constants.W_OK | constants.X_OK)
}

/** Whether it was made. Not `recursive`: that never returns where the parent is there and still nothing can be made in it, as in /proc. */
async function makeFolder(path: string, hasParent = false): Promise<boolean> {
  try {
    await mkdir(path, { mode: 0o700 })
    return true
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return false
    if (code !== 'ENOENT' || hasParent || dirname(path) === path) throw error
    await makeFolder(dirname(path))
    return makeFolder(path, true)
  }
}

/** A database that is gone is not begun anew: the mail that it knew of would be missing without a word. */
async function mustHaveDatabase({ databaseFolder, contentFolder }: DataFolder): Promise<void> {
  if ((await filesIn(contentFolder)) === 0 || (await filesIn(databaseFolder)) > 0) return
  throw new ProblemError({ code: 'data-folder-damaged', file: databaseFolder, reason: 'its files are missing, although there is mail in the data folder' })
}

/** What a process left that was killed while it wrote a file; whoever holds the lock is the only one that writes. */
async function clearUnfinished(path: string): Promise<void> {
  for (const folder of [path, join(path, 'errors')])
    for (const name of await readdir(folder).catch((): string[] => [])) if (/\.\d+\.tmp$/.test(name)) await rm(join(folder, name), { force: true })
}

async function readFormat(path: string): Promise<Format | null> {
  const file = join(path, 'mailroom.json')
  const text = await readFile(file, 'utf8').catch(unlessMissing(null))
  if (text === null) return null
  const version = z.object({ format: z.int() }).safeParse(parseJson(text))
  if (version.success && version.data.format > supportedFormat) throw new ProblemError({ code: 'data-folder-newer', folder: path, version: version.data.format, supported: supportedFormat })
  const format = formatFile.safeParse(parseJson(text))
  if (!format.success) throw new ProblemError({ code: 'data-folder-damaged', file, reason: 'it is not the description of a data folder' })
  return format.data
}

async function writeFormat(path: string, format: Format): Promise<Format> {
  await writeFileDurably(join(path, 'mailroom.json'), `${JSON.stringify(format)}\n`)
  return format
}

const missing = (path: string): never => {
  throw new ProblemError({ code: 'file-not-found', file: path })
}

const filesIn = async (folder: string): Promise<number> => (await readdir(folder).catch(() => [])).length
