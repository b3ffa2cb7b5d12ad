import { incomingProtocols, outgoingProtocols } from '#contract/protocols.ts'
import { nearestName } from '../model/nearest-name.ts'

/** What is said of protocols, ways to sign in and keys that a configuration file may name and this version does not have. */
export const laterProtocol = (path: string, protocol: unknown): Later | null => {
  if (typeof protocol !== 'string' || !laterProtocols.includes(protocol)) return null
  if (path.startsWith('incoming[')) return { key: 'protocol', message: `This version fetches over ${inWords(Object.keys(incomingProtocols))}; \`${protocol}\` is not part of it yet.` }
  return path.startsWith('outgoing[') ? { key: 'protocol', message: `This version sends over ${inWords(Object.keys(outgoingProtocols))}; \`${protocol}\` is not part of it yet.` } : null
}

export const laterSignIn = (path: string, method: unknown): Later | null => {
  if (typeof method !== 'string' || !path.endsWith('.auth')) return null
  const [label, methods] = path.startsWith('incoming[') ? ['IMAP and POP3', ['password']] : ['SMTP', ['password', 'none']]
  if (methods.includes(method)) return null
  const known = laterMethods.includes(method) ? `; \`${method}\` is not part of it yet` : ''
  return { key: 'method', message: `This version signs in to ${label} with \`method\` ${inWords(methods)}${known}.` }
}

type Later = { key: 'protocol' | 'method'; message: string }
const laterProtocols = ['ews', 'graph', 'gmail', 'google']
const laterMethods = ['oauth2', 'ntlm', 'service-account', 'none']
const laterKeys = ['endpoint', 'mailbox', 'provider', 'flow', 'authority', 'tenant', 'clientId', 'account', 'subject', 'authorizationUrl', 'tokenUrl', 'deviceUrl', 'scope']

export const spamRulesLater = 'Spam rules are not part of this version. Leave the list empty.'

/** Said of a key that looks as if a secret were written after it; null for other keys. The value is never repeated. */
export const secretInClear = (key: string, path: string): string | null => {
  if (key === 'secret' && /^(?:incoming|outgoing)\[\d+\]$/.test(path)) return '`secret` belongs under `auth`, and names where the secret comes from: env:NAME, file:PATH or keychain.'
  if (!/^(?:pass(?:word|wd|phrase)?|pwd|secret|client_?secret|(?:access_?|refresh_?)?token|api_?key|private_?key)$/i.test(key)) return null
  return `A secret is never written into this file. Leave \`${key}\` out and name where the secret comes from: \`secret: env:NAME\`, \`file:PATH\` or \`keychain\`.`
}

/** Only what looks like a key may be repeated: with a space or colon missing, a secret could stand where a key should. */
export const looksLikeKey = (key: string | null): key is string => key !== null && /^[A-Za-z][A-Za-z0-9_-]{0,30}$/.test(key)

export const unknownKey = (key: string | null, known: readonly string[]): string => {
  if (!looksLikeKey(key)) return 'This is no key that is known here. Is a space after the colon missing, or a comma?'
  if (laterKeys.includes(key)) return `\`${key}\` belongs to protocols and sign-ins that are not part of this version.`
  const nearest = nearestName(key, known)
  return nearest === null ? `unknown key \`${key}\`; known here: ${known.join(', ')}` : `unknown key \`${key}\` — did you mean \`${nearest}\`?`
}

const inWords = (names: readonly string[]): string => names.join(' or ')
