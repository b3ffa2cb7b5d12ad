import { StringDecoder } from 'node:string_decoder'

/** The three streams as commands use them. */
export type Terminal = {
  /** Writes to stdout and waits until it is taken. */
  write(text: string): Promise<void>
  /** Progress and explanations, to stderr. */
  say(text: string): void
  /** A line on stderr that the next one replaces; nothing where stderr is no terminal. */
  progress(text: string): void
  /** Whether a person can be asked. */
  readonly asks: boolean
  /** Whether stdout is read by a person. */
  readonly shows: boolean
  readonly width: number
  /** Asks without echo; null when it was given up. */
  askSecretly(question: string): Promise<string | null>
  /** All of stdin. */
  readAll(): Promise<Buffer>
}

type Streams = { stdin: NodeJS.ReadStream; stdout: NodeJS.WriteStream; stderr: NodeJS.WriteStream }

/** The terminal of this process, or its pipes. */
export function createTerminal({ stdin, stdout, stderr }: Streams): Terminal {
  let drawn = false
  const clear = (): void => {
    if (drawn) stderr.write('\r\x1b[K')
    drawn = false
  }
  return {
    write: (text) => new Promise((resolve, reject) => (clear(), stdout.write(text, (error) => (error ? reject(error) : resolve())))),
    say: (text) => (clear(), void stderr.write(`${text}\n`)),
    progress(text) {
      if (!stderr.isTTY) return
      stderr.write(`\r\x1b[K${text.slice(0, Math.max(20, (stderr.columns ?? 80) - 1))}`)
      drawn = true
    },
    asks: stdin.isTTY === true && stderr.isTTY === true,
    shows: stdout.isTTY === true,
    width: stdout.columns ?? 100,
    askSecretly: (question) => readSecretly(stdin, stderr, question),
    async readAll() {
      const chunks: Buffer[] = []
      for await (const chunk of stdin) chunks.push(Buffer.from(chunk as Buffer))
      return Buffer.concat(chunks)
    }
  }
}

/** Reads a line in raw mode so that the terminal does not show it; Ctrl-C and Ctrl-D give up. */
function readSecretly(stdin: NodeJS.ReadStream, stderr: NodeJS.WriteStream, question: string): Promise<string | null> {
  return new Promise((resolve) => {
    const decoder = new StringDecoder('utf8')
    let typed = ''
    const end = (answer: string | null): void => {
      stdin.off('data', take)
      stdin.setRawMode(false)
      stdin.pause()
      stderr.write('\n')
      resolve(answer)
    }
    const take = (chunk: Buffer): void => {
      for (const character of decoder.write(chunk)) {
        if (character === '\r' || character === '\n') return end(typed)
        if (character === '\u0003' || (character === '\u0004' && typed === '')) return end(null)
        if (character === '\u007f' || character === '\b') typed = [...typed].slice(0, -1).join('')
        else if (character === '\u0015') typed = ''
        else if (character >= ' ') typed += character
      }
    }
    stderr.write(`${question}: `)
    stdin.setRawMode(true)
    stdin.on('data', take)
    stdin.resume()
  })
}
