import { useState } from 'react'
import type { ErrorPage, ErrorRow } from '#contract/error-record.ts'
import { callMain } from '../../main-process/call-main.ts'
import { useCall, type Loaded } from '../../main-process/use-call.ts'
import { useAct } from '../../problems/toasts.tsx'
import type { ErrorFilter } from './use-error-filter.ts'

const pageSize = 200

/** The rows that fit the filter, as many as were scrolled to; those beyond the first page are asked for anew when that changes. */
export const useErrorRows = (filter: ErrorFilter): Loaded<ErrorPage> & { rows: readonly ErrorRow[]; readOn: () => void } => {
  const first = useCall('errors.list', { ...filter, limit: pageSize }, { refreshOn: ['errors-changed'] })
  const [beyond, setBeyond] = useState<{ of: ErrorPage | null; rows: ErrorRow[]; next: number | null; busy: boolean }>({ of: null, rows: [], next: null, busy: false })
  const act = useAct()
  const page = first.value
  const present = beyond.of === page && page !== null ? beyond : { of: page, rows: [], next: page?.next ?? null, busy: false }
  const readOn = (): void => {
    if (page === null || present.next === null || present.busy) return
    setBeyond({ ...present, busy: true })
    void act(async () => {
      const more = await callMain('errors.list', { ...filter, limit: 500, before: present.next })
      setBeyond((now) => (now.of === page ? { of: page, rows: [...present.rows, ...more.rows], next: more.next, busy: false } : now))
    })
  }
  return { ...first, rows: page === null ? [] : present.rows.length === 0 ? page.rows : [...page.rows, ...present.rows], readOn }
}
