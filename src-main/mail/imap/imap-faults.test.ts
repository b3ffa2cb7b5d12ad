import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newIncomingServer, type IncomingServer } from '#contract/incoming-server.ts'
import type { ProblemCode } from '#contract/problem.ts'
import { testCertificates } from '../../../testbed/certificates.ts'
import { startScriptedServer, type ScriptMove } from '../../../testbed/scripted-server.ts'
import { passwordConnection } from '../../../testbed/password-connection.ts'
import { transportNeeds } from '../../../testbed/transport-needs.ts'
import { problemOf } from '../incoming-transport-promises.ts'
import type { OpenMailbox } from '../incoming-transport.ts'
import { createImapTransport } from './imap-transport.ts'

const transport = createImapTransport(transportNeeds({ connectMs: 1_000, greetingMs: 500, silenceMs: 600, probeMs: 300 }))

const answers = (wanted: RegExp, ...lines: string[]): ScriptMove[] => [{ expect: wanted }, ...lines.map((line) => ({ line })), { line: '${tag} OK done' }]
/** Up to the open INBOX, as a server without extensions would say it. */
const opened = (capabilities = 'IMAP4rev1', okOfSelect = '[READ-WRITE]'): ScriptMove[] => [
  { line: '* OK ready' }, ...answers(/CAPABILITY/, `* CAPABILITY ${capabilities}`), ...answers(/ LOGIN /), ...answers(/CAPABILITY/, `* CAPABILITY ${capabilities}`),
  ...answers(/ LIST /, '* LIST (\\Noselect) "." ""'), ...answers(/ LIST /, '* LIST () "." INBOX'), ...answers(/ LSUB /, '* LSUB () "." INBOX'),
  { expect: /SELECT/ }, { line: '* 3 EXISTS' }, { line: '* OK [UIDVALIDITY 77] ok' }, { line: `\${tag} OK ${okOfSelect} done` }
]

async function play(script: ScriptMove[], change: Partial<IncomingServer>, work: (mailbox: OpenMailbox, heard: string[]) => Promise<void>): Promise<void> {
  const server = await startScriptedServer(script)
  const settings: IncomingServer = { ...(newIncomingServer('imap', 'IT') as IncomingServer), name: 'it', host: '127.0.0.1', port: server.port, security: 'none', auth: { method: 'password', user: 'ann', secret: 'keychain' }, ...change }
  try {
    const mailbox = await transport.open(settings, { ...passwordConnection('ann', 'a secret'), signal: AbortSignal.timeout(8_000), transcript: null, cursor: null })
    await work(mailbox, server.heard)
  } catch (error) {
    if (error instanceof Error) error.message += `\nThe server heard:\n${server.heard.join('\n')}`
    throw error
  } finally {
    await server.stop()
  }
}
const failing = async (script: ScriptMove[], code: ProblemCode, work: (mailbox: OpenMailbox) => Promise<unknown> = async () => undefined): Promise<void> => {
  const problem = await problemOf(play(script, {}, async (mailbox) => void (await work(mailbox))))
  assert.equal(problem.code, code, JSON.stringify(problem))
}

const greetings: [string, ScriptMove[], ProblemCode][] = [
  ['BYE: too many', [{ line: '* BYE Too many connections, try later' }], 'server-busy'],
  ['BYE: go away', [{ line: '* BYE You are not welcome' }], 'server-refused'],
  ['garbage', [{ send: Buffer.from([0, 1, 2, 3, 13, 10, 255, 254, 13, 10]) }], 'not-a-mail-server'],
  ['half a greeting', [{ send: '* O' }, { drop: 'end' }], 'connection-dropped'],
  ['a greeting that never ends (slow loris)', [{ drip: '* OK ready and able', everyMs: 100 }], 'server-silent'],
  ['hanging up after the greeting', [{ line: '* OK hi' }, { expect: /./ }, { drop: 'reset' }], 'connection-dropped'],
  ['silence after the greeting', [{ line: '* OK hi' }, { silence: true }], 'server-silent'],
  ['a sign-in that is only for TLS', [{ line: '* OK hi' }, ...answers(/CAPABILITY/, '* CAPABILITY IMAP4rev1 LOGINDISABLED STARTTLS')], 'sign-in-needs-encryption'],
  ['no way to sign in with a password', [{ line: '* OK hi' }, ...answers(/CAPABILITY/, '* CAPABILITY IMAP4rev1 LOGINDISABLED AUTH=XOAUTH2')], 'sign-in-needs-encryption']
]
for (const [name, script, code] of greetings) test(`${name}: ${code}`, () => failing(script, code))

test('a read-only folder is no folder to work in', () => failing(opened('IMAP4rev1', '[READ-ONLY]'), 'folder-access-denied'))

test('half a literal, then the end: dropped, and no message', async () => {
  const script: ScriptMove[] = [...opened(), { expect: /FETCH/ }, { line: '* 1 FETCH (UID 5 BODY[] {1000}' }, { send: 'Subject: half\r\n\r\n' }, { drop: 'end' }]
  await failing(script, 'connection-dropped', async (mailbox) => {
    for await (const message of mailbox.download([{ id: '5', size: 1000 }])) assert.fail(`got ${message.raw.length} bytes`)
  })
})

test('half a literal, then silence: server-silent', async () => {
  const script: ScriptMove[] = [...opened(), { expect: /FETCH/ }, { line: '* 1 FETCH (UID 5 BODY[] {1000}' }, { send: 'Subject: half\r\n\r\n' }, { silence: true }]
  await failing(script, 'server-silent', async (mailbox) => {
    for await (const message of mailbox.download([{ id: '5', size: 1000 }])) assert.fail(`got ${message.raw.length} bytes`)
  })
})

test('a message that is far shorter than listed is incomplete; its neighbours can be had alone', async () => {
  const body = 'Subject: short\r\n\r\nx\r\n'
  const whole = (uid: number): ScriptMove[] => [{ expect: /FETCH/ }, { line: `* 1 FETCH (UID ${uid} BODY[] {${body.length}}` }, { send: body }, { line: ')' }, { line: '${tag} OK done' }]
  await play([...opened(), ...whole(5), ...whole(6)], {}, async (mailbox) => {
    const problem = await problemOf(collect(mailbox.download([{ id: '5', size: 50_000 }])))
    assert.ok(problem.code === 'message-incomplete' && problem.expected === 50_000 && problem.received === body.length)
    assert.equal((await collect(mailbox.download([{ id: '6', size: body.length }]))).length, 1)
  })
})

test('a message that the server refuses is unreadable, and the connection goes on', async () => {
  await play([...opened(), { expect: /FETCH/ }, { line: '${tag} NO [SERVERBUG] cannot read message 5' }, ...answers(/SEARCH/, '* SEARCH')], {}, async (mailbox) => {
    const problem = await problemOf(collect(mailbox.download([{ id: '5', size: 10 }])))
    assert.ok(problem.code === 'message-unreadable' && problem.reason.includes('cannot read message 5'))
    assert.deepEqual(await mailbox.listWaiting(), [])
  })
})

test('garbage in the middle of a session ends it with a problem', () => failing([...opened(), { expect: /SEARCH/ }, { send: Buffer.from('* SEARCH (((\r\n\r\n)))) {{{ \r\n\u0001\u0002\r\n') }, { drop: 'end' }], 'connection-dropped', (mailbox) => mailbox.listWaiting()))

test('a refused SEARCH is not an empty mailbox', () => failing([...opened(), { expect: /SEARCH/ }, { line: '${tag} NO no searching today' }], 'command-refused', (mailbox) => mailbox.listWaiting()))

test('a refused STORE is not a message marked', () => failing([...opened(), { expect: /STORE/ }, { line: '${tag} NO not now' }], 'command-refused', (mailbox) => mailbox.acknowledge(['5'])))

test('a move after which the messages are still there: source-did-not-shrink, once', async () => {
  const script: ScriptMove[] = [...opened('IMAP4rev1 MOVE UIDPLUS'), ...answers(/LIST/, '* LIST () "." INBOX', '* LIST () "." "Mailroom errors"'), ...answers(/UID SEARCH/, '* SEARCH 5 6'), ...answers(/UID MOVE/), ...answers(/UID SEARCH/, '* SEARCH 5 6')]
  await play(script, {}, async (mailbox, heard) => {
    const problem = await problemOf(mailbox.moveToErrorFolder(['5', '6']))
    assert.ok(problem.code === 'source-did-not-shrink' && problem.messages === 2)
    assert.equal(heard.filter((line) => /UID (?:MOVE|COPY)/.test(line)).length, 1)
  })
})

test('without MOVE: copied, counted, removed by UID; a copy that is incomplete removes nothing', async () => {
  const folders = answers(/LIST/, '* LIST () "." INBOX', '* LIST () "." "Mailroom errors"')
  const good: ScriptMove[] = [...opened('IMAP4rev1 UIDPLUS'), ...folders, ...answers(/UID SEARCH/, '* SEARCH 5 6'), { expect: /UID COPY/ }, { line: '${tag} OK [COPYUID 9 5:6 1:2] done' }, ...answers(/UID STORE/), ...answers(/UID EXPUNGE 5:6/), ...answers(/UID SEARCH/, '* SEARCH')]
  await play(good, {}, async (mailbox) => mailbox.moveToErrorFolder(['5', '6']))
  const half: ScriptMove[] = [...opened('IMAP4rev1 UIDPLUS'), ...folders, ...answers(/UID SEARCH/, '* SEARCH 5 6'), { expect: /UID COPY/ }, { line: '${tag} OK [COPYUID 9 5 1] done' }, { silence: true }]
  await play(half, {}, async (mailbox, heard) => {
    assert.equal((await problemOf(mailbox.moveToErrorFolder(['5', '6']))).code, 'command-refused')
    assert.ok(!heard.some((line) => /STORE|EXPUNGE/.test(line)))
  })
})

test('without UIDPLUS nothing is expunged, for EXPUNGE would take the mail of others', async () => {
  await play([...opened(), ...answers(/UID STORE 5 \+FLAGS.SILENT \(\\Deleted\)/), ...answers(/UID SEARCH/, '* SEARCH')], { afterFetch: 'delete' }, async (mailbox, heard) => {
    await mailbox.acknowledge(['5'])
    assert.ok(!heard.some((line) => /EXPUNGE/.test(line)))
  })
})

test('IDLE on a connection that has died is found out, before and after news', async () => {
  const idle: ScriptMove[] = [{ expect: /IDLE/ }, { line: '+ idling' }]
  const woken: ScriptMove[] = [...opened('IMAP4rev1 IDLE'), { expect: /(?<=^\S+ )IDLE/ }, { line: '+ idling' }, { pauseMs: 100 }, { line: '* 4 EXISTS' }, { silence: true }]
  await failing(woken, 'server-silent', (mailbox) => mailbox.waitForNews?.(5_000, AbortSignal.timeout(5_000)) ?? Promise.resolve())
  await failing([...opened('IMAP4rev1 IDLE'), ...idle, { silence: true }], 'server-silent', (mailbox) => mailbox.waitForNews?.(20_000, AbortSignal.timeout(7_000)) ?? Promise.resolve())
})

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = []
  for await (const item of items) found.push(item)
  return found
}

for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
  test(`a server that asks for a client certificate in ${version} is told without one, and gets the one that is set`, async () => {
    const { good, ca, client } = testCertificates()
    const server = await startScriptedServer(opened(), { certificate: good, ca: [ca.cert], requestCert: true, rejectUnauthorized: true, minVersion: version, maxVersion: version })
    const open = (tls: Partial<IncomingServer['tls']>): Promise<OpenMailbox> => {
      const settings: IncomingServer = { ...(newIncomingServer('imap', 'IT') as IncomingServer), name: 'it', host: 'localhost', port: server.port, security: 'tls', auth: { method: 'password', user: 'ann', secret: 'keychain' }, tls: { minVersion: 'TLSv1.2', caFile: ca.certFile, pin: null, ...tls } }
      return transport.open(settings, { ...passwordConnection('ann', 'a secret'), signal: AbortSignal.timeout(8_000), transcript: null, cursor: null })
    }
    try {
      assert.equal((await problemOf(open({}))).code, 'client-certificate-wanted')
      const mailbox = await open({ clientCertFile: client.certFile, clientKeyFile: client.keyFile })
      assert.match(mailbox.identity, /77$/)
      await mailbox.close()
    } finally {
      await server.stop()
    }
  })
}
