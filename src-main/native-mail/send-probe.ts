import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { ProblemError } from '#contract/problem.ts'

export type Probe = { host: string; port: number; /** Name given in EHLO. */ name: string; to: string; /** A whole message in CRLF lines. */ message: string }

/**
 * Brings one message to an SMTP server, over STARTTLS where that is offered (its certificate is not checked: it is our own server that is
 * asked). Throws ProblemError `server-refused` with the answer, `connection-dropped`.
 */
export type SendProbe = (probe: Probe, signal: AbortSignal) => Promise<void>

export const sendProbe: SendProbe = async (probe, signal) => {
  const { host, port } = probe
  const dropped = (error: unknown): ProblemError => new ProblemError({ code: 'connection-dropped', host, port, during: 'the test mail' }, { cause: error })
  let socket = connect({ host, port, signal })
  try {
    let talk = conversation(socket, probe, dropped)
    await talk(null, 220)
    const offered = await talk(`EHLO ${probe.name}`, 250)
    if (/^250[- ]STARTTLS/im.test(offered)) {
      await talk('STARTTLS', 220)
      socket = connectTls({ socket, rejectUnauthorized: false })
      talk = conversation(socket, probe, dropped)
      await talk(`EHLO ${probe.name}`, 250)
    }
    await talk('MAIL FROM:<>', 250)
    await talk(`RCPT TO:<${probe.to}>`, 250)
    await talk('DATA', 354)
    await talk(`${probe.message.replace(/^\./gm, '..')}\r\n.`, 250)
    await talk('QUIT', 221)
  } finally {
    socket.destroy()
  }
}

type Talk = (line: string | null, expected: number) => Promise<string>

/** Says one thing and waits for the whole answer (RFC 5321 4.2.1). */
function conversation(socket: Socket, { host, port }: Probe, dropped: (error: unknown) => ProblemError): Talk {
  let heard = ''
  return (line, expected) =>
    new Promise((resolve, reject) => {
      const end = (settle: () => void): void => {
        socket.off('data', listen).off('error', fail).off('close', fail)
        settle()
      }
      const fail = (error?: unknown): void => end(() => reject(dropped(error)))
      const listen = (piece: Buffer): void => {
        heard += piece.toString('utf8')
        const answer = /^(?:\d{3}-[^\n]*\n)*(\d{3})(?: [^\n]*)?\n/.exec(heard)
        if (answer === null) return
        heard = heard.slice(answer[0].length)
        const said = answer[0].trim()
        end(() => (Number(answer[1]) === expected ? resolve(said) : reject(new ProblemError({ code: 'server-refused', host, port, serverSaid: said }))))
      }
      socket.on('data', listen).on('error', fail).on('close', fail)
      if (line !== null) socket.write(`${line}\r\n`)
    })
}
