import type { TestStep } from '../../src-contract/connection-test.ts'
import type { Problem } from '../../src-contract/problem.ts'

type Tested = { protocol: string; host: string; endpoint?: string | undefined; auth: { method: string; user: string } }

/** The steps of a test by what kind of server it is; the last one fails where `fails` says how. */
export const stepsOf = (server: Tested, sends: boolean, fails: Problem | null): TestStep[] => {
  const byUrl = (server.endpoint ?? '') !== ''
  const token = server.auth.method === 'oauth2' || server.auth.method === 'service-account'
  const host = byUrl ? (server.endpoint ?? '').replace(/^https:\/\/([^/]+).*/, '$1') : server.host || 'mail.example.com'
  const ok = (step: TestStep['step'], ms: number, detail: string): TestStep => ({ step, outcome: 'ok', ms, detail, problem: null })
  const before: TestStep[] = [
    ok('resolve', 4, `${host} → 192.0.2.10, 2001:db8::10`), ok('connect', 11, `192.0.2.10:${byUrl ? 443 : 993}`), ok('tls', 23, `TLSv1.3, CN=${host}, until 2027-03-01`),
    ...(byUrl ? [] : [ok('greeting', 2, 'Dovecot ready'), ok('capabilities', 3, 'IMAP4rev1 IDLE MOVE UIDPLUS CONDSTORE')])
  ]
  const after: TestStep[] = [
    ...(token ? [ok('token', 86, `for ${server.auth.user || 'the application'}, 60 minutes left`)] : []),
    ...(byUrl ? [ok('endpoint', 31, `${host} is the service`)] : [ok('sign-in', 38, `${server.auth.user}, ${token ? 'XOAUTH2' : 'PLAIN'}`)]),
    ...(byUrl ? [ok('mailbox', 44, 'support@example.com is open to this sign-in')] : []),
    ...(sends ? [] : [ok('folder', 9, 'INBOX, 312 messages, 3 unread'), ok('sample', 17, 'the newest message was read without marking it')])
  ]
  if (!fails) return [...before, ...after]
  return [...before, { step: token ? 'token' : 'sign-in', outcome: 'failed', ms: 140, detail: 'serverSaid' in fails ? fails.serverSaid : '', problem: fails }]
}
