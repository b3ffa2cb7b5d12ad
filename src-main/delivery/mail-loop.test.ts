import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { SMTPServer } from 'smtp-server'
import { startDemoImap } from '../demo/demo-imap.ts'
import { openConsoleUnderTest, type ConsoleUnderTest } from '../../testbed/console-under-test.ts'

const password = 'loop-password'
const mostAnswers = 4

/** A mail server for two desks. With `forgets` it takes away everything that shows automatic mail (RFC 3834) or a conversation, as bad gateways do. With `details` each mail is from an address of its own (RFC 5233), as desks write it that find their cases by it; with `strangers` from one that has nothing in common with the others. */
async function startWorld({ forgets, details = false, strangers = false }: { forgets: boolean; details?: boolean; strangers?: boolean }) {
  const mailboxes = new Map(await Promise.all(['ann@a.example', 'bob@b.example'].map(async (user) => [user, await startDemoImap({ user, password, mails: [], now: new Date() })] as const)))
  let delivered = 0
  const smtp = new SMTPServer({
    logger: false, hideSTARTTLS: true, allowInsecureAuth: true,
    onAuth: (_auth, _session, done) => done(null, { user: 'anybody' }),
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const raw = Buffer.concat(chunks).toString('latin1')
        for (const { address } of session.envelope.rcptTo) {
          const ofNobody = details ? raw.replace(/^(From: [^@\r\n]+)@/im, `$1+case${delivered}@`) : strangers ? raw.replace(/^From: .*@([^>\r\n]+).*$/im, `From: case${delivered}@$1`) : raw
          const user = strangers ? [...mailboxes.keys()].find((one) => one.endsWith(address.slice(address.indexOf('@')))) : address.toLowerCase().replace(/\+[^@]*/, '')
          mailboxes.get(user ?? '')?.deliver({ raw: Buffer.from(forgets ? withoutTraces(ofNobody) : ofNobody, 'latin1'), receivedAt: new Date() })
          delivered += 1
        }
        done(null, 'taken')
      })
    }
  })
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve))
  const smtpPort = (smtp.server.address() as AddressInfo).port
  return {
    delivered: () => delivered,
    write: (to: string, raw: string) => mailboxes.get(to)?.deliver({ raw: Buffer.from(raw), receivedAt: new Date() }),
    configuration: (address: string, more: { processing?: object; requestMails?: object[] } = {}) => JSON.stringify({
      version: 1,
      partitions: [{ name: 'Desk', outgoing: 'out', default: true }],
      incoming: [{ name: 'in', partition: 'Desk', protocol: 'imap', host: '127.0.0.1', port: mailboxes.get(address)?.port, security: 'none', auth: { method: 'password', user: address, secret: 'env:LOOP' }, addresses: [address], push: false, errorFolder: { enabled: false } }],
      outgoing: [{ name: 'out', protocol: 'smtp', host: '127.0.0.1', port: smtpPort, security: 'none', auth: { method: 'password', user: address, secret: 'env:LOOP' }, replyTo: address }],
      processing: { answers: { acknowledge: true, mostPerHour: mostAnswers } }, ...more
    }),
    async stop() {
      await Promise.all([...mailboxes.values()].map((mailbox) => mailbox.stop()))
      await new Promise<void>((resolve) => smtp.close(resolve))
    }
  }
}

/** New Message-ID and subject, no sign of an automatic answer, no thread: each mail looks like the first of a stranger. */
function withoutTraces(raw: string): string {
  const end = raw.indexOf('\r\n\r\n')
  const header = raw.slice(0, end).replace(/\r\n[ \t]+/g, ' ').split('\r\n').filter((line) => !/^(?:Auto-Submitted|X-Auto-Response-Suppress|X-Mailer|In-Reply-To|References|Message-ID|Subject):/i.test(line))
  return [...header, `Message-ID: <${randomUUID()}@gateway.example>`, `Subject: Question ${randomUUID()}`].join('\r\n') + raw.slice(end)
}

test('that holds where each mail comes from another detail of the address', { timeout: 120_000 }, async () => {
  const world = await startWorld({ forgets: true, details: true })
  const answers = { processing: { answers: { acknowledge: true, mostPerHour: mostAnswers } } }
  const desks = await Promise.all(['ann@a.example', 'bob@b.example'].map((address) => openDesk(world.configuration(address, answers))))
  try {
    world.write('ann@a.example', first)
    assert.ok((await runUntilQuiet(desks, world.delivered, 30)) < 30, 'the loop went on')
    assert.ok(world.delivered() >= mostAnswers && world.delivered() <= 2 * mostAnswers + 1, `${world.delivered()} answers went out`)
  } finally {
    await Promise.all(desks.map((desk) => desk.stop()))
    await world.stop()
  }
})

const other: Record<string, string> = { 'ann@a.example': 'bob@b.example', 'bob@b.example': 'ann@a.example' }
/** Everything that may happen is told, to who wrote and to the other desk by its address. */
const rulesAgainst = (address: string): object[] =>
  ['request-created', 'reply-received', 'request-closed', 'request-reopened'].map((event) => ({ name: event, event, to: ['requester', 'cc', other[address]], template: { subject: 'Told of {{number}}: {{subject}}', text: '{{message}}', html: '<p>{{message}}</p>' } }))
/** To the other desk by its address alone, which is an answer to nobody. */
const rulesBeside = (address: string): object[] => rulesAgainst(address).map((rule) => ({ ...rule, to: [other[address]] }))

async function openDesk(configuration: string): Promise<ConsoleUnderTest> {
  const desk = await openConsoleUnderTest({ LOOP: password })
  await desk.must('configuration.import', { yaml: configuration, replace: true })
  return desk
}

/** Fetches and sends on both sides until nothing moves any more; answers how many times it went round. */
async function runUntilQuiet(desks: readonly ConsoleUnderTest[], delivered: () => number, mostTurns: number): Promise<number> {
  for (let turn = 1; turn <= mostTurns; turn++) {
    const before = delivered()
    let fetched = 0
    for (const desk of desks) {
      fetched += (await desk.must<{ fetched: number }>('incoming.fetch', { name: 'in', workId: randomUUID() })).fetched
      await desk.must('outbox.flush', {})
    }
    if (fetched === 0 && delivered() === before) return turn
  }
  return Infinity
}

const first = ['From: Bob <bob@b.example>', 'To: ann@a.example', 'Subject: The printer is broken', 'Message-ID: <first@b.example>', `Date: ${new Date().toUTCString()}`, '', 'Please help.', ''].join('\r\n')
type Notices = { notices: { kind: string; problem: { address?: string } | null }[] }

test('two consoles that answer each other stop at once, for the answer says that it is one', async () => {
  const world = await startWorld({ forgets: false })
  const desks = await Promise.all(['ann@a.example', 'bob@b.example'].map((address) => openDesk(world.configuration(address))))
  try {
    world.write('ann@a.example', first)
    assert.ok((await runUntilQuiet(desks, world.delivered, 20)) < 6)
    assert.equal(world.delivered(), 1)
  } finally {
    await Promise.all(desks.map((desk) => desk.stop()))
    await world.stop()
  }
})

test('where a gateway takes every sign of automatic mail away, the loop ends by the number of answers, and the bell says so', { timeout: 120_000 }, async () => {
  const world = await startWorld({ forgets: true })
  const desks = await Promise.all(['ann@a.example', 'bob@b.example'].map((address) => openDesk(world.configuration(address))))
  try {
    world.write('ann@a.example', first)
    assert.ok((await runUntilQuiet(desks, world.delivered, 60)) < 60, 'the loop went on')
    assert.ok(world.delivered() >= mostAnswers && world.delivered() <= 2 * mostAnswers, `${world.delivered()} answers went out`)
    const rung = (await Promise.all(desks.map((desk) => desk.must<Notices>('notices.list', {})))).flatMap(({ notices }) => notices.filter(({ kind }) => kind === 'mail-loop'))
    assert.equal(rung.length, 1)
    assert.match(rung[0]?.problem?.address ?? '', /^(?:ann@a|bob@b)\.example$/)
    // Nothing that came in was lost: each mail is a request on the other side.
    const requests = (await Promise.all(desks.map((desk) => desk.must<{ total: number }>('requests.list', {})))).reduce((sum, { total }) => sum + total, 0)
    assert.equal(requests, 1 + world.delivered())
  } finally {
    await Promise.all(desks.map((desk) => desk.stop()))
    await world.stop()
  }
})

test('and where each comes from an address that has nothing in common with the others, by the number of answers to the domain', { timeout: 300_000 }, async () => {
  const world = await startWorld({ forgets: true, strangers: true })
  const answers = { processing: { answers: { acknowledge: true, mostPerHour: 1 } } }
  const desks = await Promise.all(['ann@a.example', 'bob@b.example'].map((address) => openDesk(world.configuration(address, answers))))
  try {
    world.write('ann@a.example', first)
    assert.ok((await runUntilQuiet(desks, world.delivered, 60)) < 60, 'the loop went on')
    assert.equal(world.delivered(), 100)
    const rung = (await Promise.all(desks.map((desk) => desk.must<Notices>('notices.list', {})))).flatMap(({ notices }) => notices.filter(({ kind }) => kind === 'mail-loop'))
    assert.deepEqual(rung.map(({ problem }) => problem?.address), ['b.example'])
  } finally {
    await Promise.all(desks.map((desk) => desk.stop()))
    await world.stop()
  }
})

for (const [what, rules] of [['to who wrote and to each other', rulesAgainst], ['to each other by address alone', rulesBeside]] as const) {
  test(`two consoles whose rules mail ${what} stop at once`, async () => {
    const world = await startWorld({ forgets: false })
    const desks = await Promise.all(['ann@a.example', 'bob@b.example'].map((address) => openDesk(world.configuration(address, { processing: {}, requestMails: rules(address) }))))
    try {
      world.write('ann@a.example', first)
      assert.ok((await runUntilQuiet(desks, world.delivered, 20)) < 6)
      assert.equal(world.delivered(), 1)
    } finally {
      await Promise.all(desks.map((desk) => desk.stop()))
      await world.stop()
    }
  })

  test(`where a gateway takes every sign away, two consoles whose rules mail ${what} stop by the number of mails`, { timeout: 120_000 }, async () => {
    const world = await startWorld({ forgets: true })
    const answers = { processing: { answers: { mostPerHour: mostAnswers } } }
    const desks = await Promise.all(['ann@a.example', 'bob@b.example'].map((address) => openDesk(world.configuration(address, { ...answers, requestMails: rules(address) }))))
    try {
      world.write('ann@a.example', first)
      assert.ok((await runUntilQuiet(desks, world.delivered, 60)) < 60, 'the loop went on')
      assert.ok(world.delivered() >= mostAnswers && world.delivered() <= 2 * mostAnswers + 1, `${world.delivered()} mails went out`)
      const rung = (await Promise.all(desks.map((desk) => desk.must<Notices>('notices.list', {})))).flatMap(({ notices }) => notices.filter(({ kind }) => kind === 'mail-loop'))
      assert.ok(rung.length >= 1)
    } finally {
      await Promise.all(desks.map((desk) => desk.stop()))
      await world.stop()
    }
  })
}
