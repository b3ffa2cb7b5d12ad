import { dirname, isAbsolute, resolve } from 'node:path'
import type { InputIssue } from '#contract/problem.ts'
import { accountOfTarget } from '../hand-over/hand-over-needs.ts'
import { accountOf, type SecretPurpose } from './server-secrets.ts'

/** Where secrets come from at an import: the environment and files of the machine that the core runs on. */
export type SecretOrigins = {
  environment: (name: string) => string | undefined
  /** Text of a file; rejects where it cannot be read. */
  readTextFile: (path: string) => Promise<string>
}

/** A secret of a server or a help desk, where in the file it is asked for, and the source that the file names for it. */
export type SecretWanted = { path: string; name: string; purpose: SecretPurpose | 'hand-over'; source: string }

/** A secret that whoever imports has typed. */
export type SecretTyped = { server: string; purpose: SecretWanted['purpose']; secret: string }

const accountOfWanted = ({ name, purpose }: Pick<SecretWanted, 'name' | 'purpose'>): string => (purpose === 'hand-over' ? accountOfTarget(name) : accountOf(name, purpose))

/** What there is of a secret before anybody typed one: it can be read, or is stored already; null where it is neither. */
export type SecretSought = { wanted: SecretWanted; account: string; found: string | null; isStored: boolean; reason: string }

/** Looks for the secrets that a configuration file points to. `stored` are the accounts that hold one. */
export const seekSecrets = async (origins: SecretOrigins, wanted: readonly SecretWanted[], stored: ReadonlySet<string>, configurationFile: string): Promise<SecretSought[]> => {
  const sought: SecretSought[] = []
  for (const one of wanted) {
    const account = accountOfWanted(one)
    const found = one.source === 'keychain' || one.source === 'ask' ? { reason: nothingStored[one.purpose] } : await secretFrom(origins, one.source, configurationFile)
    sought.push({ wanted: one, account, isStored: stored.has(account), ...('secret' in found ? { found: found.secret, reason: '' } : { found: null, reason: found.reason }) })
  }
  return sought
}

/**
 * The secrets that an import stores, by account: those that were typed come before those that were found. One that is neither is a
 * warning with the next step: the import is good without it. No warning holds a secret.
 */
export const chooseSecrets = (sought: readonly SecretSought[], typed: readonly SecretTyped[]): { secrets: Map<string, string>; warnings: InputIssue[] } => {
  const secrets = new Map(typed.map(({ server, purpose, secret }) => [accountOfWanted({ name: server, purpose }), secret]))
  const warnings: InputIssue[] = []
  for (const { wanted: { path, name, purpose, source }, account, found, isStored, reason } of sought) {
    if (secrets.has(account)) continue
    const order = purpose === 'hand-over' ? `mailroom hand-over secret ${quoted(name)}` : `mailroom secret set ${quoted(name)}${purpose === 'sign-in' ? '' : ` --for ${purpose}`}`
    if (found !== null) secrets.set(account, found)
    else if (!isStored) warnings.push({ path, message: `${reason}. Next: \`${order}\`.` })
    else if (source !== 'keychain' && source !== 'ask') warnings.push({ path, message: `${reason}; the secret that is stored for \`${name}\` is kept.` })
  }
  return { secrets, warnings }
}

const nothingStored: Record<SecretWanted['purpose'], string> = { 'sign-in': 'No secret is stored', proxy: 'No password of the proxy is stored', 'client-key': 'No passphrase of the client key is stored', dkim: 'No DKIM key is stored', 'hand-over': 'No secret of the help desk is stored' }

/** A path in the file is relative to the file, where that is known. */
export const besideFile = (path: string, configurationFile: string): string =>
  isAbsolute(path) || !isAbsolute(configurationFile) ? path : resolve(dirname(configurationFile), path)

type Found = { secret: string } | { reason: string }

const secretFrom = async ({ environment, readTextFile }: SecretOrigins, source: string, configurationFile: string): Promise<Found> => {
  const place = source.slice(source.indexOf(':') + 1)
  if (source.startsWith('env:')) return usable(passphrases.has(place) ? undefined : environment(place), `The environment variable ${place}`)
  const file = besideFile(place, configurationFile)
  if (!isAbsolute(file)) return { reason: `The file ${place} cannot be found from here` }
  try {
    return usable((await readTextFile(file)).replace(/\r?\n$/, ''), `The file ${place}`)
  } catch {
    return { reason: `The file ${place} cannot be read` }
  }
}

/** What opens all secrets is nobody's password. */
const passphrases: ReadonlySet<string> = new Set(['MAILROOM_PASSPHRASE', 'MAILROOM_BACKUP_PASSPHRASE'])

const usable = (secret: string | undefined, from: string): Found => {
  if (secret === undefined) return { reason: `${from} is not set` }
  if (secret === '') return { reason: `${from} is empty` }
  return secret.length > 10_000 || secret.includes('\0') ? { reason: `${from} holds no password` } : { secret }
}

const quoted = (name: string): string => (name.includes(' ') ? `"${name}"` : name)
