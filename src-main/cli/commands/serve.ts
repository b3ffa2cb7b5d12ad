import { resolve } from 'node:path'
import { ProblemError } from '#contract/problem.ts'
import type { ExitStatus } from '../../model/exit-status.ts'
import type { Asked, Command, Tools } from '../command.ts'
import { passphraseOf } from '../open-core.ts'
import { wholeNumber } from '../parse-command.ts'
import { hostUntilStopped } from '../host-until-stopped.ts'

/** `mailroom serve`: the headless host. */
export const serve: readonly Command[] = [
  {
    name: 'serve', arguments: '', takes: [0, 0], summary: 'Fetches mail on schedule and serves the console to a browser; prints its address as one line of JSON.', example: 'mailroom serve --port 8025', run,
    flags: {
      port: { value: 'N', help: 'the port; without it a free one' }, host: { value: 'ADDRESS', help: 'the address to listen on, 127.0.0.1 by default' },
      support: { help: 'also prints a link for the role support' },
      'tls-cert': { value: 'FILE', help: 'certificate (PEM) with which to speak HTTPS' }, 'tls-key': { value: 'FILE', help: 'its key (PEM)' }, name: { value: 'NAME', help: 'the name under which browsers reach it' }
    }
  }
]

async function run(asked: Asked, tools: Tools): Promise<ExitStatus> {
  const host = asked.value('host') ?? '127.0.0.1'
  const port = wholeNumber('port', asked.value('port'), 0, 65_535) ?? 0
  const tls = tlsOf(asked)
  const publicName = asked.value('name')
  if (tls === null && !isLoopback(host)) tools.log.warning(`${host} can be reached by others and speaks plain HTTP: links and cookies can be read on the way. Name --tls-cert and --tls-key, or let a proxy speak TLS.`)
  return hostUntilStopped(tools, { dataFolder: tools.dataFolder, demo: false, passphrase: passphraseOf(tools.env), host, port, tls, publicName }, ({ url, supportUrl }) => `${JSON.stringify(asked.has('support') ? { url, supportUrl } : { url })}\n`)
}

function tlsOf(asked: Asked): { certFile: string; keyFile: string } | null {
  const [cert, key] = [asked.value('tls-cert'), asked.value('tls-key')]
  if (cert === null && key === null) return null
  if (cert === null || key === null) throw new ProblemError({ code: 'invalid-input', issues: [{ path: cert === null ? 'tls-cert' : 'tls-key', message: 'HTTPS needs both: the certificate and its key.' }] })
  return { certFile: resolve(cert), keyFile: resolve(key) }
}

const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || /^127\./.test(host)
