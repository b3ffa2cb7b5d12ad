import { BarChart } from '@mui/x-charts/BarChart'
import { LineChart } from '@mui/x-charts/LineChart'
import { Box } from '@mui/material'
import { stepLabel, stepSpan, valueText, type Plot } from './plot-data.ts'
import { colorOf, dashOf, fillOf, markOf } from './plot-looks.tsx'

const height = 230
const margin = { top: 8, right: 12, bottom: 0, left: 0 }

/** Draws one plot. This file brings the library along, so it is loaded only where there is something to draw. */
const PlotDrawing = ({ plot, stepHours }: { plot: Plot; stepHours: number }) => {
  const xAxis = [{ scaleType: 'band' as const, data: plot.at, valueFormatter: (at: string, { location }: { location: string }) => (location === 'tick' ? stepLabel(at, stepHours) : stepSpan(at, stepHours)), height: 26, tickLabelStyle: text, tickLabelMinGap: 14, ...(plot.kind === 'bars' ? { categoryGapRatio: 0.25 } : {}) }]
  const yAxis = [{ width: plot.unit === 'seconds' ? 54 : 44, tickLabelStyle: text, tickNumber: 4, valueFormatter: (value: number) => (plot.unit === 'seconds' ? delayWords.get(value) : undefined) ?? valueText(value, plot.unit), ...scaleOf(plot) }]
  const legend = { position: { vertical: 'bottom', horizontal: 'start' }, sx: { fontSize: 12, gap: '4px 14px', mt: 0.5 } } as const
  return (
    <Box role="group" aria-label={`${plot.title}, plot; arrows go from value to value`} sx={{ px: 1, pb: 1, '& .MuiBarChart-element': { stroke: 'var(--mui-palette-background-paper)', strokeWidth: 0.5 }, ...dashes(plot) }}>
      {plot.kind === 'bars' ? (
        <BarChart
          height={height} margin={margin} xAxis={xAxis} yAxis={yAxis} grid={{ horizontal: true }} skipAnimation slotProps={{ legend }}
          series={plot.series.map(({ id, label, values }) => ({ id, label, data: values, stack: 'all', color: fillOf(id), valueFormatter: (value: number | null) => valueText(value, plot.unit) }))}
        />
      ) : (
        <LineChart
          height={height} margin={margin} xAxis={xAxis} yAxis={yAxis} grid={{ horizontal: true }} skipAnimation slotProps={{ legend }}
          series={plot.series.map(({ id, label, values }) => ({
            id, label, data: plot.unit === 'seconds' ? values.map(notBelowOne) : values, color: colorOf(id), curve: plot.unit === 'seconds' ? ('linear' as const) : ('stepAfter' as const), shape: markOf(id),
            showMark: ({ index }: { index: number }) => plot.unit === 'seconds' || marked(values, index), connectNulls: false, valueFormatter: (_: number | null, { dataIndex }: { dataIndex: number }) => valueText(values[dataIndex] ?? null, plot.unit)
          }))}
        />
      )}
    </Box>
  )
}
export default PlotDrawing

const text = { fontSize: 11, fill: 'var(--mui-palette-text-secondary)' }

/** Delays go from a second to days: each step of the axis is ten times the one before. */
const scaleOf = (plot: Plot) => (plot.unit === 'seconds' ? { scaleType: 'log' as const, min: 1, tickInterval: delayTicks, max: delayTicks.find((tick) => tick >= Math.max(10, ...plot.series.flatMap(({ values }) => values.map((value) => value ?? 0)))) ?? (delayTicks.at(-1) as number) } : { min: 0, tickMinStep: 1, domainLimit: 'nice' as const })
const delayWords = new Map([[1, '1 s'], [10, '10 s'], [60, '1 min'], [600, '10 min'], [3_600, '1 h'], [36_000, '10 h'], [86_400, '1 day'], [864_000, '10 days'], [2_592_000, '30 days']])
const delayTicks = [...delayWords.keys()]
const notBelowOne = (value: number | null): number | null => (value === null ? null : Math.max(1, value))

/** Marks stand where something begins to wait, or more or less of it. */
const marked = (values: readonly (number | null)[], index: number): boolean => (values[index] ?? 0) > 0 && values[index - 1] !== values[index]

const dashes = ({ series }: Plot) => Object.fromEntries(series.map(({ id }) => [`& .MuiLineChart-line[data-series="${id}"]`, { strokeDasharray: dashOf(id) }]))
