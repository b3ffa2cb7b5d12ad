import { useCallback, useRef, useState } from 'react'
import type { Problem } from '#contract/problem.ts'
import type { SpamRule } from '#contract/spam-rule.ts'
import { useCall } from '../../main-process/use-call.ts'
import { useAct, useToasts } from '../../problems/toasts.tsx'
import { useChangeSettings } from '../../settings/change-settings.ts'

type RulesChange = (rules: readonly SpamRule[]) => SpamRule[]
export type Rules = { rules: SpamRule[] | null; problem: Problem | null; reload: () => void; change: (how: RulesChange, said?: string) => void }

/** The rules in their order. A change is seen at once and saved in the background, one after the other; where it fails, what is stored comes back. */
export const useRules = (): Rules => {
  const { value, problem, reload } = useCall('settings.get', {}, { refreshOn: ['settings-changed'] })
  const [waiting, setWaiting] = useState<readonly { id: number; how: RulesChange }[]>([])
  const next = useRef(1)
  const line = useRef<Promise<unknown>>(Promise.resolve())
  const changeSettings = useChangeSettings()
  const act = useAct()
  const { say } = useToasts()
  const change = useCallback(
    (how: RulesChange, said?: string) => {
      const id = next.current++
      setWaiting((before) => [...before, { id, how }])
      line.current = line.current.then(async () => {
        const went = await act(async () => {
          const saved = await changeSettings((fresh) => ({ ...fresh, processing: { ...fresh.processing, spamRules: how(fresh.processing.spamRules) } }))
          if (saved && said) say(said)
        })
        reload()
        // What was saved is seen again a moment later: until then the change is shown as it was made.
        setTimeout(() => setWaiting((before) => before.filter((one) => one.id !== id)), went ? 400 : 0)
      })
    },
    [act, changeSettings, reload, say]
  )
  const stored = value?.processing.spamRules ?? null
  return { rules: stored && waiting.reduce((rules, { how }) => how(rules), stored), problem, reload, change }
}
