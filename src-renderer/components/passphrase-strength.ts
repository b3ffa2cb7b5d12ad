/** A rough judgement by length and variety: level 0 to 4 and its word. It guides; only the length is enforced. */
export const passphraseStrength = (passphrase: string): { level: number; word: string } => {
  const distinct = new Set(passphrase).size
  const kinds = [/\p{Ll}/u, /\p{Lu}/u, /\p{N}/u, /[^\p{L}\p{N}]/u].filter((kind) => kind.test(passphrase)).length
  const score = Math.min(passphrase.length, distinct * 2) + kinds * 2
  const level = passphrase.length < 8 ? (passphrase === '' ? 0 : 1) : score < 16 ? 2 : score < 24 ? 3 : 4
  return { level, word: ['none', 'too short', 'fair', 'good', 'strong'][level] ?? 'none' }
}
