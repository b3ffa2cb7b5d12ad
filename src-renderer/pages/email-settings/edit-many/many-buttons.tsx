import { Button } from '@mui/material'
import { plural } from '../../../components/sizes.ts'
import type { Ticks } from '../../../components/use-ticks.ts'

/** What can be done with the servers that are ticked. */
export const ManyButtons = <View,>({ views, chosen, ticks, onEdit }: { views: readonly View[]; chosen: readonly View[]; ticks: Ticks<View>; onEdit: (views: readonly View[]) => void }) => (
  <>
    <Button variant="contained" color="primary" onClick={() => onEdit(chosen)}>Edit {plural(chosen.length, 'server')}…</Button>
    {chosen.length < views.length && <Button onClick={() => ticks.set(views)}>Choose all {views.length}</Button>}
    <Button onClick={() => ticks.set([])}>Choose none</Button>
  </>
)
