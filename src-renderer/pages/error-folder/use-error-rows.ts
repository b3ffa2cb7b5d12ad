import type { ErrorPage } from '#contract/error-record.ts'
import { callMain } from '../../main-process/call-main.ts'
import { useReloadOn } from '../../main-process/use-call.ts'
import { usePages, type Pages } from '../../main-process/use-pages.ts'
import type { ErrorFilter } from './use-error-filter.ts'

const pageSize = 200

/** The rows that fit the filter, as many as were scrolled to; when records change they are read anew. */
export const useErrorRows = (filter: ErrorFilter): Pages<ErrorPage> => {
  const pages = usePages(JSON.stringify(filter), (before) => callMain('errors.list', { ...filter, limit: before === null ? pageSize : 500, before }))
  useReloadOn(['errors-changed'], pages.reload)
  return pages
}
