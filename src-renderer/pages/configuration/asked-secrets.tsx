import { Box, Typography } from '@mui/material'
import type { SecretAsked } from '#contract/calls.ts'
import { Details } from '../../components/details.tsx'
import { SecretLine } from '../../components/fields.tsx'
import { plural } from '../../components/sizes.ts'

export const secretKey = ({ server, purpose }: Pick<SecretAsked, 'server' | 'purpose'>): string => `${purpose}\n${server}`

type Needs = { secrets: readonly SecretAsked[]; typed: Readonly<Record<string, string>>; onType: (key: string, secret: string) => void; disabled: boolean }
const mostFields = 100

/** A field for each secret that the file asks for or that is missing; those that are there already are folded away. */
export const AskedSecrets = ({ secrets, typed, onType, disabled }: Needs) => {
  const wanted = secrets.filter(({ state, source }) => state === 'missing' || (source === 'ask' && state !== 'found'))
  const there = secrets.filter((one) => !wanted.includes(one))
  if (secrets.length === 0) return null
  const line = (one: SecretAsked) => (
    <SecretLine
      key={secretKey(one)} label={`${one.server}: ${one.label}`} stored={one.state === 'stored'} value={typed[secretKey(one)] ?? ''} onChange={(secret) => onType(secretKey(one), secret)} disabled={disabled}
      helper={one.state === 'found' ? `Comes from ${one.source}.` : one.state === 'stored' ? 'The one that is stored is kept where this is left empty.' : one.source.startsWith('env:') || one.source.startsWith('file:') ? `Nothing was found at ${one.source}.` : undefined}
    />
  )
  const grid = { display: 'grid', gridTemplateColumns: { xs: '1fr', md: '1fr 1fr' }, gap: 1.5 } as const
  return (
    <Box role="group" aria-label="Secrets" sx={{ display: 'grid', gap: 1 }}>
      {wanted.length > 0 && <><Typography variant="h3">Secrets</Typography><Box sx={{ color: 'text.secondary' }}>The file names {plural(wanted.length, 'secret')} that it does not bring. What you enter goes into the credential store; the rest can be entered later.</Box><Box sx={grid}>{wanted.slice(0, mostFields).map(line)}</Box></>}
      {wanted.length > mostFields && <Box sx={{ color: 'text.secondary' }}>{plural(wanted.length - mostFields, 'more secret')} can be entered after the import.</Box>}
      {there.length > 0 && there.length <= mostFields && <Details label={`${plural(there.length, 'secret')} found or stored already`} hint="open to replace one"><Box sx={grid}>{there.map(line)}</Box></Details>}
    </Box>
  )
}
