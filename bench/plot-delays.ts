/** One point of a plot: seconds since the start, and seconds of delay. */
export type Point = { at: number; delay: number; series: string }

const [width, height, left, right, top, bottom] = [1000, 520, 70, 20, 50, 60]
const colours = ['#1f6feb', '#d1481f', '#2e7d32', '#7b1fa2']

/** A plain SVG: when each mail came in against how long its notification took, a colour for each series, lines at the given delays. */
export function plotDelays(title: string, points: readonly Point[], lines: Readonly<Record<string, number>>): string {
  const series = [...new Set(points.map((point) => point.series))]
  const mostAt = Math.max(1, ...points.map(({ at }) => at))
  const mostDelay = niceAbove(Math.max(0.001, ...points.map(({ delay }) => delay)))
  const x = (at: number): string => (left + (at / mostAt) * (width - left - right)).toFixed(1)
  const y = (delay: number): string => (height - bottom - (delay / mostDelay) * (height - top - bottom)).toFixed(1)
  const grid = [0, 0.25, 0.5, 0.75, 1].map((part) => `<line x1="${left}" x2="${width - right}" y1="${y(part * mostDelay)}" y2="${y(part * mostDelay)}" stroke="#ddd"/><text x="${left - 8}" y="${Number(y(part * mostDelay)) + 4}" text-anchor="end">${short(part * mostDelay)}</text><text x="${x(part * mostAt)}" y="${height - bottom + 20}" text-anchor="middle">${short(part * mostAt)}</text>`)
  const dots = points.map(({ at, delay, series: name }) => `<circle cx="${x(at)}" cy="${y(delay)}" r="2" fill="${colours[series.indexOf(name) % colours.length]}" fill-opacity="0.6"/>`)
  const marks = Object.entries(lines).map(([name, delay]) => `<line x1="${left}" x2="${width - right}" y1="${y(delay)}" y2="${y(delay)}" stroke="#555" stroke-dasharray="6 4"/><text x="${width - right}" y="${Number(y(delay)) - 4}" text-anchor="end">${escaped(name)} ${short(delay)} s</text>`)
  const legend = series.map((name, index) => `<circle cx="${left + index * 200}" cy="${top - 12}" r="4" fill="${colours[index % colours.length]}"/><text x="${left + 10 + index * 200}" y="${top - 8}">${escaped(name)}</text>`)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" fill="#222"><rect width="100%" height="100%" fill="#fff"/>`,
    `<text x="${left}" y="22" font-size="16">${escaped(title)}</text>`, ...legend, ...grid, ...dots, ...marks,
    `<text x="${(left + width - right) / 2}" y="${height - 12}" text-anchor="middle">seconds since the start, when the mail came in</text><text transform="translate(18 ${(top + height - bottom) / 2}) rotate(-90)" text-anchor="middle">seconds until the notification was taken</text></svg>`, ''
  ].join('\n')
}

const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
const short = (value: number): string => String(Math.round(value * 1000) / 1000)
/** 1, 2 or 5 times a power of ten, at least as large. */
function niceAbove(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  return power * ([1, 2, 5, 10].find((factor) => factor * power >= value) ?? 10)
}
