import { nearestName } from '#contract/nearest-name.ts'

/** Said of a key that looks as if a secret were written after it; null for other keys. The value is never repeated. */
export const secretInClear = (key: string, path: string): string | null => {
  if (key === 'secret' && /^(?:incoming|outgoing)\[\d+\]$/.test(path)) return '`secret` belongs under `auth`, and names where the secret comes from: env:NAME, file:PATH, keychain or ask.'
  if (!/^(?:pass(?:word|wd|phrase)?|pwd|secret|client_?secret|(?:access_?|refresh_?)?token|api_?key|private_?key)$/i.test(key)) return null
  return `A secret is never written into this file. Leave \`${key}\` out and name where the secret comes from: \`secret: env:NAME\`, \`file:PATH\` or \`keychain\`.`
}

/** Only what looks like a key may be repeated: with a space or colon missing, a secret could stand where a key should. */
export const looksLikeKey = (key: string | null): key is string => key !== null && /^[A-Za-z][A-Za-z0-9_-]{0,30}$/.test(key)

export const unknownKey = (key: string | null, known: readonly string[]): string => {
  if (!looksLikeKey(key)) return 'This is no key that is known here. Is a space after the colon missing, or a comma?'
  const nearest = nearestName(key, known)
  return nearest === null ? `unknown key \`${key}\`; known here: ${known.join(', ')}` : `unknown key \`${key}\` — did you mean \`${nearest}\`?`
}
