import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { ProblemError } from '#contract/problem.ts'
import { settings as settingsSchema, type Settings } from '#contract/settings.ts'
import type { IntakeOrder, TakenMessage } from '../intake/intake.ts'
import type { ReceivedMail } from '../native-mail/receiver.ts'
import { parseMessage } from '../processing/parsing/parse-message.ts'
import type { ArrivedMessage, CommitMessages, CommittedMessage, Origin } from '../requests/message-fate.ts'
import { createTakeReceived } from './take-received.ts'

const mail = (subject: string, size = 0): ReceivedMail => ({
  raw: Buffer.from(`Message-ID: <${subject}@example.com>\r\nFrom: ann@example.com\r\nSubject: ${subject}\r\n\r\n${'x'.repeat(size)}`), session: { clientAddress: '192.0.2.1', helo: subject, mailFrom: 'ann@example.com' }, recipients: ['it@example.com']
})
const partitions = [{ name: 'Sales', outgoing: null, default: false, priorities: { impacts: [], urgencies: [], priorities: [], matrix: [] }, retention: null }, { name: 'IT', outgoing: null, default: true, priorities: { impacts: [], urgencies: [], priorities: [], matrix: [] }, retention: null }]
const committedAs = (arrived: readonly ArrivedMessage[]): CommittedMessage[] => arrived.map(({ uid }) => ({ uid, outcome: 'request', decided: {} }) as CommittedMessage)

function rig(nativeMail: Partial<Settings['nativeMail']> = {}, commitAs: CommitMessages = async (_origin, _settings, arrived) => committedAs(arrived)) {
  const orders: (IntakeOrder | undefined)[] = []
  const commits: { origin: Origin; subjects: string[] }[] = []
  const told: string[] = []
  let ids = 0
  const taking = createTakeReceived({
    settings: async () => settingsSchema.parse({ nativeMail }), partitions: async () => partitions,
    intake: {
      async take(raws, how) {
        orders.push(how)
        return raws.map((raw): TakenMessage => ({ stored: { address: 'a', place: { pack: 1, offset: 0, length: raw.length }, size: raw.length }, parsed: parseMessage(raw) }))
      }
    },
    commit: async (origin, settings, arrived) => {
      commits.push({ origin, subjects: arrived.map(({ taken }) => taken?.parsed.content.subject ?? '') })
      return commitAs(origin, settings, arrived)
    },
    newId: () => `id${++ids}`, failed: (source, failed) => told.push(`${source.name}: ${failed.map(({ subject, problem }) => `${subject} ${problem.code}`).join()}`)
  })
  return { taking, orders, commits, told }
}

test('what arrives while a commit is under way is committed together', async () => {
  const held: (() => void)[] = []
  const { taking, commits } = rig({}, (_origin, _settings, arrived) => new Promise((resolve) => held.push(() => resolve(committedAs(arrived)))))
  const settle = async (): Promise<void> => { for (let count = 0; count < 10; count++) await turn() }
  const alone = ['1', '2', '3'].map(async (subject) => taking.take(mail(subject)))
  await settle()
  // They came with one turn of the event loop.
  assert.deepEqual(commits.map(({ subjects }) => subjects), [['1', '2', '3']])
  for (const subject of ['4', '5']) {
    alone.push(taking.take(mail(subject)))
    await settle()
  }
  const rest = ['6', '7', '8'].map((subject) => taking.take(mail(subject)))
  await settle()
  assert.deepEqual(commits.map(({ subjects }) => subjects), [['1', '2', '3'], ['4'], ['5']])
  held.shift()?.()
  await settle()
  assert.deepEqual(commits.map(({ subjects }) => subjects), [['1', '2', '3'], ['4'], ['5'], ['6', '7', '8']])
  while (held.length > 0) held.shift()?.()
  await Promise.all([...alone, ...rest])
})

test('a batch is bounded in messages and in bytes', async () => {
  const { taking, commits } = rig()
  await Promise.all([...Array(120).keys()].map((index) => taking.take(mail(`m${index}`))))
  assert.deepEqual(commits.map(({ subjects }) => subjects.length), [50, 50, 20])
  await Promise.all([1, 2, 3].map((index) => taking.take(mail(`large${index}`, 20 << 20))))
  assert.deepEqual(commits.slice(3).map(({ subjects }) => subjects.length), [1, 1, 1])
})

test('where it comes from: the place of native mail, its partition, its rules; SMTP tells who brought it', async () => {
  const { taking, commits, orders } = rig({ instance: 'tarobe', host: 'mail.example.com', addresses: ['it@example.com'], authentication: 'drop', forwarders: ['old@example.com'], template: 'Mail' })
  await taking.take(mail('1'))
  const { server, ...origin } = commits[0]?.origin ?? assert.fail()
  assert.deepEqual(origin, { serverId: 1_000_000_000, sharedWith: [], isMailbox: false, identity: 'native', errorsAreMoved: false })
  assert.equal(server?.name, 'Native mail')
  assert.equal(server.partition, 'IT')
  assert.deepEqual([server.addresses, server.forwarders, server.template, server.authentication.policy], [['tarobe@mail.example.com', 'it@example.com'], ['old@example.com'], 'Mail', 'drop'])
  assert.deepEqual(orders, [{ authenticate: { trustedServers: [], sessions: [{ clientAddress: '192.0.2.1', helo: '1', mailFrom: 'ann@example.com' }] } }])
  const named = rig({ partition: 'Sales', authentication: 'ignore' })
  await named.taking.take(mail('1'))
  assert.equal(named.commits[0]?.origin.server?.partition, 'Sales')
  assert.deepEqual(named.orders, [{ authenticate: null }])
})

test('a full disk refuses all of a batch; a bug refuses only the message that it is about', async () => {
  const full = rig({}, () => Promise.reject(new ProblemError({ code: 'disk-full', folder: 'data' })))
  const refused = await Promise.allSettled(['1', '2'].map((subject) => full.taking.take(mail(subject))))
  assert.deepEqual(refused.map(({ status }) => status), ['rejected', 'rejected'])
  assert.equal(full.commits.length, 1)
  const buggy = rig({}, async (_origin, _settings, arrived) => {
    if (arrived.some(({ taken }) => taken?.parsed.content.subject === 'bug')) throw new TypeError('a bug')
    return committedAs(arrived)
  })
  const settled = await Promise.allSettled(['1', 'bug', '3'].map((subject) => buggy.taking.take(mail(subject))))
  assert.deepEqual(settled.map(({ status }) => status), ['fulfilled', 'rejected', 'fulfilled'])
})

test('a commit that does not answer for a message is not taken for one that did', async () => {
  const { taking } = rig({}, async () => [])
  await assert.rejects(taking.take(mail('1')), /did not answer/)
})

test('at its end, what waits is taken, and what comes after is asked to come later', async () => {
  const { taking, commits } = rig()
  const waiting = ['1', '2'].map((subject) => taking.take(mail(subject)))
  await taking.close()
  await Promise.all(waiting)
  assert.equal(commits.length, 1)
  await assert.rejects(taking.take(mail('3')), { problem: { code: 'cancelled' } })
})

test('a message that failed is kept, so it is acknowledged; people hear of it', async () => {
  const { taking, told } = rig({}, async (_origin, _settings, arrived) => arrived.map((one) => ({ uid: one.uid, outcome: 'error', decided: { arrived: one, problem: { code: 'message-without-sender' } } }) as unknown as CommittedMessage))
  await taking.take(mail('1'))
  assert.deepEqual(told, ['Native mail: 1 message-without-sender'])
})
