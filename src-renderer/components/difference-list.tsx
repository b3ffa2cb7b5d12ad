import { Box, Button } from '@mui/material'
import { useState } from 'react'
import type { ConfigurationDifference } from '#contract/calls.ts'
import { Details } from './details.tsx'
import { Mono } from './mono.tsx'
import { countText, plural } from './sizes.ts'
import { StatusMark, type Tone } from './status-mark.tsx'

type Kind = ConfigurationDifference['kind']
export type KindWords = Record<Kind, { tone: Tone; words: string }>
const shownAtFirst = 100

/** Differences field by field; of very many the first ones, and the rest on demand. */
export const DifferenceList = ({ differences, kinds }: { differences: readonly ConfigurationDifference[]; kinds: KindWords }) => {
  const [shown, setShown] = useState(shownAtFirst)
  const left = differences.length - shown
  return (
    <>
      <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0 }}>{differences.slice(0, shown).map((difference) => <Difference key={`${difference.kind} ${difference.what} ${difference.name}`} difference={difference} {...kinds[difference.kind]} />)}</Box>
      {left > 0 && <Box sx={{ pt: 1 }}><Button onClick={() => setShown(shown + 500)}>Show more</Button> <Box component="span" sx={{ color: 'text.secondary' }}>{countText(left)} more</Box></Box>}
    </>
  )
}

const Difference = ({ difference, tone, words }: { difference: ConfigurationDifference; tone: Tone; words: string }) => {
  const fields = difference.fields.map((field) => <Box key={field.field} sx={{ fontSize: 12.5 }}><Mono>{field.field}</Mono>: {difference.kind === 'added' ? field.there || 'nothing' : difference.kind === 'removed' ? field.here || 'nothing' : <><Box component="span" sx={{ color: 'text.secondary' }}>{field.here || 'nothing'}</Box> → {field.there || 'nothing'}</>}</Box>)
  return (
    <Box component="li" sx={{ py: 0.75, borderBottom: 1, borderColor: 'divider', display: 'grid', gridTemplateColumns: '150px minmax(0, 1fr)', gap: 1, alignItems: 'start' }}>
      <StatusMark tone={tone}>{words}</StatusMark>
      <Box sx={{ minWidth: 0, overflowWrap: 'anywhere' }}>
        <Box><Box component="span" sx={{ fontWeight: 600 }}>{difference.name}</Box> · {difference.what}</Box>
        {difference.kind === 'changed' ? fields : <Details label={plural(difference.fields.length, 'field')}>{fields}</Details>}
      </Box>
    </Box>
  )
}
