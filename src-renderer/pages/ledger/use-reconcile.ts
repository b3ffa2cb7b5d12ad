import { useState } from 'react'
import type { Reconciliation } from '#contract/ledger.ts'
import { callMain } from '../../main-process/call-main.ts'
import { useWork, type Work } from '../../main-process/use-work.ts'
import { useAct } from '../../problems/toasts.tsx'

export type Reconciling = { results: Reconciliation[]; work: Work; running: string | null; start: (names: readonly string[]) => void; close: (server: string) => void }

/** Reconciles servers one after the other; what one of them says is shown as soon as it is there. */
export const useReconcile = (onDone: () => void): Reconciling => {
  const work = useWork({ cancelOnLeave: true })
  const act = useAct()
  const [results, setResults] = useState<Reconciliation[]>([])
  const [running, setRunning] = useState<string | null>(null)
  const all = async (names: readonly string[]): Promise<void> => {
    setResults((before) => before.filter(({ server }) => !names.includes(server)))
    try {
      for (const name of names) {
        setRunning(name)
        const found = await work.run((workId) => callMain('ledger.reconcile', { name, workId }))
        setResults((before) => [...before.filter(({ server }) => server !== name), found])
      }
    } finally {
      setRunning(null)
      onDone()
    }
  }
  return { results, work, running, start: (names) => void act(() => all(names)), close: (server) => setResults((before) => before.filter((one) => one.server !== server)) }
}
