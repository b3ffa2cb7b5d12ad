import { useEffect, useState } from 'react'
import type { Advice } from '#contract/advice.ts'
import type { CallInput } from '#contract/calls.ts'
import { useCall } from '../../../main-process/use-call.ts'

/** What providers have announced for a server as it is typed, asked once typing pauses; until then what is known of the stored one. */
export const useDraftAdvice = <Name extends 'incoming.advice' | 'outgoing.advice'>(call: Name, draft: CallInput<Name>['server'] | null, stored: readonly Advice[]): readonly Advice[] => {
  const [input, setInput] = useState<CallInput<Name> | null>(null)
  const typed = draft === null ? null : JSON.stringify({ server: draft })
  useEffect(() => {
    if (typed === null) return
    const timer = setTimeout(() => setInput(JSON.parse(typed) as CallInput<Name>), 400)
    return () => clearTimeout(timer)
  }, [typed])
  const answer = useCall(call, input)
  const [last, setLast] = useState(stored)
  const { value } = answer
  if (value !== null && value !== last) setLast(value as Advice[])
  return last
}
