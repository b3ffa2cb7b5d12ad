import type { MarkShape } from '@mui/x-charts/models'
import type { SeriesId } from './plot-data.ts'

type Fill = 'plain' | 'dots' | 'lines' | 'hatch' | 'cross'
/** How a series is told apart without its colour: bars by a pattern, lines by dashes and marks. */
type Look = { light: string; dark: string; fill: Fill; dash: string; mark: MarkShape }

// After Okabe and Ito, which people with any colour vision tell apart (https://jfly.uni-koeln.de/color/), darkened or lightened to 3:1 against the paper (WCAG 2.2, 1.4.11).
const blue = { light: '#0067a8', dark: '#4aa3df' }
const sky = { light: '#2f86bd', dark: '#a3d5f5' }
const green = { light: '#00755a', dark: '#35c79b' }
const grey = { light: '#737b85', dark: '#98a2ae' }
const vermilion = { light: '#bf4b00', dark: '#ff8f52' }

const looks: Record<SeriesId, Look> = {
  request: { ...blue, fill: 'plain', dash: 'none', mark: 'circle' },
  reply: { ...sky, fill: 'dots', dash: 'none', mark: 'circle' },
  command: { ...green, fill: 'lines', dash: 'none', mark: 'circle' },
  dropped: { ...grey, fill: 'hatch', dash: 'none', mark: 'circle' },
  error: { ...vermilion, fill: 'cross', dash: 'none', mark: 'circle' },
  good: { ...blue, fill: 'plain', dash: 'none', mark: 'circle' },
  failed: { ...vermilion, fill: 'cross', dash: 'none', mark: 'circle' },
  median: { ...blue, fill: 'plain', dash: 'none', mark: 'circle' },
  p95: { ...vermilion, fill: 'plain', dash: '6 4', mark: 'diamond' },
  outbox: { ...blue, fill: 'plain', dash: 'none', mark: 'circle' },
  handOver: { ...green, fill: 'plain', dash: '7 3', mark: 'square' },
  errorFolder: { ...vermilion, fill: 'plain', dash: '3 3', mark: 'diamond' },
  waitingOnServers: { ...grey, fill: 'plain', dash: '9 3 2 3', mark: 'triangle' }
}
const ids = Object.keys(looks) as SeriesId[]

export const colorOf = (id: SeriesId): string => `var(--plot-${id})`
/** What bars and their place in the legend are filled with. */
export const fillOf = (id: SeriesId): string => (looks[id].fill === 'plain' ? colorOf(id) : `url(#plot-fill-${id})`)
export const dashOf = (id: SeriesId): string => looks[id].dash
export const markOf = (id: SeriesId): MarkShape => looks[id].mark

/** The colours as variables of their element, in light and dark. */
export const plotColors = {
  ...Object.fromEntries(ids.map((id) => [`--plot-${id}`, looks[id].light])),
  '[data-theme="dark"] &': Object.fromEntries(ids.map((id) => [`--plot-${id}`, looks[id].dark]))
}

/** The patterns, once for all plots of the page. */
export const PlotPatterns = () => (
  <svg width="0" height="0" aria-hidden="true" focusable="false" style={{ position: 'absolute' }}>
    <defs>
      {ids.filter((id) => looks[id].fill !== 'plain').map((id) => (
        <pattern key={id} id={`plot-fill-${id}`} width="6" height="6" patternUnits="userSpaceOnUse">
          <rect width="6" height="6" style={{ fill: colorOf(id) }} />
          <path d={drawings[looks[id].fill]} style={{ stroke: 'var(--mui-palette-background-paper)', strokeWidth: looks[id].fill === 'dots' ? 2 : 1.2, strokeLinecap: 'round', fill: 'none' }} />
        </pattern>
      ))}
    </defs>
  </svg>
)

const drawings: Record<Fill, string> = { plain: '', dots: 'M1.5 1.5h.01M4.5 4.5h.01', lines: 'M0 3h6', hatch: 'M-1 1l2 -2M0 6l6 -6M5 7l2 -2', cross: 'M0 0l6 6M6 0l-6 6' }
