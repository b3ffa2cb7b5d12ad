import { closeSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { ProblemError } from '#contract/problem.ts'
import { diskProblem } from './disk-problem.ts'

/** What is known of a mail that a process before this one had marked as under way: it never went on the wire, the server took it or did not, or it was on the wire at the end. */
export type WirePast = 'never' | 'sent' | 'not-taken' | 'open'

/**
 * Which mail is on the wire just now, in a file that nobody waits for: what a process has written outlives it, and only a computer that goes down loses it. So after a process
 * was killed it is known of all but the mails on the wire what became of them. The file names mails by their number alone.
 */
export type WireNotes = {
  /** Whether the next process can know what these notes are worth: it cannot where the system does not tell its starts apart. */
  vouches: boolean
  /** Throws ProblemError `disk-full`, `data-folder-unwritable`: the mail must not go then. */
  begin(mail: number): void
  /** Never throws: a mail without an end counts as open. */
  end(mail: number, what: 'sent' | 'not-taken'): void
  /** What became of the mail is on disk: nobody needs its note any more. */
  settled(mail: number): void
  /** What the notes before say; null where there are none, or the computer was restarted since. */
  past(): ((mail: number) => WirePast) | null
  close(): void
}

export type WireNotesNeeds = { file: string; folder: string; /** Tells one start of the computer from another; null: nothing does. */ boot: string | null; mostBytes?: number }

const signs = { '+': 'open', '=': 'sent', '-': 'not-taken' } as const

export function createWireNotes({ file, folder, boot, mostBytes = 1 << 18 }: WireNotesNeeds): WireNotes {
  const head = `mailroom wire 1 ${boot ?? 'unknown'}\n`
  const live = new Map<number, keyof typeof signs>()
  let fd: number | null = null
  let bytes = 0

  /** A file of its own for this process, and again once it has grown: what is not settled goes along. */
  const begin = (): number => {
    const fresh = openSync(`${file}.new`, 'w', 0o600)
    try {
      const text = `${head}${[...live].map(([mail, sign]) => `${mail}${sign}\n`).join('')}`
      writeFileSync(fresh, text)
      renameSync(`${file}.new`, file)
      bytes = text.length
    } catch (error) {
      closeSync(fresh)
      throw error
    }
    if (fd !== null) closeSync(fd)
    return (fd = fresh)
  }
  const write = (line: string): void => {
    const into = fd === null || bytes > mostBytes ? begin() : fd
    // Where the disk takes a part of it, the next note would go on in the middle of this one.
    const before = bytes
    bytes = Number.POSITIVE_INFINITY
    writeFileSync(into, line)
    bytes = before + line.length
  }
  return {
    vouches: boot !== null,
    begin(mail) {
      try {
        write(`${mail}+\n`)
      } catch (error) {
        const problem = diskProblem(error, folder)
        throw problem === null ? error : new ProblemError(problem, { cause: error })
      }
      live.set(mail, '+')
    },
    end(mail, what) {
      const sign = what === 'sent' ? '=' : '-'
      try {
        write(`${mail}${sign}\n`)
        live.set(mail, sign)
      } catch {
        // The file says that it is open, which asks a person more than it must and harms nobody.
        return
      }
    },
    settled: (mail) => void live.delete(mail),
    past() {
      const text = boot === null ? null : readText(file)
      if (text === null || !text.startsWith(head) || !text.endsWith('\n')) return null
      const known = new Map<number, WirePast>()
      for (const line of text.slice(head.length).split('\n').slice(0, -1)) {
        const found = /^(\d+)([+=-])$/.exec(line)
        if (found === null) return null
        known.set(Number(found[1]), signs[found[2] as keyof typeof signs])
      }
      return (mail) => known.get(mail) ?? 'never'
    },
    close() {
      if (fd !== null) closeSync(fd)
      fd = null
    }
  }
}

/** Names this start of the computer (proc_sys_kernel(5), random/boot_id); null where the system has no such name. */
export const bootOf = (): string | null => readText('/proc/sys/kernel/random/boot_id')?.trim() ?? null

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}
