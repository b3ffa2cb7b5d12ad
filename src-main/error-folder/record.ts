import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { ExplainedStep } from '#contract/message.ts'
import { ProblemError, type Problem } from '#contract/problem.ts'
import type { HeaderField } from '../processing/parsing/parsed-message.ts'

/** What is kept of a message that failed, besides the message itself. */
export type ErrorRecord = { at: string; server: string; uid: string; problem: Problem; exception: string; steps: ExplainedStep[]; headers: HeaderField[] }

export type ErrorRecords = {
  /** Resolves with the record's name when it is on disk. */
  write(record: ErrorRecord): Promise<string>
  /** Throws ProblemError `data-folder-damaged`, also where the record is missing. */
  read(name: string): Promise<ErrorRecord>
  /** All records that are there. */
  names(): Promise<string[]>
  /** Takes records away; one that is not there is no fault. */
  discard(names: readonly string[]): Promise<void>
}

/** `folder` is `errors` below the data folder; `write` puts a file into it durably; `dataKey` has 32 bytes; `redact` takes secrets out of a text. */
export type RecordNeeds = { folder: string; write: (folder: string, name: string, content: Uint8Array) => Promise<void>; dataKey: () => Promise<Buffer>; redact: (text: string) => string }

const magic = Buffer.from('MRE1')
const nonceBytes = 12
const tagBytes = 16

/**
 * Records of messages that failed, a file each: `MRE1`, 12 bytes nonce, 16 bytes tag, then the text (JSON) under AES-256-GCM with a key
 * derived from the data key by HKDF-SHA256. The file's name is bound in, so that records cannot be exchanged.
 */
export function createErrorRecords({ folder, write, dataKey, redact }: RecordNeeds): ErrorRecords {
  const key = async (): Promise<Buffer> => Buffer.from(hkdfSync('sha256', await dataKey(), Buffer.alloc(0), 'mailroom error records', 32))
  return {
    async write(record) {
      const name = `${randomBytes(12).toString('hex')}.record`
      const text = JSON.stringify({ ...record, exception: redact(record.exception) })
      await write(folder, name, sealed(await key(), name, Buffer.from(text, 'utf8')))
      return name
    },
    async read(name) {
      try {
        return JSON.parse(opened(await key(), name, await readFile(join(folder, name))).toString('utf8')) as ErrorRecord
      } catch (thrown) {
        if (thrown instanceof ProblemError) throw thrown
        throw new ProblemError({ code: 'data-folder-damaged', file: `errors/${name}`, reason: 'The error record is missing or not the one that was written.' }, { cause: thrown })
      }
    },
    names: async () => (await filesIn(folder)).filter((name) => /^[0-9a-f]{24}\.record$/.test(name)),
    discard: async (names) => void (await Promise.all(names.map((name) => rm(join(folder, name), { force: true }))))
  }
}

/** The folder is made with its first record. */
const filesIn = (folder: string): Promise<string[]> =>
  readdir(folder).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT') return []
    throw thrown
  })

function sealed(key: Buffer, name: string, text: Buffer): Buffer {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(name))
  const body = Buffer.concat([cipher.update(text), cipher.final()])
  return Buffer.concat([magic, nonce, cipher.getAuthTag(), body])
}

function opened(key: Buffer, name: string, file: Buffer): Buffer {
  const body = magic.length + nonceBytes + tagBytes
  if (file.length < body || !file.subarray(0, magic.length).equals(magic)) throw new Error('not a record')
  const decipher = createDecipheriv('aes-256-gcm', key, file.subarray(magic.length, magic.length + nonceBytes)).setAAD(Buffer.from(name))
  decipher.setAuthTag(file.subarray(magic.length + nonceBytes, body))
  return Buffer.concat([decipher.update(file.subarray(body)), decipher.final()])
}
