import { Box } from '@mui/material'
import { useState } from 'react'
import type { RetentionPeriods } from '#contract/storage.ts'
import { TextLine } from '../components/fields.tsx'
import { StatusMark } from '../components/status-mark.tsx'

type Needs = { periods: RetentionPeriods; onChange: (periods: RetentionPeriods) => void; errorAt: (key: string) => string | undefined; disabled: boolean }

/** For how many days what is kept, and what that means, said before anything goes. */
export const RetentionFields = ({ periods, onChange, errorAt, disabled }: Needs) => (
  <>
    <Box sx={{ display: 'grid', gridTemplateColumns: { xs: '1fr', sm: '1.3fr 1fr 1fr' }, gap: 1.5 }}>
      <DaysLine label="Attachments and originals" name="originals" value={periods.originals} onChange={(originals) => onChange({ ...periods, originals })} error={errorAt('originals')} disabled={disabled} helper="Afterwards the text stays." />
      <DaysLine label="Texts" name="texts" value={periods.texts} onChange={(texts) => onChange({ ...periods, texts })} error={errorAt('texts')} disabled={disabled} helper="Afterwards number, subject and history stay." />
      <DaysLine label="Error records" name="errorRecords" value={periods.errorRecords} onChange={(errorRecords) => onChange({ ...periods, errorRecords })} error={errorAt('errorRecords')} disabled={disabled} helper="Open ones go too." />
    </Box>
    <Box sx={{ '& span': { whiteSpace: 'normal' } }}><StatusMark tone={isForEver(periods) ? 'neutral' : 'warning'}>{consequence(periods)}</StatusMark></Box>
  </>
)

type DaysNeeds = { label: string; name: string; value: number | null; onChange: (days: number | null) => void; error?: string | undefined; disabled: boolean; helper?: string; width?: number }

/** Days; empty: for ever; what is no number is NaN, which the schema refuses at the field. */
export const DaysLine = ({ value, onChange, ...rest }: DaysNeeds) => {
  const [typed, setTyped] = useState<string | null>(null)
  const shown = typed !== null && Object.is(daysOf(typed), value) ? typed : value === null || Number.isNaN(value) ? '' : String(value)
  const change = (text: string): void => {
    setTyped(text)
    onChange(daysOf(text))
  }
  return <TextLine {...rest} inputMode="numeric" placeholder="for ever" suffix="days" value={shown} onChange={change} />
}

/** "30 days", "for ever". */
export const daysText = (days: number | null): string => (days === null ? 'for ever' : `${days} ${days === 1 ? 'day' : 'days'}`)

const daysOf = (text: string): number | null => (text.trim() === '' ? null : /^\s*\d+\s*$/.test(text) ? Number(text) : Number.NaN)
const isForEver = ({ originals, texts, errorRecords }: RetentionPeriods): boolean => originals === null && texts === null && errorRecords === null

function consequence(periods: RetentionPeriods): string {
  if (isForEver(periods)) return 'Everything is kept. An empty field means for ever.'
  const { originals, texts, errorRecords } = periods
  const parts = [
    ...(texts !== null && (originals === null || originals >= texts) ? [`messages of requests after ${daysText(texts)}, with text and attachments`] : [
      ...(originals === null ? [] : [`attachments and original messages after ${daysText(originals)}`]), ...(texts === null ? [] : [`texts after ${daysText(texts)}`])
    ]),
    ...(errorRecords === null ? [] : [`error records after ${daysText(errorRecords)}`])
  ]
  return `Removed from the disk for good, at the daily clean-up: ${parts.join('; ')}. Mail on the mail servers, also in their error folders, stays there. Backups keep what they have.`
}
