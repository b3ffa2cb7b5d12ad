import { Box } from '@mui/material'
import { SecretLine } from './fields.tsx'
import { passphraseStrength } from './passphrase-strength.ts'

type Needs = { first: string; second: string; onFirst: (typed: string) => void; onSecond: (typed: string) => void; tried: boolean; autoFocus?: boolean; disabled?: boolean }

/** A new passphrase, typed twice, with a judgement of its strength. `tried` shows what is missing. */
export const NewPassphrase = ({ first, second, onFirst, onSecond, tried, autoFocus = false, disabled = false }: Needs) => {
  const strength = passphraseStrength(first)
  return (
    <>
      <SecretLine label="Passphrase" stored={false} value={first} onChange={onFirst} autoFocus={autoFocus} disabled={disabled} error={tried && first.length < 8 ? 'Use at least 8 characters.' : undefined} helper={first === '' ? 'At least 8 characters; several words are easy to remember and hard to guess.' : `Strength: ${strength.word}`} />
      <Box aria-hidden sx={{ display: 'grid', gridTemplateColumns: 'repeat(4, 1fr)', gap: 0.5, mt: -1 }}>
        {[1, 2, 3, 4].map((level) => <Box key={level} sx={{ height: 3, borderRadius: 1, bgcolor: strength.level >= level ? (strength.level < 2 ? 'error.main' : strength.level < 3 ? 'warning.main' : 'success.main') : 'divider' }} />)}
      </Box>
      <SecretLine label="Passphrase again" stored={false} value={second} onChange={onSecond} disabled={disabled} error={(tried || second.length >= first.length) && second !== '' && first !== second ? 'The two are not the same.' : tried && second === '' ? 'Enter the passphrase a second time.' : undefined} />
    </>
  )
}
