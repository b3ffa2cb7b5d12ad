import assert from 'node:assert/strict'
import { test } from 'node:test'
import { calls, type CallName, type NeededRole, type Role } from '#contract/calls.ts'
import type { CallContext } from '../console.ts'
import { createLog } from '../log/create-log.ts'
import { createDoor } from './door.ts'
import type { Handlers } from './handlers-type.ts'

/** Before the credential store is open there is nothing to be protected but the passphrase, which is asked for. */
const anyone = ['console.state', 'vault.unlock', 'vault.create']

/** Asks and shows; nothing is different afterwards. */
const looks = `
  incoming.list incoming.template incoming.sample incoming.transcript incoming.certificate incoming.graph-twin incoming.advice outgoing.transcript outgoing.certificate outgoing.list outgoing.template
  outgoing.graph-twin outgoing.advice secret.list setup.find expiries.list partitions.list settings.get configuration.export configuration.export-csv configuration.template configuration.validate configuration.diff configuration.preview
  configuration.earlier configuration.earlier-file storage.usage ledger.list ledger.reconcile status.get dashboard.get metrics.text requests.list requests.show requests.entry requests.attachment requests.original
  processing.try spam.hits spam.try people.list hand-over.list hand-over.secrets native-mail.state outbox.list outbox.show senders.list template.preview errors.list errors.show errors.source notices.list history.list history.verify history.version`

/** What support may do beyond looking, and why: it tests, exports and keeps things going, and none of it changes the configuration. */
const supportDoes: Record<string, string> = {
  'work.cancel': 'ends work that somebody began; whoever waits for it may end it',
  'download.next': 'goes on with a download of one’s own',
  'download.cancel': 'ends a download of one’s own',
  'access.unlock': 'needs the PIN',
  'access.lock': 'takes rights away, from oneself',
  'incoming.test': 'tests: a stored secret is sent to the server that it belongs to alone',
  'incoming.fetch': 'has mail fetched now that would be fetched a little later',
  'incoming.fetch-all': 'as incoming.fetch',
  'incoming.round-trip': 'tests: one probe mail to a mailbox of one’s own',
  'outgoing.test': 'tests, as incoming.test',
  'outgoing.clear-test': 'forgets the verdict of a test, which another test gives again',
  'outgoing.send': 'tests: a mail to whomever support names, with the text of support and nothing else, through a server that an administrator set up',
  'hand-over.test': 'tests: one event that is marked as a test',
  'transcript.clear': 'clears lines that are kept for support, in memory',
  'errors.export': 'exports mail with personal data, which support needs to find a fault; can be redacted',
  'notices.read': 'marks the bell as read'
}

const administrates = `
  access.set-pin access.reset-pin access.tokens access.add-token access.revoke-token incoming.save incoming.edit-many outgoing.edit-many incoming.delete incoming.start incoming.stop incoming.start-all incoming.stop-all transcript.debug
  outgoing.save outgoing.delete outgoing.make-default outgoing.return-to-primary secret.set secret.delete sign-in.start sign-in.answer sign-in.forget partitions.save partitions.delete settings.save
  configuration.import configuration.rollback backup.make storage.clean-up ledger.take-again requests.close processing.take spam.reset-hits people.save people.delete people.import hand-over.retry
  hand-over.secret native-mail.activate native-mail.deactivate native-mail.test native-mail.finish outbox.cancel outbox.send-again outbox.arrived outbox.flush template.send-sample senders.add senders.send-code senders.verify senders.delete errors.requeue errors.replay errors.delete notices.send-test history.restore`

const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '')
const needed = new Map<string, NeededRole>([
  ...anyone.map((name): [string, NeededRole] => [name, 'anyone']), ...[...words(looks), ...Object.keys(supportDoes)].map((name): [string, NeededRole] => [name, 'support']), ...words(administrates).map((name): [string, NeededRole] => [name, 'administrator'])
])

test('every call was thought about, and has the role that it was given', () =>
  assert.deepEqual(Object.entries(calls).map(([name, { role }]) => [name, role]).sort(), [...needed].sort()))

const reached = 'reached'
const handlers = Object.fromEntries(Object.keys(calls).map((name) => [name, () => Promise.reject(new Error(reached))])) as Partial<Handlers>
const answer = createDoor({ handlers, log: createLog({ write: () => undefined, now: () => new Date(0) }), newReference: () => 'REF' })
const mayAsk: Record<NeededRole, Role[]> = { anyone: ['support', 'administrator'], support: ['support', 'administrator'], administrator: ['administrator'] }

for (const role of ['support', 'administrator', 'none'])
  test(`the door keeps ${role} from every call that is not theirs`, async () => {
    for (const name of Object.keys(calls) as CallName[]) {
      const answered = await answer(name, {}, { role, who: 'somebody' } as CallContext)
      const refused = !answered.ok && answered.problem.code === 'not-allowed'
      assert.equal(refused, !mayAsk[calls[name].role].includes(role as Role), `${name} as ${role}`)
    }
  })
