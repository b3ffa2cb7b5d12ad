import { useCallback, useState } from 'react'
import { outboxStates, type OutboxPage, type OutboxRow, type OutboxState } from '#contract/outbox.ts'
import { goTo, hashOf, useHashLocation, withSearch } from '../../components/hash-location.ts'
import { callMain } from '../../main-process/call-main.ts'

/** `state` null: all that is not sent. */
export type OutboxFilter = { state: OutboxState | null; server: string | null; query: string }
export type OutboxFiltering = {
  filter: OutboxFilter
  open: number | null
  show: (id: number | null) => void
  chooseState: (state: OutboxState | null) => void
  chooseServer: (server: string | null) => void
  search: (words: string) => void
}

/** The filter of the page; state, server and open mail are part of its address. */
export const useOutboxFilter = (): OutboxFiltering => {
  const { path, search } = useHashLocation()
  const [query, setQuery] = useState('')
  const server = search.get('server')
  const state = outboxStates.find((one) => one === search.get('state')) ?? null
  const go = (next: { id?: number | null; state: OutboxState | null; server: string | null }): void => goTo(withSearch(next.id === null || next.id === undefined ? hashOf('outbox') : hashOf('outbox', next.id), { state: next.state, server: next.server }))
  return {
    filter: { state, server, query }, open: Number(path[1]) || null,
    show: (id) => go({ id, state, server }), chooseState: (wanted) => go({ state: wanted, server }), chooseServer: (wanted) => go({ state, server: wanted }),
    search: useCallback((words) => setQuery(words), [])
  }
}

/** Every mail that fits the filter, however many. */
export const allThatFit = async (filter: OutboxFilter): Promise<OutboxRow[]> => {
  const rows: OutboxRow[] = []
  for (let before: number | null = null; ; ) {
    const page: OutboxPage = await callMain('outbox.list', { ...filter, limit: 500, before })
    rows.push(...page.rows)
    if (page.next === null) return rows
    before = page.next
  }
}
