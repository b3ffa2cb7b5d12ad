import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { BenchMailbox, RunResult } from './bench-mailbox.ts'

export type MailProgram = { name: string; missing: () => string | null; run: (mailbox: BenchMailbox, folder: string) => Promise<RunResult & { peakMegabytes: number }> }

/** Programs of others that download the same mailbox onto the same disk. */
export const mailPrograms: readonly MailProgram[] = [
  { name: 'mbsync, FSync', missing: () => missing('mbsync', 'isync'), run: (mailbox, folder) => runMbsync(mailbox, folder, true) },
  { name: 'mbsync, no FSync', missing: () => missing('mbsync', 'isync'), run: (mailbox, folder) => runMbsync(mailbox, folder, false) },
  { name: 'fetchmail', missing: () => missing('fetchmail', 'fetchmail'), run: runFetchmail }
]

const missing = (program: string, debianPackage: string): string | null => (spawnSync(program, ['--version']).error === undefined ? null : `not installed: apt-get install ${debianPackage}`)

async function runMbsync({ host, port, user, password }: BenchMailbox, folder: string, fsync: boolean): Promise<RunResult & { peakMegabytes: number }> {
  const target = join(folder, 'maildir')
  mkdirSync(target)
  const file = join(folder, 'mbsyncrc')
  const lines = [
    `FSync ${fsync ? 'yes' : 'no'}`, '',
    'IMAPAccount bench', `Host ${host}`, `Port ${port}`, `User ${user}`, `Pass ${password}`, 'SSLType None', 'AuthMechs LOGIN', '',
    'IMAPStore far', 'Account bench', '',
    'MaildirStore near', `Path ${target}/`, `Inbox ${target}/INBOX`, '',
    'Channel all', 'Far :far:', 'Near :near:', 'Patterns INBOX', 'Create Near', 'Sync Pull', 'SyncState *', ''
  ]
  writeFileSync(file, lines.join('\n'), { mode: 0o600 })
  const { seconds, peakMegabytes } = await measure('mbsync', ['-q', '-c', file, 'all'], folder)
  const names = await Promise.all(['new', 'cur'].map((part) => readdir(join(target, 'INBOX', part))))
  return { messages: names.flat().length, seconds, peakMegabytes }
}

/** Into one BSMTP file, which is the fastest that fetchmail does. */
async function runFetchmail({ host, port, user, password }: BenchMailbox, folder: string): Promise<RunResult & { peakMegabytes: number }> {
  const file = join(folder, 'fetchmailrc')
  const target = join(folder, 'bsmtp')
  writeFileSync(file, `poll ${host} protocol imap port ${port} auth password timeout 60 user "${user}" password "${password}" is root here fetchall keep sslproto ''\n`, { mode: 0o600 })
  const { seconds, peakMegabytes } = await measure('fetchmail', ['--fetchmailrc', file, '--bsmtp', target, '--nosyslog', '--silent', '--pidfile', join(folder, 'pid'), '--idfile', join(folder, 'ids')], folder)
  const written = Buffer.concat([Buffer.from('\n'), readFileSync(target)])
  return { messages: occurrences(written, '\nMAIL FROM:'), seconds, peakMegabytes }
}

function occurrences(bytes: Buffer, text: string): number {
  let count = 0
  for (let at = bytes.indexOf(text); at !== -1; at = bytes.indexOf(text, at + 1)) count += 1
  return count
}

/** Runs a program to its end; VmHWM is read while it runs, for afterwards it is gone. Rejects with its complaint when it fails. */
function measure(program: string, args: string[], folder: string): Promise<{ seconds: number; peakMegabytes: number }> {
  return new Promise((resolve, reject) => {
    const started = performance.now()
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, HOME: folder, FETCHMAILHOME: folder } })
    let complaint = ''
    let kilobytes = 0
    const look = setInterval(() => { kilobytes = Math.max(kilobytes, highWater(child.pid)) }, 50)
    child.stderr.on('data', (chunk: Buffer) => { complaint += chunk.toString() })
    child.on('error', reject)
    child.on('close', (status) => {
      clearInterval(look)
      if (status !== 0) return reject(new Error(`${program} ended with ${status}: ${complaint.slice(0, 500)}`))
      resolve({ seconds: (performance.now() - started) / 1000, peakMegabytes: Math.round(kilobytes / 1000) })
    })
  })
}

function highWater(pid: number | undefined): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)
  } catch {
    // It has just ended.
    return 0
  }
}
