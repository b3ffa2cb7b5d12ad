import { useState } from 'react'
import type { CallInput } from '#contract/calls.ts'
import type { ErrorPlace, ErrorRow } from '#contract/error-record.ts'
import type { Problem } from '#contract/problem.ts'
import { goTo, hashOf, useHashLocation, withSearch } from '../../components/hash-location.ts'
import { callMain } from '../../main-process/call-main.ts'
import { sinceOf, type Period } from './error-words.ts'

/** What the list shows: `since` is fixed when the period is chosen, so that the question stays the same. */
export type ErrorFilter = Required<Pick<CallInput<'errors.list'>, 'server' | 'query' | 'where' | 'since'>> & { code: Problem['code'] | null }
export type Filtering = {
  filter: ErrorFilter
  period: Period
  /** Whether anything but the server narrows it down. */
  isNarrow: boolean
  open: number | null
  show: (id: number | null) => void
  chooseServer: (server: string | null) => void
  chooseCode: (code: Problem['code'] | null) => void
  chooseWhere: (where: ErrorPlace | null) => void
  choosePeriod: (period: Period) => void
  search: (words: string) => void
}

/** The filter of the page; server and open message are part of its address. */
export const useErrorFilter = (): Filtering => {
  const { path, search } = useHashLocation()
  const server = search.get('server')
  const open = Number(path[1]) || null
  const [code, setCode] = useState<Problem['code'] | null>(null)
  const [query, setQuery] = useState('')
  const [where, setWhere] = useState<ErrorPlace | null>(null)
  const [span, setSpan] = useState<{ period: Period; since: string | null }>({ period: 'all', since: null })
  return {
    filter: { server, code, query, where, since: span.since }, period: span.period, open,
    isNarrow: code !== null || query !== '' || where !== null || span.since !== null,
    show: (id) => goTo(withSearch(id === null ? hashOf('error-folder') : hashOf('error-folder', id), { server })), chooseServer: (name) => goTo(withSearch(hashOf('error-folder'), { server: name })),
    chooseCode: setCode, chooseWhere: setWhere, choosePeriod: (period) => setSpan({ period, since: sinceOf(period, new Date()) }), search: setQuery
  }
}

/** Every message that fits the filter, however many. */
export const allThatFit = async (filter: ErrorFilter): Promise<ErrorRow[]> => {
  const rows: ErrorRow[] = []
  let before: number | null = null
  for (;;) {
    const page: { rows: ErrorRow[]; next: number | null } = await callMain('errors.list', { ...filter, limit: 500, before })
    rows.push(...page.rows)
    if (page.next === null) return rows
    before = page.next
  }
}
