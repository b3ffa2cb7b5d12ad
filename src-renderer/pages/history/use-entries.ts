import { useState } from 'react'
import type { HistoryEntry } from '#contract/history.ts'
import { callMain } from '../../main-process/call-main.ts'
import { useCall, type Loaded } from '../../main-process/use-call.ts'
import { useAct } from '../../problems/toasts.tsx'

export type Filter = { name: string | null; what: HistoryEntry['what'] | null; who: string | null; query: string }
export const noFilter: Filter = { name: null, what: null, who: null, query: '' }

const portion = 200

type Entries = Pick<Loaded<HistoryEntry[]>, 'problem' | 'reload'> & {
  entries: HistoryEntry[] | null
  /** Names and people that the newest changes are about, for choosing. */
  known: { names: string[]; people: string[] }
  /** Whether there are older ones. */
  more: boolean
  showOlder: () => void
}

/** The changes that fit, newest first, a portion at a time; new ones appear by themselves. */
export const useEntries = (filter: Filter): Entries => {
  const key = JSON.stringify(filter)
  const newest = useCall('history.list', { ...filter, limit: portion }, { refreshOn: ['history-grew'] })
  const all = useCall('history.list', { limit: 1000 }, { refreshOn: ['history-grew'] })
  const [older, setOlder] = useState<{ key: string; entries: HistoryEntry[]; ended: boolean }>({ key, entries: [], ended: false })
  const act = useAct()
  const added = older.key === key ? older : { entries: [], ended: false }
  const first = newest.value ?? []
  // What came in meanwhile pushed some out of the first portion: those between are asked for again with it.
  const oldestOfFirst = first.at(-1)?.id ?? 0
  const entries = newest.value === null ? null : [...first, ...added.entries.filter(({ id }) => id < oldestOfFirst)]
  const showOlder = (): void =>
    void act(async () => {
      const next = await callMain('history.list', { ...filter, before: entries?.at(-1)?.id ?? null, limit: portion })
      setOlder({ key, entries: [...added.entries, ...next], ended: next.length < portion })
    })
  return {
    entries, problem: newest.problem, reload: newest.reload, showOlder, more: first.length === portion && !added.ended,
    known: { names: unique([...(all.value ?? []).map(({ name }) => name), filter.name]), people: unique([...(all.value ?? []).map(({ who }) => who), filter.who]) }
  }
}

const unique = (values: readonly (string | null)[]): string[] => [...new Set(values.filter((value) => value !== null))].sort()
