import assert from 'node:assert/strict'
import { test } from 'node:test'
import { incomingServer, newIncomingServer, type IncomingServerDraft } from '#contract/incoming-server.ts'
import { newOutgoingServer } from '#contract/outgoing-server.ts'
import { incomingTwin, outgoingTwin } from './graph-twin.ts'

const password = (user: string) => ({ method: 'password' as const, user, secret: 'keychain' })
const base: IncomingServerDraft = {
  ...newIncomingServer('imap', 'IT'), name: 'it', host: 'outlook.office365.com', auth: password('it@example.com'), addresses: ['help@example.com'], folder: 'INBOX', fetchEveryMs: 30_000, afterFetch: 'move', moveTo: 'INBOX/Done', enabled: true,
  errorFolder: { enabled: true, name: 'Errors', stopAfter: 9, notify: false }, tls: { minVersion: 'TLSv1.2', caFile: 'ca.pem', pin: 'ab'.repeat(32) }, proxy: 'http://proxy:3128'
}

test('the twin does what its original does, over Graph, and is not started', () => {
  const twin = incomingTwin(base, ['it'])
  assert.deepEqual(twin, {
    ...base, name: 'it Graph', protocol: 'graph', endpoint: 'https://graph.microsoft.com', host: '', port: 443, security: 'tls', folder: 'Inbox', moveTo: 'Inbox/Done', enabled: false,
    auth: { method: 'oauth2', provider: 'microsoft', flow: 'interactive', user: 'it@example.com', secret: 'keychain' }, tls: { minVersion: 'TLSv1.2', caFile: 'ca.pem', pin: null }
  })
  const ready = incomingServer.safeParse({ ...twin, auth: { ...twin.auth, clientId: 'abc' } })
  assert.ok(ready.success, JSON.stringify(ready.error?.issues))
})

test('an application that is registered already is taken along, and its cloud', () => {
  const ews: IncomingServerDraft = {
    ...newIncomingServer('ews', 'IT'), name: 'hr', endpoint: 'https://outlook.office365.us/EWS/Exchange.asmx', mailbox: 'shared@example.com', folder: 'Inbox',
    auth: { method: 'oauth2', provider: 'microsoft', flow: 'client-credentials', authority: 'https://login.microsoftonline.us', tenant: 'contoso.example', clientId: 'abc', user: 'svc@example.com', scope: ['x'], secret: 'env:HR', secretExpires: '2027-01-01' }
  }
  assert.partialDeepStrictEqual(incomingTwin(ews, []), { endpoint: 'https://graph.microsoft.us', mailbox: 'shared@example.com', auth: { flow: 'client-credentials', authority: 'https://login.microsoftonline.us', tenant: 'contoso.example', clientId: 'abc', user: 'svc@example.com', secretExpires: '2027-01-01' } })
  assert.equal(incomingTwin(ews, []).auth.scope, undefined)
})

const cases: [string, Partial<IncomingServerDraft>, Partial<IncomingServerDraft>][] = [
  ['POP has no error folder to take over', { protocol: 'pop3', errorFolder: { enabled: false, name: 'x', stopAfter: null, notify: true } }, { errorFolder: { enabled: true, name: 'Mailroom errors', stopAfter: 50, notify: true } }],
  ['a user that is no address gives way to the address of the mailbox', { auth: password('EXAMPLE\\it') }, { auth: { method: 'oauth2', provider: 'microsoft', flow: 'interactive', user: 'help@example.com', secret: 'keychain' } }],
  ['a folder that only begins like the inbox stays', { folder: 'Inboxes' }, { folder: 'Inboxes' }],
  ['a folder under the inbox', { folder: 'inbox/Support' }, { folder: 'Inbox/Support' }]
]
for (const [title, changes, expected] of cases)
  test(`twin: ${title}`, () => {
    assert.partialDeepStrictEqual(incomingTwin({ ...base, ...changes }, []), expected)
  })

test('the name is free, and not too long', () => {
  assert.equal(incomingTwin(base, ['IT graph', 'it Graph 2']).name, 'it Graph 3')
  const long = incomingTwin({ ...base, name: 'x'.repeat(64) }, [])
  assert.deepEqual([long.name.length, long.name.slice(-7)], [64, 'x Graph'])
})

test('an outgoing server keeps its sender, its limits and its block', () => {
  const smtp = { ...newOutgoingServer('smtp'), name: 'main', host: 'smtp.office365.com', auth: password('it@example.com'), senderName: 'IT', replyTo: 'help@example.com', block: true, alternate: { host: 'x', port: 25, security: 'none' as const, returnToPrimary: 'manual' as const, afterFailures: 1 } }
  assert.partialDeepStrictEqual(outgoingTwin(smtp, ['main']), { name: 'main Graph', protocol: 'graph', endpoint: 'https://graph.microsoft.com', senderName: 'IT', replyTo: 'help@example.com', block: true, alternate: null, auth: { method: 'oauth2', user: 'it@example.com' } })
})
