const consonants = 'bdfgklmnprstvz'
const vowels = 'aeiou'

/** A name for the left side of the support address that can be said on the telephone, such as `tarobe48213`; `chance` gives numbers from 0 up to 1. There are 34 thousand million. */
export function instanceName(chance: () => number): string {
  const one = (letters: string): string => letters[Math.floor(chance() * letters.length)] ?? 'a'
  const syllable = (): string => one(consonants) + one(vowels)
  return `${syllable()}${syllable()}${syllable()}${Array.from({ length: 5 }, () => one('0123456789')).join('')}`
}
