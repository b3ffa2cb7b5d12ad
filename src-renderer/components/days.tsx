import { Box } from '@mui/material'
import { useNow } from './times.tsx'

/** Whole days from now until a day or a time; negative once it is past. */
export const daysUntil = (at: string, now: number): number => Math.ceil((Date.parse(at) - now) / 86_400_000)

/** "on 1 Apr 2027, in 131 days"; what is past says so. */
export const DayText = ({ day }: { day: string }) => {
  const left = daysUntil(day, useNow())
  return <Box component="time" dateTime={day} sx={{ fontWeight: 500, color: left <= 30 ? 'warning.main' : 'text.primary' }}>{left > 0 ? `on ${dayText(day)}, ${leftText(left)}` : `since ${dayText(day)}`}</Box>
}

/** "1 Apr 2027". */
export const dayText = (day: string): string => new Date(day).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' })

/** "in 131 days", "tomorrow", "today", "3 days ago". */
export const leftText = (days: number): string =>
  days < 0 ? `${-days} ${days === -1 ? 'day' : 'days'} ago` : days === 0 ? 'today' : days === 1 ? 'tomorrow' : `in ${days} days`
