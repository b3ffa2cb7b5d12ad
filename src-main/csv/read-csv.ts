import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setImmediate } from 'node:timers/promises'
import { CsvError, parse, type Options } from 'csv-parse'
import { parse as parseAtOnce } from 'csv-parse/sync'
import { ProblemError } from '#contract/problem.ts'

/** One record of the file with the line it begins in, counted from 1. */
export type FileRecord = { line: number; cells: string[] }

const atOnce = 16_000
const mostInRecord = 100_000

/**
 * Records of a CSV file (RFC 4180), the header first. Fields are separated by comma, semicolon or tab, whichever the header has most of; records end
 * with CRLF, LF or CR; a byte order mark and empty lines are passed over. Throws ProblemError `invalid-input` with the line for quotes that do not
 * match and for an empty file.
 */
export function readCsv(csv: string): FileRecord[] {
  const reading = createReading(csv)
  try {
    parseAtOnce(withoutMark(csv).replace(/\r\n?/g, '\n'), reading.options)
  } catch (thrown) {
    throw reading.faultOf(thrown)
  }
  return reading.all()
}

/** As `readCsv`, in pieces that let others run. */
export async function readCsvInPieces(csv: string, signal: AbortSignal): Promise<FileRecord[]> {
  const reading = createReading(csv)
  const parser = parse(reading.options)
  try {
    await pipeline(Readable.from(pieces(withoutMark(csv))), parser.resume(), { signal })
  } catch (thrown) {
    signal.throwIfAborted()
    throw reading.faultOf(thrown)
  }
  return reading.all()
}

function createReading(csv: string) {
  const records: FileRecord[] = []
  let read = 0
  const options: Options = {
    delimiter: delimiterOf(csv), record_delimiter: '\n', relax_column_count: true, skip_empty_lines: true, ltrim: true, rtrim: true, max_record_size: mostInRecord,
    on_record: (cells: string[], { lines }: { lines: number }) => {
      read = lines
      if (cells.some((cell) => cell !== '')) records.push({ line: lines - newLines(cells), cells })
      return null
    }
  }
  return {
    options,
    faultOf: (thrown: unknown): unknown => (thrown instanceof CsvError ? unreadable(thrown, read + 1) : thrown),
    all: (): FileRecord[] => {
      if (records.length === 0) throw invalid(1, 'The file is empty.')
      return records
    }
  }
}

const withoutMark = (csv: string): string => (csv.startsWith('\ufeff') ? csv.slice(1) : csv)

/** Whole lines, about so many characters at once, ended by LF alone: csv-parse counts a CRLF within quotes as two lines. */
async function* pieces(csv: string): AsyncGenerator<string> {
  for (let start = 0; start < csv.length; ) {
    const end = csv.indexOf('\n', start + atOnce) + 1 || csv.length
    yield csv.slice(start, end).replace(/\r\n?/g, '\n')
    start = end
    await setImmediate()
  }
}

const newLines = (cells: readonly string[]): number => cells.reduce((count, cell) => count + cell.split('\n').length - 1, 0)

/** A header without any of them has one column. */
function delimiterOf(csv: string): string {
  const header = (/^\ufeff?\s*([^\r\n]{0,10000})/.exec(csv)?.[1] ?? '').replace(/"[^"]*"/g, '')
  const counted = [',', ';', '\t'].map((sign) => ({ sign, count: header.split(sign).length }))
  return counted.reduce((most, one) => (one.count > most.count ? one : most)).sign
}

function unreadable({ code, lines }: CsvError & { lines?: number }, line: number): ProblemError {
  const shown = lines !== undefined && lines > line ? `, which shows in line ${lines}` : ''
  if (code === 'CSV_MAX_RECORD_SIZE') return invalid(line, `The row that begins in line ${line} does not end. Is a quotation mark not closed?`)
  return invalid(line, `The quotation marks of the row that begins in line ${line} do not match${shown}. Close each one, and write one inside a quoted field twice.`)
}

const invalid = (line: number, message: string): ProblemError => new ProblemError({ code: 'invalid-input', issues: [{ path: 'csv', message, line }] })
