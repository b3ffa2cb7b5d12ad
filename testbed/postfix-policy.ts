import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePorts } from './free-ports.ts'
import { startListening } from './listening-program.ts'

/** What Postfix asks at RCPT TO; the answer is an action of access(5), such as `dunno` or `421 4.3.2 Too busy`. Stands in `smtpd_recipient_restrictions` as `check_policy_service inet:127.0.0.1:PORT`. */
export type PolicyServer = { port: number; stop(): Promise<void> }

/** A policy server (postfix.org/SMTPD_POLICY_README.html): attributes, a line each, an empty line; then `action=…` and an empty line. */
export async function startPolicyServer(decide: (recipient: string) => string): Promise<PolicyServer> {
  const open = new Set<Socket>()
  const server = createServer((socket) => {
    let seen = ''
    open.add(socket)
    socket.on('close', () => open.delete(socket)).on('error', () => socket.destroy())
    socket.on('data', (chunk) => {
      seen += chunk.toString()
      for (let end = seen.indexOf('\n\n'); end !== -1; end = seen.indexOf('\n\n')) {
        socket.write(`action=${decide(/^recipient=(.*)$/m.exec(seen.slice(0, end))?.[1] ?? '')}\n\n`)
        seen = seen.slice(end + 2)
      }
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  server.unref()
  return {
    port: (server.address() as { port: number }).port,
    async stop() {
      for (const socket of open) socket.destroy()
      await new Promise((done) => server.close(done))
    }
  }
}

/** Whether the greylisting policy server is there; null when it is. */
export const postgreyMissing = (): string | null => (existsSync('/usr/sbin/postgrey') ? null : 'postgrey is not installed: apt-get install postgrey')

/** A real greylister: a triplet of client, sender and recipient is put off with 450 until so many seconds have passed since it was first seen. */
export async function startPostgrey(delaySeconds: number): Promise<PolicyServer> {
  const [port = 0] = await freePorts(1)
  const folder = mkdtempSync(join(tmpdir(), 'postgrey-'))
  chmodSync(folder, 0o777)
  const end = await startListening('postgrey', [`--inet=127.0.0.1:${port}`, `--delay=${delaySeconds}`, `--dbdir=${folder}`, '--user=nobody', '--group=nogroup', '--auto-whitelist-clients=100000'], port)
  return {
    port,
    async stop() {
      await end()
      rmSync(folder, { recursive: true, force: true })
    }
  }
}
