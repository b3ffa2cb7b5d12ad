import { freePorts } from './free-ports.ts'
import { startListening } from './listening-program.ts'

/** Postfix's smtp-sink that takes everything and keeps nothing; see smtpSinkMissing. */
export async function startDiscardingSink(options: readonly string[] = [], at: number | null = null): Promise<{ port: number; stop(): Promise<void> }> {
  const [port = 0] = at === null ? await freePorts(1) : [at]
  return { port, stop: await startListening('smtp-sink', ['-u', 'nobody', ...options, `127.0.0.1:${port}`, '100'], port) }
}
