import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Expiry } from '#contract/advice.ts'
import { newIncomingServer, type IncomingServerView } from '#contract/incoming-server.ts'
import type { SignInState } from '#contract/oauth.ts'
import type { TestMail } from '#contract/outgoing-server.ts'
import { ProblemError } from '#contract/problem.ts'
import { announced, run } from '../../testbed/command-line.ts'
import { stopped } from '../../testbed/configured-console.ts'
import { createLookAround } from '../dashboard/look-around.ts'
import type { Handlers } from '../ipc/handlers-type.ts'

const signedIn: SignInState = { state: 'signed-in', account: 'it@example.com', scope: ['Mail.ReadWrite'], signedInAt: '2026-11-21T08:00:00.000Z', lastRefreshAt: null, accessExpiresAt: null, idleExpiresAt: '2027-02-19T08:00:00.000Z', problem: null }

test('sign-in prints the address and waits; with --json a line for each step, then the state', async () => {
  const asked: unknown[] = []
  const handlers: Partial<Handlers> = {
    'sign-in.start': async ({ kind, name, workId }) => {
      asked.push([kind, name])
      announced('sign-in-step-happened', { workId: 'somebody else', step: { kind: 'open-browser', url: 'https://wrong.example', redirectUrl: '' } })
      announced('sign-in-step-happened', { workId, step: { kind: 'open-browser', url: 'https://login.example.com/?a=b', redirectUrl: 'http://localhost:1234' } })
      return signedIn
    }
  }
  const plain = await run('incoming sign-in it', { handlers })
  assert.deepEqual([plain.status, plain.out], [0, 'it is signed in as it@example.com. Unused it would end on 2027-02-19.\nGranted: Mail.ReadWrite\n'])
  assert.match(plain.said, /https:\/\/login\.example\.com\/\?a=b/)
  assert.doesNotMatch(plain.said, /wrong/)
  const { out } = await run('outgoing sign-in main --json', { handlers })
  const lines = out.trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>)
  assert.deepEqual(lines, [{ step: 'open-browser', url: 'https://login.example.com/?a=b', redirectUrl: 'http://localhost:1234' }, { server: 'main', ...signedIn }])
  assert.deepEqual(asked, [['incoming', 'it'], ['outgoing', 'main']])
})

test('a device code is printed with its end, and a refused sign-in ends with 1', async () => {
  const handlers: Partial<Handlers> = {
    'sign-in.start': async ({ workId }) => {
      announced('sign-in-step-happened', { workId, step: { kind: 'device-code', userCode: 'ABCD-EFGH', verificationUrl: 'https://microsoft.com/devicelogin', expiresAt: '2026-11-21T08:15:00.000Z' } })
      throw new ProblemError({ code: 'sign-in-declined', server: 'it', serverSaid: 'authorization_declined' })
    }
  }
  const { status, said } = await run('incoming sign-in it', { handlers })
  assert.equal(status, 1)
  assert.match(said, /devicelogin and enter the code ABCD-EFGH\nbefore 08:15 UTC/)
  assert.match(said, /was declined/)
})

test('a round trip takes an outgoing server and a time, and tells the hops', async () => {
  const asked: unknown[] = []
  const trip = { messageId: '<1@x>', sentAt: '', foundAt: '', seconds: 4.2, serverSaid: '250 queued', hops: [{ by: 'mx.example.com', from: 'mail.example.com', at: null, seconds: 3 }] }
  const handlers: Partial<Handlers> = { 'incoming.round-trip': async ({ workId: _, ...input }) => (asked.push(input), trip) }
  const { status, out } = await run('incoming round-trip it --through main --wait 30s --to it@example.com', { handlers })
  assert.equal(status, 0)
  assert.match(out, /took 4\.2 s from main to it\.\nmain said: 250 queued\n {2}mail\.example\.com → mx\.example\.com, 3 s\n/)
  await run('incoming round-trip it --through main', { handlers })
  assert.deepEqual(asked, [{ name: 'it', through: 'main', to: 'it@example.com', waitMs: 30_000 }, { name: 'it', through: 'main', to: null, waitMs: 120_000 }])
})

test('--transcript writes what was said to stderr, and nowhere else, also where the work failed', async () => {
  const asked: unknown[] = []
  const lines = ['2026-11-21T09:14:02.123Z #1 S: * OK ready', '2026-11-21T09:14:02.124Z #1 C: A1 LOGIN (hidden)']
  const handlers: Partial<Handlers> = {
    'incoming.fetch': async ({ transcript }) => {
      asked.push(transcript)
      throw new ProblemError({ code: 'connection-refused', host: 'h', port: 993 })
    },
    'outgoing.send': async ({ transcript }) => (asked.push(transcript), { messageId: '<1@x>', through: 'primary', serverSaid: '250 ok', accepted: ['a@example.com'], refused: [] }),
    'incoming.transcript': async () => ({ lines }), 'outgoing.transcript': async () => ({ lines })
  }
  const fetched = await run('incoming fetch it --transcript', { handlers })
  assert.match(fetched.said, /#1 S: \* OK ready\n.*#1 C: A1 LOGIN \(hidden\)/)
  assert.doesNotMatch(fetched.out, /OK ready/)
  const sent = await run('outgoing send main --to a@example.com --transcript', { handlers })
  assert.deepEqual([fetched.status, sent.status], [3, 0])
  assert.match(sent.said, /#1 S: \* OK ready/)
  assert.doesNotMatch((await run('outgoing send main --to a@example.com', { handlers })).said, /OK ready/)
  assert.deepEqual(asked, [true, true, false])
})

const usageFaults: [string, RegExp][] = [
  ['incoming fetch --all --transcript', /shows one server/],
  ['incoming round-trip it', /--through SERVER/], ['incoming round-trip it --through main --wait 1h', /from 1s to 10m/], ['incoming round-trip it --through main --wait soon', /from 1s to 10m/], ['incoming sign-in', /needs NAME/],
  ['secret set it --for tls', /sign-in, proxy, client-key/], ['secret delete it --for x', /sign-in, proxy, client-key/], ['setup find', /needs ADDRESS/], ['expiries', /needs one of: list/]
]
for (const [line, words] of usageFaults)
  test(`“mailroom ${line}” ends with 2 before anything is opened`, async () => {
    const { status, said, opened } = await run(line, { stdin: 'x' })
    assert.deepEqual([status, opened], [2, 0])
    assert.match(said, words)
  })

test('a secret can be for the proxy or the client key', async () => {
  const stored: unknown[] = []
  const handlers: Partial<Handlers> = { 'secret.set': async (input) => void stored.push(input), 'secret.delete': async (input) => void stored.push(input) }
  const { out, said } = await run('secret set it --for proxy', { handlers, stdin: 'hunter2\n' })
  assert.equal(out, 'The proxy password of it is stored.\n')
  await run('secret set it', { handlers, stdin: '-----BEGIN X-----\nline\n-----END X-----\n' })
  await run('secret delete it --for client-key', { handlers })
  assert.deepEqual(stored, [{ server: 'it', purpose: 'proxy', secret: 'hunter2' }, { server: 'it', purpose: 'sign-in', secret: '-----BEGIN X-----\nline\n-----END X-----' }, { server: 'it', purpose: 'client-key' }])
  assert.doesNotMatch(out + said, /hunter2/)
})

test('setup find prints the ways it found, and ends with 1 when there are none', async () => {
  const incoming = { ...newIncomingServer('imap', 'Main'), host: 'imap.example.com' }
  const probe = { outcome: 'ok' as const, detail: 'TLSv1.3' }
  const candidate = { id: '1', source: 'srv' as const, title: 'IMAP at imap.example.com', notes: ['Named by the domain.'], incoming, outgoing: null, unconfirmedHosts: ['imap.example.com'], incomingProbe: probe, outgoingProbe: probe }
  const found = await run('setup find ann@example.com', { handlers: { 'setup.find': async ({ address }) => ({ address, candidates: [candidate], notes: [] }) } })
  assert.equal(found.status, 0)
  assert.match(found.out, /^IMAP at imap\.example\.com \(srv\)\n {2}incoming: imap, imap\.example\.com:993 tls, password — ok, TLSv1\.3\n {2}Named by the domain\.\n {2}Confirm before/)
  assert.equal((await run('setup find ann@example.com --json', { handlers: { 'setup.find': async ({ address }) => ({ address, candidates: [], notes: [] }) } })).status, 1)
  assert.equal((await run('setup find nobody', { handlers: { 'setup.find': async ({ address }) => ({ address, candidates: [], notes: [] }) } })).status, 2)
})

test('expiries list is one array, or a table', async () => {
  const ends: Expiry = { server: 'hr', kind: 'incoming', what: 'client-secret', at: '2026-12-21T00:00:00.000Z', daysLeft: 29, text: 'The client secret of hr expires on 2026-12-21.' }
  const handlers: Partial<Handlers> = { 'expiries.list': async () => [ends, { ...ends, daysLeft: -1 }] }
  assert.deepEqual(JSON.parse((await run('expiries list --json', { handlers })).out)[0], ends)
  assert.match((await run('expiries list', { handlers })).out, /2026-12-21 +29 +hr +The client secret[^\n]+\n2026-12-21 +over/)
})

test('status tells of sign-ins, delays and what providers announced', async () => {
  const advice = { code: 'ews-in-exchange-online', severity: 'warning', date: '2027-04-01', title: 'EWS in Exchange Online ends', text: '', source: 'https://example.com/x', asOf: '2026-11-21', action: 'move-to-graph' } as const
  const view = (name: string, more: Partial<IncomingServerView>): IncomingServerView => ({
    server: { ...newIncomingServer('ews', 'Main'), name }, issues: [], hasSecret: false, hasProxySecret: false, hasClientKeySecret: false, signIn: null, advice: [], state: stopped, errorCount: 0, lastTest: null, ...more
  })
  const status = createLookAround({
    state: async () => ({ version: '1', dataFolder: '/data', credentials: 'vault' }),
    incoming: async () => [view('a', { signIn: { ...signedIn, state: 'never' }, advice: [advice] }), view('b', { state: { ...stopped, fetching: 'listening', delayedUntil: '2026-11-21T09:00:00.000Z' } })],
    outgoing: async () => [], requests: async () => ({ total: 0 }), errors: async () => ({ open: 0 }), notices: async () => ({ unread: 0 }), outbox: async () => ({ waiting: 0, sending: 0, held: 0, uncertain: 0, refused: 2, sent: 9 }), handOver: async () => ({ waiting: 3, refused: 1 })
  })
  const handlers: Partial<Handlers> = { 'status.get': status }
  const { out } = await run('status', { handlers })
  assert.match(out, /listening to 1 mailbox$/m)
  assert.match(out, /^to help desks: 3 waiting, 1 refused \(mailroom hand-over list\)$/m)
  assert.match(out, /^a .*nobody signed in yet$/m)
  assert.match(out, /^b .*delayed by the provider until /m)
  assert.match(out, /^a: EWS in Exchange Online ends, 2027-04-01 \(https:\/\/example\.com\/x\)$/m)
  const json = JSON.parse((await run('status --json', { handlers })).out) as { listening: number; incoming: { signIn: string | null; delayedUntil: string | null }[] }
  assert.deepEqual([json.listening, json.incoming.map(({ signIn, delayedUntil }) => [signIn, delayedUntil])], [1, [['never', null], [null, '2026-11-21T09:00:00.000Z']]])
})

test('recipients may be written with names', async () => {
  const seen: TestMail[] = []
  const handlers: Partial<Handlers> = { 'outgoing.send': async ({ mail }) => (seen.push(mail), { messageId: '', serverSaid: '', through: 'primary', accepted: [], refused: [] }) }
  await run(['outgoing', 'send', 'main', '--to', 'Bo <bo@example.com>, "Lee, Ann" <ann@example.com>,x@example.com', '--cc', '<y@example.com>'], { handlers })
  assert.deepEqual([seen[0]?.to, seen[0]?.cc], [['bo@example.com', 'ann@example.com', 'x@example.com'], ['y@example.com']])
  assert.equal((await run(['outgoing', 'send', 'main', '--to', 'Bo <bo@example.com'], { handlers })).status, 2)
})

test('a test that was made ends with 1 or 3, whatever it found; only a wrong request ends with 2', async () => {
  const verdict = (problem: ProblemError['problem']) => ({ verdict: 'failed' as const, at: '', failedAt: 'tls' as const, problem, sample: null, steps: [{ step: 'tls' as const, outcome: 'failed' as const, ms: 1, detail: '', problem }] })
  const status = async (problem: ProblemError['problem']) => (await run('incoming test it', { handlers: { 'incoming.test': async () => verdict(problem) } })).status
  assert.deepEqual([await status({ code: 'ca-file-unusable', file: 'ca.pem', reason: 'there is none' }), await status({ code: 'keychain-unavailable', reason: 'x' }), await status({ code: 'host-not-found', host: 'x', port: 1 })], [1, 1, 3])
  assert.equal((await run('incoming test it', { handlers: { 'incoming.test': async () => { throw new ProblemError({ code: 'server-is-draft', server: 'it', issues: [] }) } } })).status, 2)
})
