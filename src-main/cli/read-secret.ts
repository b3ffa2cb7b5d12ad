import type { Tools } from './command.ts'

/** A secret that is asked for without echo, or all of stdin; one line break at its end belongs to the file. Empty where nothing came. It is never an argument: those can be read by everybody on the computer. */
export async function readSecret({ terminal }: Pick<Tools, 'terminal'>, question: string): Promise<string> {
  if (terminal.asks) return (await terminal.askSecretly(question)) ?? ''
  return (await terminal.readAll()).toString('utf8').replace(/\r?\n$/, '')
}
