import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync, chmodSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePorts } from './free-ports.ts'
import { startListening } from './listening-program.ts'

/** Postfix's smtp-sink on loopback. `options` are its own, such as `-r RCPT` (4xx to a command) or `-f MAIL` (5xx). */
export type SmtpSink = { port: number; /** Messages taken, each with sink headers X-Client-Addr … in front. */ messages(): Buffer[]; stop(): Promise<void> }

/** Why smtp-sink cannot be started here, with what to do; null when it can. */
export function smtpSinkMissing(): string | null {
  if (process.getuid?.() !== 0) return 'smtp-sink is started under another user, which needs root.'
  return spawnSync('smtp-sink', []).error === undefined ? null : 'smtp-sink is not installed: apt-get install postfix'
}

export async function startSmtpSink(options: string[] = []): Promise<SmtpSink> {
  const [port = 0] = await freePorts(1)
  const folder = mkdtempSync(join(tmpdir(), 'smtp-sink-'))
  chmodSync(folder, 0o777)
  const end = await startListening('smtp-sink', ['-u', 'nobody', '-d', `${folder}/%M.`, ...options, `127.0.0.1:${port}`, '100'], port)
  return {
    port,
    messages: () => readdirSync(folder).sort().map((name) => readFileSync(join(folder, name))),
    async stop() {
      await end()
      rmSync(folder, { recursive: true, force: true })
    }
  }
}
