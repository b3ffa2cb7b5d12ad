import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import { ProblemError } from '#contract/problem.ts'
import { withDiskProblems } from '../data-folder/disk-problem.ts'
import { parseJson } from '../data-folder/parse-json.ts'
import { writeFileDurably } from '../data-folder/write-file-durably.ts'
import type { CredentialStore } from './credential-store.ts'

/** A credential store in a file under a passphrase; locked until `unlock` or `create`. */
export interface Vault extends CredentialStore {
  exists(): Promise<boolean>
  isOpen(): boolean
  /** Throws ProblemError `wrong-passphrase`, `data-folder-damaged`, `file-not-found`. */
  unlock(passphrase: string): Promise<void>
  /** Throws ProblemError `file-exists`: a vault is never overwritten by a new one; `invalid-input` for less than 8 characters. */
  create(passphrase: string): Promise<void>
}

const base64 = z.string().regex(/^[A-Za-z0-9+/]+=*$/)
// The bounds keep a tampered file from making the key derivation trivial or endless.
const vaultFile = z.object({
  format: z.literal(1),
  kdf: z.object({ name: z.literal('scrypt'), N: z.int().min(1 << 17).max(1 << 20), r: z.int().min(8).max(16), p: z.int().min(1).max(4), salt: base64 }),
  nonce: base64,
  tag: base64,
  text: base64
})
type VaultFile = z.infer<typeof vaultFile>
type Kdf = VaultFile['kdf']
const secretsShape = z.array(z.tuple([z.string(), z.string()]))
type Open = { key: Buffer; kdf: Kdf; secrets: Map<string, string> }

/** scrypt (RFC 7914) and AES-256-GCM; every change is on disk before its promise resolves. */
export function createVault(file: string): Vault {
  let open: Open | null = null
  let writing: Promise<unknown> = Promise.resolve()
  const opened = (): Open => {
    if (open === null) throw new ProblemError({ code: 'vault-locked' })
    return open
  }
  const oneByOne = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const done = writing.then(work)
    writing = done.catch(() => undefined)
    return done
  }
  const change = <Result>(edit: (secrets: Map<string, string>) => Result): Promise<Result> =>
    oneByOne(async () => {
      const before = opened()
      const secrets = new Map(before.secrets)
      const result = edit(secrets)
      await save(file, { ...before, secrets })
      open = { ...before, secrets }
      return result
    })
  return {
    exists: async () => (await read(file)) !== null,
    isOpen: () => open !== null,
    unlock: (passphrase) =>
      oneByOne(async () => {
        const text = await read(file)
        if (text === null) throw new ProblemError({ code: 'file-not-found', file })
        open = await decrypt(file, text, passphrase)
      }),
    create: (passphrase) =>
      oneByOne(async () => {
        if ((await read(file)) !== null) throw new ProblemError({ code: 'file-exists', file })
        if (passphrase.length < 8) throw new ProblemError({ code: 'invalid-input', issues: [{ path: 'passphrase', message: 'Use at least 8 characters.' }] })
        const kdf: Kdf = { name: 'scrypt', N: 1 << 17, r: 8, p: 1, salt: randomBytes(16).toString('base64') }
        const made = { key: await deriveKey(passphrase, kdf), kdf, secrets: new Map<string, string>() }
        await save(file, made)
        open = made
      }),
    get: async (account) => opened().secrets.get(account) ?? null,
    set: (account, secret) => change((secrets) => void secrets.set(account, secret)),
    delete: (account) => change((secrets) => secrets.delete(account)),
    accounts: async () => [...opened().secrets.keys()].sort()
  }
}

async function decrypt(file: string, text: string, passphrase: string): Promise<Open> {
  const found = vaultFile.safeParse(parseJson(text))
  if (!found.success) throw new ProblemError({ code: 'data-folder-damaged', file, reason: 'it is not a vault' })
  const { kdf, nonce, tag, text: sealed } = found.data
  const key = await deriveKey(passphrase, kdf)
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64'), { authTagLength: 16 }).setAAD(bound(kdf)).setAuthTag(Buffer.from(tag, 'base64'))
  const plain = decipher.update(Buffer.from(sealed, 'base64'))
  try {
    decipher.final()
  } catch (error) {
    throw new ProblemError({ code: 'wrong-passphrase' }, { cause: error })
  }
  return { key, kdf, secrets: new Map(secretsShape.parse(JSON.parse(plain.toString('utf8')))) }
}

async function save(file: string, { key, kdf, secrets }: Open): Promise<void> {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(bound(kdf))
  const text = Buffer.concat([cipher.update(JSON.stringify([...secrets]), 'utf8'), cipher.final()])
  const content: VaultFile = { format: 1, kdf, nonce: nonce.toString('base64'), tag: cipher.getAuthTag().toString('base64'), text: text.toString('base64') }
  await withDiskProblems(dirname(file), () => writeFileDurably(file, `${JSON.stringify(content)}\n`))
}

const bound = ({ name, N, r, p, salt }: Kdf): Buffer => Buffer.from(JSON.stringify([name, N, r, p, salt]))

function deriveKey(passphrase: string, { N, r, p, salt }: Kdf): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    // scrypt needs 128·N·r bytes; Node's own limit is 32 MB.
    const options = { N, r, p, maxmem: 128 * N * r + (64 << 20) }
    scrypt(passphrase.normalize('NFKC'), Buffer.from(salt, 'base64'), 32, options, (error, key) => (error ? reject(error) : resolve(key)))
  })
}

async function read(file: string): Promise<string | null> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  })
}
