import type { Auth, TlsSettings } from '#contract/fields.ts'
import { urlPlace } from '#contract/fields.ts'
import { ProblemError } from '#contract/problem.ts'
import { throttleKey } from '../connection/provider-throttle.ts'
import type { GmailCircumstances } from './gmail-problem.ts'

/** As much of an incoming or outgoing server as its requests need. */
export type GmailSettings = { name: string; host: string; port: number; endpoint?: string; mailbox?: string; auth: Auth; tls: TlsSettings; proxy: string | null }

/** Where a server's requests go, as whom, and what the throttle knows them by. */
export type GmailServer = { server: GmailSettings; root: string; mailbox: string; key: string; circumstances: Omit<GmailCircumstances, 'request' | 'granted'> }

/**
 * Scopes that are enough, the one to ask for first. Reading and marking: gmail.modify. Sending: gmail.send.
 * https://developers.google.com/workspace/gmail/api/auth/scopes
 */
const scopesEnough = {
  reading: ['https://www.googleapis.com/auth/gmail.modify', 'https://mail.google.com/'],
  sending: ['https://www.googleapis.com/auth/gmail.send', 'https://www.googleapis.com/auth/gmail.modify', 'https://www.googleapis.com/auth/gmail.compose', 'https://mail.google.com/']
} as const

/** One of the scopes that are enough has to be granted; empty where it is, or where the issuer does not say what it granted. */
export const lacksScope = (enough: readonly string[], granted: readonly string[]): string[] => (granted.length === 0 || granted.some((one) => enough.includes(one)) ? [] : enough.slice(0, 1))

/** `me` stands for whoever signed in, where the settings name nobody. */
export function gmailPlace(server: GmailSettings, use: keyof typeof scopesEnough): GmailServer {
  const endpoint = (server.endpoint ?? '').replace(/\/+$/, '')
  const place = urlPlace(endpoint)
  if (place === null) throw new ProblemError({ code: 'endpoint-wrong', server: server.name, endpoint, serverSaid: '' })
  const { auth } = server
  const mailbox = server.mailbox || auth.subject || auth.user || 'me'
  return { server, root: endpoint, mailbox, key: throttleKey(server), circumstances: { server: server.name, endpoint, mailbox, peer: { host: server.host, port: server.port }, wanted: scopesEnough[use] } }
}
