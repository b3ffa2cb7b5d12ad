import type { NewNotice } from '../notices/bell.ts'
import type { Clock } from '../fetching/clock.ts'

/** What somebody guesses at. */
export type Guessed = 'token' | 'PIN' | 'code'
export type WatchGuessesNeeds = { clock: Pick<Clock, 'elapsed'>; ring: (notice: NewNotice) => void }

export const guessLimits = { wrong: 5, withinMs: 600_000 }
/** Of more places than these at once the oldest is forgotten. */
const mostPlaces = 1_000
const words = { token: 'tokens', PIN: 'PINs', code: 'codes' } as const

/**
 * Counts what was wrong by where it came from (an address, or a name for this computer): five within ten minutes ring the bell, once until ten minutes have
 * passed without another.
 */
export function createWatchGuesses({ clock, ring }: WatchGuessesNeeds): (from: string, what: Guessed) => void {
  const places = new Map<string, { at: number[]; isTold: boolean }>()
  return (from, what) => {
    const now = clock.elapsed()
    const before = places.get(from)
    const at = [...(before?.at ?? []).filter((time) => now - time < guessLimits.withinMs), now].slice(-guessLimits.wrong)
    const wasTold = before?.isTold === true && at.length > 1
    const isNew = !wasTold && at.length >= guessLimits.wrong
    places.delete(from)
    places.set(from, { at, isTold: wasTold || isNew })
    const oldest = places.keys().next().value
    if (places.size > mostPlaces && oldest !== undefined) places.delete(oldest)
    if (isNew) ring({ kind: 'access-guessed', server: 'Mailroom', text: `Somebody guesses ${words[what]}: ${guessLimits.wrong} were wrong within ten minutes, from ${from}.`, problem: null })
  }
}
