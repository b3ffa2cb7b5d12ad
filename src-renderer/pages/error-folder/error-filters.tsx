import { errorPlaces } from '#contract/error-record.ts'
import { FilterChoice } from '../../components/filter-choice.tsx'
import { SearchLine } from '../../components/search-line.tsx'
import { periods, periodWords, placeWords } from './error-words.ts'
import type { Filtering } from './use-error-filter.ts'

/** Server, place, period and words that narrow the list down. */
export const ErrorFilters = ({ filtering, servers }: { filtering: Filtering; servers: readonly string[] }) => {
  const { filter, period } = filtering
  return (
    <>
      {servers.length > 0 && <FilterChoice label="Server" width={150} value={filter.server ?? ''} onChange={(name) => filtering.chooseServer(name || null)} options={[{ value: '', label: 'All servers' }, ...servers.map((name) => ({ value: name, label: name }))]} />}
      <FilterChoice label="Place" width={160} value={filter.where ?? ''} onChange={(where) => filtering.chooseWhere(errorPlaces.find((place) => place === where) ?? null)} options={[{ value: '', label: 'All places' }, ...errorPlaces.map((place) => ({ value: place, label: placeWords[place] }))]} />
      <FilterChoice label="Period" width={130} value={period} onChange={filtering.choosePeriod} options={periods.map((one) => ({ value: one, label: periodWords[one] }))} />
      <SearchLine label="Search subject or sender" width={210} onSearch={filtering.search} />
    </>
  )
}
