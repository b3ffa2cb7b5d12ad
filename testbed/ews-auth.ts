import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { TestCertificate } from './certificates.ts'
import { createNtlmServer, type NtlmServer } from './ntlm-server.ts'

export type EwsAuthOptions = {
  offers: readonly ('Basic' | 'NTLM' | 'Negotiate' | 'Bearer')[]
  /** null: no such account. */
  passwordOf(user: string): string | null
  /** The user that a token was issued to, `app` for an application; null: not valid. */
  tokenOf?(token: string): string | null
  /** Claims that a token without them is refused with. */
  claims?: string
  needsBinding?: boolean
  withTimestamp?: boolean
  /** Told of each password that was judged. */
  onSignIn?(user: string, ok: boolean): void
}

/**
 * Signs requests in as IIS does (https://learn.microsoft.com/exchange/client-developer/exchange-web-services/authentication-and-ews-in-exchange).
 * NTLM belongs to the connection (MS-NTHT 3.2.5): what comes over it later needs no Authorization.
 */
export function createEwsAuth(options: EwsAuthOptions, certificate: TestCertificate): { check(request: IncomingMessage, response: ServerResponse): string | null } {
  const der = Buffer.from(certificate.cert.replace(/-----[^-]+-----/g, ''), 'base64')
  const connections = new WeakMap<Socket, { ntlm: NtlmServer; user: string | null }>()
  const offers = (challenge: string | null, scheme: string): string[] =>
    options.offers.map((name) => {
      if (challenge !== null && name === scheme) return `${name} ${challenge}`
      if (name === 'Basic') return 'Basic realm="localhost"'
      // https://learn.microsoft.com/entra/identity-platform/claims-challenge
      return name === 'Bearer' ? `Bearer client_id="00000002-0000-0ff1-ce00-000000000000", trusted_issuers="00000001-0000-0000-c000-000000000000@*", token_types="app_asserted_user_v1 service_asserted_app_v1"${options.claims === undefined ? '' : `, error="insufficient_claims", claims="${Buffer.from(options.claims).toString('base64')}"`}` : name
    })
  const refuse = (response: ServerResponse, challenge: string | null = null, scheme = ''): null => {
    response.writeHead(401, { 'www-authenticate': offers(challenge, scheme), 'content-type': 'text/html' }).end('<html><head><title>401 - Unauthorized: Access is denied due to invalid credentials.</title></head></html>')
    return null
  }
  const byNtlm = (request: IncomingMessage, response: ServerResponse, scheme: string, message: Buffer): string | null => {
    const isFirst = message.length >= 12 && message.readUInt32LE(8) === 1
    if (isFirst) {
      const ntlm = createNtlmServer({ passwordOf: options.passwordOf, certificate: der, needsBinding: options.needsBinding ?? false, withTimestamp: options.withTimestamp ?? true })
      const challenge = ntlm.challenge(message)
      connections.set(request.socket, { ntlm, user: null })
      return refuse(response, challenge?.toString('base64') ?? null, scheme)
    }
    const connection = connections.get(request.socket)
    const user = connection?.ntlm.check(message) ?? null
    if (connection !== undefined) {
      connection.user = user
      options.onSignIn?.(user ?? '', user !== null)
    }
    return user ?? refuse(response)
  }
  return {
    check(request, response) {
      const [scheme = '', value = ''] = (request.headers.authorization ?? '').split(/ (.*)/s)
      const offered = options.offers.find((name) => name.toLowerCase() === scheme.toLowerCase())
      if (request.headers.authorization === undefined) return connections.get(request.socket)?.user ?? refuse(response)
      if (offered === undefined) return refuse(response)
      if (offered === 'NTLM' || offered === 'Negotiate') return byNtlm(request, response, offered, Buffer.from(value, 'base64'))
      if (offered === 'Bearer') return options.tokenOf?.(value) ?? refuse(response)
      const [user = '', password = ''] = Buffer.from(value, 'base64').toString('utf8').split(/:(.*)/s)
      const ok = options.passwordOf(user) === password
      options.onSignIn?.(user, ok)
      return ok ? user : refuse(response)
    }
  }
}
