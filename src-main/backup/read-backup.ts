import { createHash } from 'node:crypto'
import { Transform, type Readable } from 'node:stream'
import { openPromise, type Entry, type ZipFile } from 'yauzl'
import { ProblemError } from '#contract/problem.ts'
import { damaged, dataPrefix, headFile, manifestFile, openHead, readHead, readManifest, type BackupHead, type ListedFile, type Secrets } from './backup-format.ts'

/** A backup whose passphrase was right and whose list of files is proved; the files themselves are proved as they are read. */
export type OpenBackup = {
  head: BackupHead
  secrets: Secrets
  files: ListedFile[]
  /** Bytes of a file; throws ProblemError `backup-damaged` at the end where they are not what was written. */
  read: (file: ListedFile) => Promise<Readable>
  close: () => void
}

const mostTextBytes = 64 << 20

/** Opens a backup. Throws ProblemError `file-not-found`, `file-unreadable`, `backup-damaged`, `backup-newer`, `wrong-passphrase`. */
export async function openBackup(file: string, passphrase: string): Promise<OpenBackup> {
  const zip = await openZip(file)
  try {
    const entries = await entriesOf(zip, file)
    const headText = await textOf(zip, file, entries, headFile)
    const head = readHead(file, headText)
    const { keys, secrets } = await openHead(file, head, passphrase)
    const files = readManifest(file, await textOf(zip, file, entries, manifestFile), keys, headText)
    const known = new Set([headFile, manifestFile])
    for (const { path, size } of files) {
      if (!isSafe(path)) throw damaged(file, 'it names a file outside of the data folder')
      if (entries.get(`${dataPrefix}${path}`)?.uncompressedSize !== size || known.has(`${dataPrefix}${path}`)) throw damaged(file, `${path} is missing or has another length`)
      known.add(`${dataPrefix}${path}`)
    }
    for (const name of entries.keys()) if (!known.has(name)) throw damaged(file, `something was added to it: ${name.slice(0, 100)}`)
    return { head, secrets, files, read: (one) => provedStream(zip, file, entries.get(`${dataPrefix}${one.path}`) as Entry, one), close: () => zip.close() }
  } catch (error) {
    zip.close()
    throw asProblem(file, error)
  }
}

/** Reads a whole backup and answers what is in it. Throws what `openBackup` throws. */
export async function verifyBackup(file: string, passphrase: string, progress: (bytes: number) => void): Promise<{ madeAt: string; product: string; files: number; bytes: number; secrets: number }> {
  const backup = await openBackup(file, passphrase)
  try {
    let bytes = 0
    for (const one of backup.files)
      for await (const piece of await backup.read(one)) {
        bytes += (piece as Buffer).length
        progress(bytes)
      }
    return { madeAt: backup.head.madeAt, product: backup.head.product, files: backup.files.length, bytes, secrets: backup.secrets.length }
  } catch (error) {
    throw asProblem(file, error)
  } finally {
    backup.close()
  }
}

async function openZip(file: string): Promise<ZipFile> {
  try {
    return await openPromise(file, { lazyEntries: true, autoClose: false, strictFileNames: true, validateEntrySizes: true })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : null
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new ProblemError({ code: 'file-not-found', file }, { cause: error })
    if (code !== null) throw new ProblemError({ code: 'file-unreadable', file, reason: unreadable.get(code) ?? code }, { cause: error })
    throw damaged(file, 'it is no backup, or its end is missing', error)
  }
}
const unreadable: ReadonlyMap<string, string> = new Map([['EACCES', 'this user has no permission'], ['EPERM', 'this user has no permission'], ['EISDIR', 'it is a folder'], ['EIO', 'the disk reported an error']])

/** Entries by name; stored, not encrypted, each name once. */
async function entriesOf(zip: ZipFile, file: string): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>()
  for await (const entry of zip.eachEntry()) {
    if (entries.has(entry.fileName)) throw damaged(file, `${entry.fileName.slice(0, 100)} is in it twice`)
    if (entry.compressionMethod !== 0 || entry.isEncrypted()) throw damaged(file, `${entry.fileName.slice(0, 100)} is not stored as it was written`)
    entries.set(entry.fileName, entry)
  }
  return entries
}

async function textOf(zip: ZipFile, file: string, entries: ReadonlyMap<string, Entry>, name: string): Promise<string> {
  const entry = entries.get(name)
  if (entry === undefined) throw damaged(file, `${name} is missing`)
  if (entry.uncompressedSize > mostTextBytes) throw damaged(file, `${name} is too large`)
  const pieces: Buffer[] = []
  for await (const piece of await zip.openReadStreamPromise(entry)) pieces.push(piece as Buffer)
  return Buffer.concat(pieces).toString('utf8')
}

/** Never leaves the folder that it is put into, on any system. */
const isSafe = (path: string): boolean => path.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && !/[\\:\0]/.test(part))

async function provedStream(zip: ZipFile, file: string, entry: Entry, { path, sha256 }: ListedFile): Promise<Readable> {
  const digest = createHash('sha256')
  const source = await zip.openReadStreamPromise(entry).catch((error: unknown) => { throw asProblem(file, error) })
  const proof = new Transform({
    transform: (piece: Buffer, _encoding, done) => (digest.update(piece), done(null, piece)),
    flush: (done) => (digest.digest('hex') === sha256 ? done() : done(damaged(file, `${path} is not what was written`)))
  })
  source.on('error', (error) => proof.destroy(asProblem(file, error)))
  proof.on('close', () => source.destroy())
  return source.pipe(proof)
}

/** What the zip says of itself, in words; the file system's failures stay what they are. */
const asProblem = (file: string, error: unknown): Error => (error instanceof Error && (error instanceof ProblemError || 'code' in error) ? error : damaged(file, 'it is not what was written', error))
