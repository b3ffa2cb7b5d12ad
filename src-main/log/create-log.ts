import { appendFileSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { redact } from './redact.ts'

export type LogLevel = 'info' | 'warning' | 'error'

/** What goes with an error: `detail` (a stack, say) is for the file alone; `told` means that who watches is told in other words, and hears of it here only where no file takes it. */
export type ErrorDetail = { detail?: string; told?: boolean }

/** Writes one line for each call, secrets taken out. Never throws. */
export type Log = {
  info(text: string): void
  warning(text: string): void
  error(text: string, more?: ErrorDetail): void
  /** From now on also writes to `mailroom.log` in `folder`; null ends that. */
  keepIn(folder: string | null): void
}

const longestEntry = 100_000

type LogNeeds = {
  /** Takes lines meant for a person who watches; null for none. */
  write: ((line: string) => void) | null
  now: () => Date
  /** Bytes of one log file; the one before it is kept as `mailroom.1.log`. */
  maxFileSize?: number
}

/** A log on stderr and, once `keepIn` was called, in a file whose size is bounded: two files of `maxFileSize` (2 MB). */
export function createLog({ write, now, maxFileSize = 2_000_000 }: LogNeeds): Log {
  let folder: string | null = null
  const line = (level: LogLevel, text: string, { detail, told = false }: ErrorDetail = {}): void => {
    const entryOf = (content: string): string => `${now().toISOString()} ${level === 'info' ? '' : `${level}: `}${redact(content).slice(0, longestEntry)}\n`
    const failed = folder === null ? null : appendBounded(folder, entryOf(detail === undefined ? text : `${text}\n${detail}`), maxFileSize)
    const kept = folder !== null && failed === null
    if (!told || !kept) write?.(entryOf(text))
    if (failed === null) return
    folder = null
    write?.(`${now().toISOString()} warning: the log file cannot be written (${failed}); lines go to stderr alone\n`)
  }
  return {
    info: (text) => line('info', text),
    warning: (text) => line('warning', text),
    error: (text, more) => line('error', text, more),
    keepIn: (next) => void (folder = next)
  }
}

/** Where the log of a data folder lies. */
export const logFolderIn = (dataFolder: string): string => join(dataFolder, 'logs')

/** A log that says nothing. */
export const silentLog: Log = { info: () => undefined, warning: () => undefined, error: () => undefined, keepIn: () => undefined }

/** Returns why it failed, null when it did not. */
function appendBounded(folder: string, entry: string, maxFileSize: number): string | null {
  const file = join(folder, 'mailroom.log')
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
    if (size > 0 && size + entry.length > maxFileSize) {
      rmSync(join(folder, 'mailroom.1.log'), { force: true })
      renameSync(file, join(folder, 'mailroom.1.log'))
    }
    appendFileSync(file, entry, { mode: 0o600 })
    return null
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'
  }
}
