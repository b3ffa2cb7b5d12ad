import { useState } from 'react'
import { useAsk } from './ask.tsx'

/** `leave` closes at once, or asks where something typed would be lost. */
export type Draft<Value> = { draft: Value; change: (part: Partial<Value>) => void; dirty: boolean; leave: (close: () => void) => void }

/** Something as typed in a dialog. `typedBeside` says that there is more to lose than the draft, such as a secret. */
export const useDraft = <Value extends object>(stored: Value, typedBeside = false): Draft<Value> => {
  const [clean] = useState(stored)
  const [draft, setDraft] = useState(stored)
  const ask = useAsk()
  const dirty = typedBeside || JSON.stringify(draft) !== JSON.stringify(clean)
  const leave = (close: () => void): void => {
    if (!dirty) return close()
    void ask({ title: 'Discard changes', body: 'What you typed has not been saved.', confirm: 'Discard', cancel: 'Keep editing', dangerous: true }).then((goAhead) => goAhead && close())
  }
  return { draft, change: (part) => setDraft((before) => ({ ...before, ...part })), dirty, leave }
}
