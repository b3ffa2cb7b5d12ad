import { useState } from 'react'
import { largestMessage, type ProcessedMessage } from '#contract/message.ts'
import type { Problem } from '#contract/problem.ts'
import { readBase64 } from '../../components/save-file.ts'
import { callMain, problemOf } from '../../main-process/call-main.ts'

/** One file as tried: at the chosen server, and at another where two are compared. */
export type Tried = { id: number; file: File; server: string; answer: ProcessedMessage | null; other: { server: string; answer: ProcessedMessage } | null; problem: Problem | null }
type Places = { server: string; other: string | null }

/** Files tried one after the other. What was tried before stays listed. */
export const useTries = () => {
  const [tries, setTries] = useState<Tried[]>([])
  const [shown, setShown] = useState<number | null>(null)
  const [busy, setBusy] = useState<{ done: number; total: number } | null>(null)
  const runAll = async (wanted: readonly { id: number; file: File }[], places: Places): Promise<void> => {
    for (const [done, { id, file }] of wanted.entries()) {
      setBusy({ done, total: wanted.length })
      const tried = await attempt(id, file, places)
      setTries((before) => (before.some((one) => one.id === id) ? before.map((one) => (one.id === id ? tried : one)) : [...before, tried]))
      if (done === 0 && wanted.length > 0) setShown((before) => (wanted.some((one) => one.id === before) ? before : id))
    }
    setBusy(null)
  }
  const add = (files: readonly File[], places: Places): Promise<void> => {
    const first = Math.max(0, ...tries.map(({ id }) => id)) + 1
    return runAll(files.map((file, index) => ({ id: first + index, file })), places)
  }
  const again = (places: Places, ids: readonly number[] | null = null): Promise<void> => runAll(tries.filter(({ id }) => ids === null || ids.includes(id)), places)
  const remove = (id: number): void => {
    setTries((before) => before.filter((one) => one.id !== id))
    setShown((before) => (before === id ? (tries.find((one) => one.id !== id)?.id ?? null) : before))
  }
  const clear = (): void => {
    setTries([])
    setShown(null)
  }
  return { tries, shown: tries.find(({ id }) => id === shown) ?? tries[0] ?? null, show: setShown, busy, add, again, remove, clear }
}

async function attempt(id: number, file: File, { server, other }: Places): Promise<Tried> {
  const tried: Tried = { id, file, server, answer: null, other: null, problem: null }
  if (file.size > largestMessage) return { ...tried, problem: { code: 'message-too-large', size: file.size, limit: largestMessage } }
  try {
    const base64 = await readBase64(file)
    const answer = await callMain('processing.try', { base64, server: server || null })
    if (other === null || other === server) return { ...tried, answer }
    return { ...tried, answer, other: { server: other, answer: await callMain('processing.try', { base64, server: other || null }) } }
  } catch (thrown) {
    return { ...tried, problem: thrown instanceof DOMException ? { code: 'file-unreadable', file: file.name, reason: thrown.message } : problemOf(thrown) }
  }
}
