import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newOutgoingServer, outgoingServer, type OutgoingServer } from '#contract/outgoing-server.ts'
import { ProblemError } from '#contract/problem.ts'
import { testServer } from '../../testbed/fetching-rig.ts'
import { passwordConnection } from '../../testbed/password-connection.ts'
import { sendingTransport } from '../../testbed/sending-transport.ts'
import { createSentCopiesElsewhere } from './sent-copies-elsewhere.ts'

const serverWith = (sentCopiesIn: string | null): OutgoingServer =>
  outgoingServer.parse({ ...newOutgoingServer('smtp'), name: 'main', host: 'mail.example.com', replyTo: 'it@example.com', auth: { method: 'none', user: '', secret: 'keychain' }, sentCopiesIn })
const connection = { ...passwordConnection('it', 'of the outgoing server'), signal: new AbortController().signal, transcript: null, cursor: null }

test('the named IMAP mailbox is asked, signed in to with its own password; anything else cannot tell', async () => {
  const imap = testServer({ name: 'copies', protocol: 'imap' })
  const pop = testServer({ name: 'pop', protocol: 'pop3', errorFolder: { enabled: false, name: 'x', stopAfter: null, notify: false } })
  const stored = [{ id: 1, server: imap, ready: imap, issues: [], lastTest: null }, { id: 2, server: pop, ready: pop, issues: [], lastTest: null }, { id: 3, server: { ...imap, name: 'draft' }, ready: null, issues: [], lastTest: null }]
  const asked: string[] = []
  const elsewhere = createSentCopiesElsewhere({
    sources: { incomingNamed: async (name) => stored.find(({ server }) => server.name === name) ?? Promise.reject(new ProblemError({ code: 'not-found', what: 'incoming server', name, nearest: null })) },
    connectionFor: async (server) => passwordConnection('it', `of ${server.name}`),
    copies: { has: async (server, messageId, { credentials }) => (asked.push(`${server.name} ${messageId} ${credentials?.kind === 'password' ? credentials.secret : ''}`), true) }
  })(sendingTransport(async () => assert.fail('nothing is sent'), { wasSent: async () => null }))
  for (const [name, expected] of [['copies', true], ['pop', null], ['draft', null], ['gone', null], [null, null]] as const) assert.equal(await elsewhere.wasSent(serverWith(name), '<1@example.com>', connection), expected, String(name))
  assert.deepEqual(asked, ['copies <1@example.com> of copies'])
})
