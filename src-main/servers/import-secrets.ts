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

/**
 * Reads the secrets that a configuration file points to. One that cannot be read is a warning with the next step: the import is good
 * without it. No warning holds a secret. Secrets come by account; `stored` are the accounts that hold one.
 */
export const readSecrets = async (
  origins: SecretOrigins, wanted: readonly SecretWanted[], stored: ReadonlySet<string>, configurationFile: string
): Promise<{ secrets: Map<string, string>; warnings: InputIssue[] }> => {
  const secrets = new Map<string, string>()
  const warnings: InputIssue[] = []
  for (const { path, name, purpose, source } of wanted) {
    const account = purpose === 'hand-over' ? accountOfTarget(name) : accountOf(name, purpose)
    const found = source === 'keychain' ? { reason: nothingStored[purpose] } : await secretFrom(origins, source, configurationFile)
    const order = purpose === 'hand-over' ? `mailroom hand-over secret ${quoted(name)}` : `mailroom secret set ${quoted(name)}${purpose === 'sign-in' ? '' : ` --for ${purpose}`}`
    if ('secret' in found) secrets.set(account, found.secret)
    else if (!stored.has(account)) warnings.push({ path, message: `${found.reason}. Next: \`${order}\`.` })
    else if (source !== 'keychain') warnings.push({ path, message: `${found.reason}; the secret that is stored for \`${name}\` is kept.` })
  }
  return { secrets, warnings }
}

const nothingStored: Record<SecretWanted['purpose'], string> = { 'sign-in': 'No secret is stored', proxy: 'No password of the proxy is stored', 'client-key': 'No passphrase of the client key is stored', 'hand-over': 'No secret of the help desk is stored' }

/** A path in the file is relative to the file, where that is known. */
export const besideFile = (path: string, configurationFile: string): string =>
  isAbsolute(path) || !isAbsolute(configurationFile) ? path : resolve(dirname(configurationFile), path)

type Found = { secret: string } | { reason: string }

const secretFrom = async ({ environment, readTextFile }: SecretOrigins, source: string, configurationFile: string): Promise<Found> => {
  const place = source.slice(source.indexOf(':') + 1)
  if (source.startsWith('env:')) return usable(passphraseOfVault === place ? undefined : environment(place), `The environment variable ${place}`)
  const file = besideFile(place, configurationFile)
  if (!isAbsolute(file)) return { reason: `The file ${place} cannot be found from here` }
  try {
    return usable((await readTextFile(file)).replace(/\r?\n$/, ''), `The file ${place}`)
  } catch {
    return { reason: `The file ${place} cannot be read` }
  }
}

/** What opens all secrets is nobody's password. */
const passphraseOfVault = 'MAILROOM_PASSPHRASE'

const usable = (secret: string | undefined, from: string): Found => {
  if (secret === undefined) return { reason: `${from} is not set` }
  if (secret === '') return { reason: `${from} is empty` }
  return secret.length > 10_000 || secret.includes('\0') ? { reason: `${from} holds no password` } : { secret }
}

const quoted = (name: string): string => (name.includes(' ') ? `"${name}"` : name)
