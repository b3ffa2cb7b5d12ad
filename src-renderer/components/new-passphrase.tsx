import { Box } from '@mui/material'
import { useState } from 'react'
import { SecretLine } from './fields.tsx'
import { passphraseStrength } from './passphrase-strength.ts'

type Typed = { first: string; second: string; tried: boolean }
const nothing: Typed = { first: '', second: '', tried: false }

/** A new passphrase as it is typed. `take` answers it, or null and shows what is missing; `clear` forgets it. */
export type PassphraseDraft = { typed: Typed; type: (part: Partial<Typed>) => void; take: () => string | null; clear: () => void }

export const useNewPassphrase = (): PassphraseDraft => {
  const [typed, setTyped] = useState(nothing)
  const type = (part: Partial<Typed>): void => setTyped((before) => ({ ...before, ...part }))
  const take = (): string | null => {
    type({ tried: true })
    return isTooShort(typed) || typed.first !== typed.second ? null : typed.first
  }
  return { typed, type, take, clear: () => setTyped(nothing) }
}

const isTooShort = ({ first }: Typed): boolean => first.length < 8

/** The fields of a new passphrase, typed twice, with a judgement of its strength. */
export const NewPassphrase = ({ draft: { typed, type }, autoFocus = false, disabled = false }: { draft: PassphraseDraft; autoFocus?: boolean; disabled?: boolean }) => {
  const { first, second, tried } = typed
  const strength = passphraseStrength(first)
  return (
    <>
      <SecretLine label="Passphrase" stored={false} value={first} onChange={(value) => type({ first: value })} autoFocus={autoFocus} disabled={disabled} error={tried && isTooShort(typed) ? 'Use at least 8 characters.' : undefined} helper={first === '' ? 'At least 8 characters; several words are easy to remember and hard to guess.' : `Strength: ${strength.word}`} />
      <Box aria-hidden sx={{ display: 'grid', gridTemplateColumns: 'repeat(4, 1fr)', gap: 0.5, mt: -1 }}>
        {[1, 2, 3, 4].map((level) => <Box key={level} sx={{ height: 3, borderRadius: 1, bgcolor: strength.level >= level ? (strength.level < 2 ? 'error.main' : strength.level < 3 ? 'warning.main' : 'success.main') : 'divider' }} />)}
      </Box>
      <SecretLine label="Passphrase again" stored={false} value={second} onChange={(value) => type({ second: value })} disabled={disabled} error={(tried || second.length >= first.length) && second !== '' && first !== second ? 'The two are not the same.' : tried && second === '' ? 'Enter the passphrase a second time.' : undefined} />
    </>
  )
}
