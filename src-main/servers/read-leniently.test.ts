import assert from 'node:assert/strict'
import { test } from 'node:test'
import { administrator, createConfiguredConsole } from '../../testbed/configured-console.ts'

/** As the first version stored it. */
const partOne = {
  name: 'it', partition: 'Main', protocol: 'imap', host: 'mail.example.com', port: 993, security: 'tls', auth: { method: 'password', user: 'it', secret: 'keychain' }, addresses: [], otherRecipients: 'take', folder: 'INBOX', fetchEveryMs: 60_000, push: true,
  afterFetch: 'mark-seen', moveTo: null, keepOriginal: false, maxMessageSize: 50_000_000, newRequests: { allowed: true, except: [] }, errorFolder: { enabled: true, name: 'Mailroom errors', stopAfter: 50, notify: true },
  tls: { minVersion: 'TLSv1.2', caFile: null, pin: null }, proxy: null, debug: false, enabled: true
}
/** What later versions have besides, as a new server has it. */
const since = { silenceAlert: true, template: null, useLinkedAnalyst: false, defaultLoggingAnalyst: null, authentication: { policy: 'ignore', trustedServers: [] }, forwarders: [] }
/** The same of outgoing servers. */
const sinceOutgoing = { mostConnections: 5, maxMailSize: null, whenUncertain: 'hold', sentCopiesIn: null, dkim: null }
const partOneOutgoing = {
  name: 'main', protocol: 'smtp', host: 'mail.example.com', port: 587, security: 'starttls', auth: { method: 'none', user: '', secret: 'keychain' }, senderName: '', replyTo: 'it@example.com', alternate: null, timeoutMs: 30_000, block: false, overrideTo: null, embeddedImages: 'cid',
  conversationId: { attach: true, location: 'subject', prefix: '##' }, tls: { minVersion: 'TLSv1.2', caFile: null, pin: null }, proxy: null, debug: false
}

const stored = async (incoming: object, outgoing: object, settings: object | null) => {
  const console = createConfiguredConsole()
  await console.database.transaction(async (transaction) => {
    await transaction.run('INSERT INTO incoming_servers (id, name, document) VALUES (1, ?, ?)', ['it', JSON.stringify(incoming)])
    await transaction.run('INSERT INTO outgoing_servers (id, name, document) VALUES (1, ?, ?)', ['main', JSON.stringify(outgoing)])
    if (settings !== null) await transaction.run('INSERT INTO settings (id, document) VALUES (1, ?)', [JSON.stringify(settings)])
  })
  return console
}

test('what the first version stored is ready as it is, and settings that it did not have get their defaults', async () => {
  const console = await stored(partOne, partOneOutgoing, { emailFormat: { default: 'plain' }, history: { reasonRequired: false } })
  assert.deepEqual((await console.sources.incomingNamed('it')).ready, { ...partOne, ...since })
  assert.deepEqual((await console.sources.outgoingNamed('main')).ready, { ...partOneOutgoing, ...sinceOutgoing })
  assert.partialDeepStrictEqual(await console.settings.get(), { emailFormat: { default: 'plain' }, fetching: { mostListening: 100, publicUrl: null } })
})

test('an alternate that was stored before failures were counted is taken after the first', async () => {
  const alternate = { host: 'mx2.example.com', port: 465, security: 'tls', returnToPrimary: 'health-check' }
  const console = await stored(partOne, { ...partOneOutgoing, alternate }, null)
  assert.deepEqual((await console.sources.outgoingNamed('main')).ready?.alternate, { ...alternate, afterFailures: 1 })
  const strange = await stored(partOne, { ...partOneOutgoing, alternate: { ...alternate, weight: 3 } }, null)
  assert.deepEqual((await strange.sources.outgoingNamed('main')).ready?.alternate, { ...alternate, afterFailures: 1 })
})

test('keys of another version are left out, wrong values give way to defaults, and everything still opens', async () => {
  const strange = { ...partOne, shoeSize: 42, auth: { ...partOne.auth, passkey: true }, errorFolder: { enabled: true, name: 'Errors' }, otherRecipients: 'guess' }
  const console = await stored(strange, { ...partOneOutgoing, color: 'red', timeoutMs: undefined }, { emailFormat: { default: 'morse', width: 3 }, processing: { baseDelimiter: '%%' }, quantum: {} })
  const { server, issues } = await console.sources.incomingNamed('it')
  assert.deepEqual(Object.keys(server).sort(), Object.keys({ ...partOne, ...since }).sort())
  assert.deepEqual(server.errorFolder, { enabled: true, name: 'Errors', stopAfter: 50, notify: true })
  assert.deepEqual(issues, [])
  assert.equal((await console.sources.outgoingNamed('main')).ready?.timeoutMs, 30_000)
  assert.partialDeepStrictEqual(await console.settings.get(), { emailFormat: { default: 'html' }, processing: { baseDelimiter: '%%' } })
  const { yaml } = await console.file.export()
  assert.doesNotMatch(yaml, /shoeSize|passkey|color|quantum/)
  await createConfiguredConsole().file.import({ yaml, replace: true, reason: null, fileName: 'x' }, administrator)
})

/** Settings and partitions as the second version stored them. */
const partTwo = {
  emailFormat: { default: 'html', perPerson: true },
  processing: { baseDelimiter: '%%', emailCommand: { enabled: true, subjectContains: '@@do@@', delimiter: '$' }, spamRules: [], attachments: { maxSize: 5_000_000, blockedExtensions: ['exe'], notify: false } },
  alerts: { connectivity: { enabled: true, afterFailures: 3 }, applicationErrors: { enabled: false, to: [] } }, fetching: { mostListening: 7, publicUrl: null }, history: { reasonRequired: false }
}

test('what the second version stored is as it was, and what it did not have begins as in a new installation', async () => {
  const console = await stored(partOne, partOneOutgoing, partTwo)
  await console.database.transaction((transaction) => transaction.run('INSERT INTO partitions (id, name, document) VALUES (1, ?, ?)', ['Main', JSON.stringify({ name: 'Main', outgoing: 'main', default: true })]))
  const fresh = await createConfiguredConsole().settings.get()
  const { senderLimit, answers } = fresh.processing
  assert.deepEqual(await console.settings.get(), { ...fresh, ...partTwo, processing: { ...partTwo.processing, senderLimit, answers }, alerts: { ...fresh.alerts, ...partTwo.alerts } })
  assert.deepEqual(await console.partitions.list(), [{ name: 'Main', outgoing: 'main', default: true, priorities: { impacts: [], urgencies: [], priorities: [], matrix: [] }, retention: null }])
  assert.deepEqual((await console.sources.incomingNamed('it')).issues, [])
  await console.settings.save({ settings: await console.settings.get(), reason: null }, administrator)
  assert.deepEqual(await console.history.list({ name: 'settings', limit: 5 }), [])
})

test('one strange entry of a list goes, the others and everything else stay', async () => {
  const rule = (name: string, more: object = {}) => ({ name, enabled: true, match: 'all', criteria: [{ field: 'subject', condition: 'contains', values: [name], ...more }] })
  const processing = { ...partTwo.processing, spamRules: [{ criteria: 'none' }, rule('Ads'), rule('Later', { field: 'mood' }), rule('Chains'), { name: 'Empty' }] }
  const console = await stored(partOne, partOneOutgoing, { ...partTwo, processing, requestTemplates: [{ name: '' }, { name: 'Laptop', weight: 3 }], handOver: [{ name: 'desk', kind: 'fax' }], nativeMail: { partition: 'Main', port: 'many' } })
  const settings = await console.settings.get()
  assert.deepEqual(settings.processing.spamRules.map(({ name }) => name), ['Ads', 'Chains'])
  assert.deepEqual([settings.processing.baseDelimiter, settings.fetching.mostListening, settings.requestTemplates.map(({ name }) => name), settings.handOver, settings.nativeMail.partition, settings.nativeMail.port], ['%%', 7, ['Laptop'], [], 'Main', 25])
})
