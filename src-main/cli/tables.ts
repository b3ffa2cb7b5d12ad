import { plain } from '../model/plain-line.ts'

/** Columns of text for a terminal: as wide as their content, the widest cut where the line would not fit. */
export function tableOf(heads: readonly string[], rows: readonly (readonly string[])[], width: number): string {
  const clean = rows.map((row) => row.map(plain))
  const widths = heads.map((head, column) => Math.max(head.length, ...clean.map((row) => lengthOf(row[column] ?? ''))))
  fit(widths, width - 2 * (widths.length - 1))
  const line = (cells: readonly string[]): string => cells.map((cell, column) => padded(cell, widths[column] ?? 0)).join('  ').trimEnd()
  return [line(heads.map((head) => head.toUpperCase())), ...clean.map(line), ''].join('\n')
}

/** `2026-11-20 08:00:00` in local time; a dash where there is none. */
export function when(iso: string | null): string {
  if (iso === null) return '–'
  const time = new Date(iso)
  const two = (part: number): string => String(part).padStart(2, '0')
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} ${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`
}

const lengthOf = (text: string): number => [...text].length

function fit(widths: number[], room: number): void {
  while (widths.reduce((sum, one) => sum + one, 0) > room) {
    const widest = widths.indexOf(Math.max(...widths))
    if ((widths[widest] ?? 0) <= 12) return
    widths[widest] = (widths[widest] ?? 0) - 1
  }
}

function padded(text: string, width: number): string {
  const characters = [...text]
  return characters.length > width ? `${characters.slice(0, width - 1).join('')}…` : text + ' '.repeat(width - characters.length)
}
