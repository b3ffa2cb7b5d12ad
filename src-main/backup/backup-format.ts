import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { ProblemError } from '#contract/problem.ts'
import { parseJson } from '../data-folder/parse-json.ts'

/** The format that this version writes, and the newest that it reads. */
export const supportedFormat = 1
export const headFile = 'backup.json'
export const manifestFile = 'manifest.json'
/** Where the files of the data folder are in the zip. */
export const dataPrefix = 'data/'

const base64 = z.string().regex(/^[A-Za-z0-9+/]*=*$/)
// The bounds keep an edited file from making the key derivation trivial or endless.
const kdf = z.strictObject({ name: z.literal('scrypt'), N: z.int().min(1 << 14).max(1 << 20), r: z.int().min(8).max(16), p: z.int().min(1).max(4), salt: base64 })
type Kdf = z.infer<typeof kdf>
const head = z.strictObject({ format: z.literal(supportedFormat), madeAt: z.iso.datetime(), product: z.string().max(100), folder: z.string().max(100), kdf, proof: base64, nonce: base64, tag: base64, sealed: base64 })
/** `backup.json`: when and by what it was made, how the key comes from the passphrase, and the secrets, sealed. */
export type BackupHead = z.infer<typeof head>

const manifest = z.strictObject({
  head: z.string(), files: z.array(z.strictObject({ path: z.string().min(1).max(1000), size: z.int().min(0), sha256: z.string().regex(/^[0-9a-f]{64}$/) })), mac: base64
})
export type ListedFile = z.infer<typeof manifest>['files'][number]

/** Keys that come from the passphrase: one seals the secrets, one proves the manifest, one tells a wrong passphrase from damage. */
export type BackupKeys = { seal: Buffer; manifest: Buffer; proof: Buffer }
/** Every credential by account, the data key among them. */
export type Secrets = [account: string, secret: string][]
const secretsShape = z.array(z.tuple([z.string(), z.string()]))

/** A new head over the secrets, with the keys that go with it. `N` is the cost of scrypt (RFC 7914); tests take less. */
export async function makeHead(about: Pick<BackupHead, 'madeAt' | 'product' | 'folder'>, passphrase: string, secrets: Secrets, N = 1 << 17): Promise<{ head: BackupHead; keys: BackupKeys }> {
  const derivation: Kdf = { name: 'scrypt', N, r: 8, p: 1, salt: randomBytes(16).toString('base64') }
  const keys = await keysFrom(passphrase, derivation)
  const open = { format: supportedFormat, madeAt: about.madeAt, product: about.product, folder: about.folder, kdf: derivation, proof: keys.proof.toString('base64') } as const
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', keys.seal, nonce).setAAD(bound(open))
  const sealed = Buffer.concat([cipher.update(JSON.stringify(secrets), 'utf8'), cipher.final()])
  return { head: { ...open, nonce: nonce.toString('base64'), tag: cipher.getAuthTag().toString('base64'), sealed: sealed.toString('base64') }, keys }
}

/** Reads `backup.json`. Throws ProblemError `backup-newer`, `backup-damaged`. */
export function readHead(file: string, text: string): BackupHead {
  const parsed = parseJson(text)
  const version = z.object({ format: z.int() }).safeParse(parsed)
  if (version.success && version.data.format > supportedFormat) throw new ProblemError({ code: 'backup-newer', file, version: version.data.format, supported: supportedFormat })
  const found = head.safeParse(parsed)
  if (!found.success) throw damaged(file, `${headFile} is not what was written`)
  return found.data
}

/** Opens the secrets. Throws ProblemError `wrong-passphrase`, `backup-damaged`. */
export async function openHead(file: string, { nonce, tag, sealed, ...open }: BackupHead, passphrase: string): Promise<{ keys: BackupKeys; secrets: Secrets }> {
  const keys = await keysFrom(passphrase, open.kdf)
  if (!same(keys.proof, Buffer.from(open.proof, 'base64'))) throw new ProblemError({ code: 'wrong-passphrase', of: 'backup' })
  try {
    const decipher = createDecipheriv('aes-256-gcm', keys.seal, Buffer.from(nonce, 'base64'), { authTagLength: 16 }).setAAD(bound(open)).setAuthTag(Buffer.from(tag, 'base64'))
    const plain = Buffer.concat([decipher.update(Buffer.from(sealed, 'base64')), decipher.final()])
    return { keys, secrets: secretsShape.parse(JSON.parse(plain.toString('utf8'))) }
  } catch (error) {
    throw damaged(file, 'the secrets in it are not what was written', error)
  }
}

/** `manifest.json`: every file with its size and SHA-256, and a proof (HMAC-SHA256) that nobody without the passphrase can make. */
export const makeManifest = (keys: BackupKeys, headText: string, files: readonly ListedFile[]): string => {
  const list = { head: sha256(headText), files: [...files] }
  return `${JSON.stringify({ ...list, mac: macOf(keys, list).toString('base64') })}\n`
}

/** Reads and proves `manifest.json`. Throws ProblemError `backup-damaged`. */
export function readManifest(file: string, text: string, keys: BackupKeys, headText: string): ListedFile[] {
  const found = manifest.safeParse(parseJson(text))
  if (!found.success) throw damaged(file, `${manifestFile} is not what was written`)
  const { mac, ...list } = found.data
  if (!same(macOf(keys, list), Buffer.from(mac, 'base64'))) throw damaged(file, `${manifestFile} is not what was written`)
  if (list.head !== sha256(headText)) throw damaged(file, `${headFile} is not what was written`)
  return list.files
}

export const damaged = (file: string, reason: string, cause?: unknown): ProblemError => new ProblemError({ code: 'backup-damaged', file, reason }, { cause })

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
const macOf = (keys: BackupKeys, { head: digest, files }: { head: string; files: readonly ListedFile[] }): Buffer =>
  createHmac('sha256', keys.manifest).update(JSON.stringify([supportedFormat, digest, files.map(({ path, size, sha256: of }) => [path, size, of])])).digest()
const same = (one: Buffer, other: Buffer): boolean => one.length === other.length && timingSafeEqual(one, other)
const bound = ({ format, madeAt, product, folder, kdf: { name, N, r, p, salt }, proof }: Omit<BackupHead, 'nonce' | 'tag' | 'sealed'>): Buffer => Buffer.from(JSON.stringify([format, madeAt, product, folder, name, N, r, p, salt, proof]))

async function keysFrom(passphrase: string, { N, r, p, salt }: Kdf): Promise<BackupKeys> {
  const master = await new Promise<Buffer>((resolve, reject) => {
    // scrypt needs 128·N·r bytes; Node's own limit is 32 MB.
    scrypt(passphrase.normalize('NFKC'), Buffer.from(salt, 'base64'), 32, { N, r, p, maxmem: 128 * N * r + (64 << 20) }, (error, key) => (error ? reject(error) : resolve(key)))
  })
  const derive = (info: string): Buffer => Buffer.from(hkdfSync('sha256', master, Buffer.alloc(0), `mailroom backup ${info} 1`, 32))
  return { seal: derive('seal'), manifest: derive('manifest'), proof: derive('proof').subarray(0, 8) }
}
