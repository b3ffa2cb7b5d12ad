import type { ErrorPlace, ErrorRow } from '#contract/error-record.ts'
import type { Problem } from '#contract/problem.ts'
import type { Tone } from '../../components/status-mark.tsx'

/** "Message too large" from `message-too-large`: the code in plain words, where there is one message or many. */
export const causeWords = (code: Problem['code']): string => {
  const words = code.replaceAll('-', ' ').replace(/\bemail\b/, 'e-mail')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

export const placeWords = { 'error-folder': 'In the error folder', skipped: 'Left on the server', inbox: 'Back in the inbox', replayed: 'Replayed' } as const satisfies Record<ErrorPlace, string>

/** The mark of what waits for nobody any more; null: it lies in the error folder or on the server and does. */
export const settledTones = { 'error-folder': null, skipped: null, inbox: 'pending', replayed: 'good' } as const satisfies Record<ErrorPlace, Tone | null>

/** Where a mail is now, in a sentence's middle. */
export const placeOf = ({ where, request }: Pick<ErrorRow, 'where' | 'request'>): string => {
  if (where !== 'replayed') return { 'error-folder': 'in the error folder on the server', skipped: 'left on the server, skipped', inbox: 'back in the inbox, waits for the next round' }[where]
  return request === null ? 'replayed: a copy of it was dropped, nothing is left to be done' : `replayed: a copy of it belongs to request ${request}`
}

export const periods = ['all', 'today', '7', '30'] as const
export type Period = (typeof periods)[number]
export const periodWords: Record<Period, string> = { all: 'Any time', today: 'Today', '7': 'Last 7 days', '30': 'Last 30 days' }

/** When a period began, ISO 8601; null where it has no beginning. Today begins at midnight here. */
export const sinceOf = (period: Period, now: Date): string | null => {
  if (period === 'all') return null
  if (period === 'today') return new Date(now.getFullYear(), now.getMonth(), now.getDate()).toISOString()
  return new Date(now.getTime() - Number(period) * 86_400_000).toISOString()
}
