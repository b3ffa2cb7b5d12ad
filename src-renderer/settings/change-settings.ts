import { useCallback } from 'react'
import type { Settings } from '#contract/settings.ts'
import { useAsk } from '../components/ask.tsx'
import { callMain } from '../main-process/call-main.ts'

/** What becomes of the settings as they are at this moment; null: leave them. */
export type Change = (fresh: Settings) => Settings | null | Promise<Settings | null>

/**
 * Changes the settings as stored now, so that what others saved meanwhile stays. Asks for the reason where the console wants one.
 * Answers whether anything was saved; throws ProblemError where the core refuses.
 */
export const useChangeSettings = (): ((change: Change) => Promise<boolean>) => {
  const ask = useAsk()
  return useCallback(
    async (change) => {
      const present = await callMain('settings.get', {})
      const goAhead = present.history.reasonRequired ? await ask({ title: 'Save changes', body: 'This console asks for the reason of a change.', confirm: 'Save', reason: 'required' }) : { reason: null }
      if (!goAhead) return false
      // The question may have stood there for long.
      const next = await change(present.history.reasonRequired ? await callMain('settings.get', {}) : present)
      if (next === null) return false
      await callMain('settings.save', { settings: next, reason: goAhead.reason })
      return true
    },
    [ask]
  )
}
