import { createHash } from 'node:crypto'
import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { FileHandle } from 'node:fs/promises'
import { ZipFile } from 'yazl'
import { ProblemError } from '#contract/problem.ts'
import { dataPrefix, headFile, makeManifest, manifestFile, type BackupHead, type BackupKeys, type ListedFile } from './backup-format.ts'
import type { FileToCopy } from './files-to-copy.ts'

export type BackupContent = { head: BackupHead; keys: BackupKeys; files: readonly FileToCopy[] }
/** `progress` hears how many bytes of the files are written. */
export type WriteOrder = { output: Writable; signal: AbortSignal; progress: (bytes: number) => void; now: Date }

const pieceBytes = 1 << 20

/** Writes a backup as a zip: the head, the files, stored as they are, and the manifest; `output` is not held up by more than a piece. Throws ProblemError `cancelled`. */
export async function writeBackup({ head, keys, files }: BackupContent, { output, signal, progress, now }: WriteOrder): Promise<void> {
  const zip = new ZipFile()
  const options = { mtime: now, mode: 0o100600, compress: false }
  const failure = new AbortController()
  const listed: ListedFile[] = []
  const headText = `${JSON.stringify(head)}\n`
  let written = 0
  const lazily = (path: string, bytes: () => AsyncIterable<Buffer>): void => zip.addReadStreamLazy(path, options, (give) => {
    const stream = Readable.from(bytes(), { signal: failure.signal })
    stream.on('error', (error) => failure.abort(error))
    give(null, stream)
  })

  zip.addBuffer(Buffer.from(headText), headFile, options)
  for (const file of files)
    lazily(`${dataPrefix}${file.path}`, () => hashed(file, (one) => listed.push(one), (bytes) => progress((written += bytes))))
  lazily(manifestFile, async function* () {
    yield Buffer.from(makeManifest(keys, headText, listed))
  })
  zip.end()
  try {
    await pipeline(zip.outputStream, output, { signal: AbortSignal.any([signal, failure.signal]), end: false })
  } catch (thrown) {
    if (signal.aborted) throw new ProblemError({ code: 'cancelled' }, { cause: thrown })
    throw failure.signal.aborted ? failure.signal.reason : thrown
  } finally {
    // The zip does not end the file that it was reading when nobody wants it any more.
    failure.abort()
  }
}

/** The bytes of a file up to its length, told with their sum when all are out. One that is gone is empty. */
async function* hashed(file: FileToCopy, list: (one: ListedFile) => void, step: (bytes: number) => void): AsyncGenerator<Buffer> {
  const digest = createHash('sha256')
  const handle = await file.open()
  let size = 0
  try {
    for await (const piece of piecesOf(handle, file.length)) {
      digest.update(piece)
      size += piece.length
      yield piece
      step(piece.length)
    }
  } finally {
    if (file.length === null) await handle?.close()
  }
  if (file.length !== null && size < file.length) throw new Error(`${file.path} became shorter while it was copied`)
  list({ path: file.path, size, sha256: digest.digest('hex') })
}

async function* piecesOf(handle: FileHandle | null, length: number | null): AsyncGenerator<Buffer> {
  if (handle === null) return
  // A log goes on growing: what is there at first is enough.
  const end = length ?? (await handle.stat()).size
  for (let at = 0; at < end; ) {
    const into = Buffer.allocUnsafe(Math.min(pieceBytes, end - at))
    const { bytesRead } = await handle.read(into, 0, into.length, at)
    if (bytesRead === 0) return
    yield into.subarray(0, bytesRead)
    at += bytesRead
  }
}
