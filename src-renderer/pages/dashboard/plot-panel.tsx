import { Box, Button } from '@mui/material'
import { lazy, Suspense, useState } from 'react'
import { copyText } from '../../components/copy-text.ts'
import { Panel } from '../../components/page-frame.tsx'
import { useToasts } from '../../problems/toasts.tsx'
import { plotAsText, stepSpan, valueText, type Plot } from './plot-data.ts'

const PlotDrawing = lazy(() => import('./plot-drawing.tsx'))

/** A plot with what it shows in words, and its numbers as a table on demand. */
export const PlotPanel = ({ plot, stepHours }: { plot: Plot; stepHours: number }) => {
  const [asTable, setAsTable] = useState(false)
  const { say } = useToasts()
  const copy = async (): Promise<void> => void ((await copyText(plotAsText(plot))) ? say('The numbers are copied.') : say('The browser does not allow copying. Select the table instead.'))
  return (
    <Panel
      title={plot.title}
      actions={plot.empty === null && <>{asTable && <Button variant="text" aria-label={`Copy the numbers: ${plot.title}`} onClick={() => void copy()}>Copy</Button>}<Button variant="text" aria-label={`${asTable ? 'Show as plot' : 'Show as table'}: ${plot.title}`} onClick={() => setAsTable(!asTable)}>{asTable ? 'Show as plot' : 'Show as table'}</Button></>}
    >
      {plot.empty === null && <Box sx={{ px: 1.5, pt: 1, color: 'text.secondary' }}>{plot.summary}</Box>}
      {plot.empty !== null ? <Box sx={{ px: 3, py: 6, textAlign: 'center', color: 'text.secondary' }}>{plot.empty}</Box> : asTable ? <NumbersTable plot={plot} stepHours={stepHours} /> : <Suspense fallback={<Box sx={{ height: 272 }} />}><PlotDrawing plot={plot} stepHours={stepHours} /></Suspense>}
    </Panel>
  )
}

const cell = { px: 1, py: 0.5, borderBottom: '1px solid var(--mui-palette-divider)', textAlign: 'right', whiteSpace: 'nowrap' } as const

const NumbersTable = ({ plot, stepHours }: { plot: Plot; stepHours: number }) => (
  <Box tabIndex={0} role="region" aria-label={`${plot.title}, numbers`} sx={{ flex: '1 0 auto', height: 272, overflow: 'auto', position: 'relative', mt: 1, '&:focus-visible': { outline: '2px solid var(--mui-palette-primary-main)', outlineOffset: -2 } }}>
    <Box component="table" sx={{ width: '100%', borderCollapse: 'collapse', fontVariantNumeric: 'tabular-nums', '& th': { ...cell, position: 'sticky', top: 0, bgcolor: 'background.paper', fontSize: 12, fontWeight: 500, color: 'text.secondary' }, '& td': cell, '& tr > :first-of-type': { textAlign: 'left', pl: 1.5 } }}>
      <caption style={{ position: 'absolute', width: 1, height: 1, overflow: 'hidden', clipPath: 'inset(50%)' }}>{plot.title}. {plot.summary}</caption>
      <thead><tr><th scope="col">Time</th>{plot.series.map(({ id, label }) => <th key={id} scope="col">{label}</th>)}</tr></thead>
      <tbody>
        {plot.at.map((at, index) => <tr key={at}><td><time dateTime={at}>{stepSpan(at, stepHours)}</time></td>{plot.series.map(({ id, values }) => <td key={id}>{valueText(values[index] ?? null, plot.unit)}</td>)}</tr>).reverse()}
      </tbody>
    </Box>
  </Box>
)
