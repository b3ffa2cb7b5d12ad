import { plain } from '../model/plain-line.ts'
import type { Asked, Core, Tools } from './command.ts'

/** The flag behind `withTranscript`. */
export const transcriptFlag = { transcript: { help: 'what was said with the server, without secrets, on stderr' } } as const

/** Does the work and, where `--transcript` asks for it, writes what was said with the server to stderr, however the work ended. */
export async function withTranscript<Result>(asked: Asked, { terminal }: Pick<Tools, 'terminal'>, core: Pick<Core, 'call'>, { kind, name }: { kind: 'incoming' | 'outgoing'; name: string }, work: () => Promise<Result>): Promise<Result> {
  if (!asked.has('transcript')) return work()
  try {
    return await work()
  } finally {
    // Where there is no such server the work has said so.
    const { lines } = await core.call(kind === 'incoming' ? 'incoming.transcript' : 'outgoing.transcript', { name }).catch(() => ({ lines: [] }))
    for (const line of lines) terminal.say(plain(line))
  }
}
