import { z } from 'zod'
import { incomingServerDraft, type IncomingServerDraft, type IncomingServerView, type RoundResult } from './incoming-server.ts'
import { outgoingServerDraft, testMail, type OutgoingServerDraft, type OutgoingServerView, type SentMail } from './outgoing-server.ts'
import { partition, settings, type Partition, type Settings } from './settings.ts'
import { incomingProtocolNames, outgoingProtocolNames } from './protocols.ts'
import type { Advice, Expiry } from './advice.ts'
import type { RoundTrip, SampleMail, TestVerdict } from './connection-test.ts'
import type { SignInState } from './oauth.ts'
import type { SetupAnswer } from './setup.ts'
import { incomingChanges, outgoingChanges } from './edit-many.ts'
import { entityName, mailAddress } from './fields.ts'
import type { CertificateSeen, InputIssue } from './problem.ts'
import type { ConversationEntry, RequestDetail, RequestPage } from './request.ts'
import { errorPlaces, type ErrorDetail, type ErrorPage } from './error-record.ts'
import type { Notice, TestNotice } from './notice.ts'
import { historySubjects, type HistoryEntry, type HistoryProof, type HistoryVersion } from './history.ts'
import { pin, type AccessToken, type PinState } from './access.ts'
import type { Dashboard } from './dashboard.ts'
import type { Download, DownloadPiece } from './download.ts'
import { ledgerOutcomes, type LedgerPage, type Reconciliation } from './ledger.ts'
import type { CleanUp, StorageUsage } from './storage.ts'
import type { ConsoleStatus } from './status.ts'
import { largestMessage, type ProcessedMessage } from './message.ts'
import { handOverTarget, type HandOverPage } from './hand-over.ts'
import { nativeMailSettings, type NativeMailState } from './native-mail.ts'
import { personDraft, type PeopleImport, type PeoplePage, type Person } from './person.ts'
import { spamRule, type SpamHits, type SpamTrial } from './spam-rule.ts'
import { mailTemplate, type TemplatePreview } from './mail-template.ts'
import { outboxStates, type OutboxDetail, type OutboxPage } from './outbox.ts'
import { newSenderAddress, type SenderAddress } from './sender-address.ts'

/** `administrator` may do all; `support` may look, test and export. `anyone` is for what must work before the vault is open. */
export const roles = ['support', 'administrator'] as const
export type Role = (typeof roles)[number]
export type NeededRole = Role | 'anyone'

type Call<Input extends z.ZodType, Output> = { role: NeededRole; input: Input; readonly answer?: Output }
const call =
  <Output>() =>
  <Input extends z.ZodType>(role: NeededRole, input: Input): Call<Input, Output> => ({ role, input })

const nothing = z.strictObject({})
const named = z.strictObject({ name: z.string().min(1).max(64) })
const page = { limit: z.int().min(1).max(500).default(100), before: z.int().nullable().default(null) }
/** Names a piece of long work so that its events can be told apart and `work.cancel` can stop it. */
const work = { workId: z.string().min(8).max(64) }
const reason = z.string().max(500).nullable().default(null)
/** A secret on its way in; never on its way out. null keeps the one that is stored. */
const newSecret = z.string().min(1).max(10_000).nullable().default(null)

const many = { names: z.array(z.string().max(64)).min(1, 'Choose at least one server.').max(10_000), tryOnly: z.boolean(), reason }

/** A whole message in base64. */
const rawMessage = z.string().max((largestMessage / 3) * 4)

const secrets = { secret: newSecret, proxySecret: newSecret, clientKeySecret: newSecret }
const outgoingSecrets = { ...secrets, dkimKey: newSecret }
const kind = z.enum(['incoming', 'outgoing'])
/** Text of a configuration file: YAML, or CSV with a server a row; `kind` is that of the servers of a CSV file without a column `kind`. */
const file = { yaml: z.string().max(16_000_000, 'The file has more than 16 MB; no configuration is that large.'), kind: kind.nullable().default(null) }
/** Which of a server's secrets: its password, client secret or key; its proxy's password; the passphrase of its client key. */
const serverSecrets = ['sign-in', 'proxy', 'client-key', 'dkim'] as const
const secretPurpose = z.enum(serverSecrets).default('sign-in')
const importedSecret = z.strictObject({ server: z.string().max(64), purpose: z.enum([...serverSecrets, 'hand-over']), secret: z.string().min(1).max(10_000) })

/** Where the console stands: what it is, who looks at it, and whether the credential store is open. */
export type ConsoleState = {
  version: string
  host: 'desktop' | 'browser'
  role: Role
  dataFolder: string
  credentials: 'keychain' | 'vault' | 'vault-locked' | 'vault-new'
  demo: boolean
  platform: string
  pin: PinState
}
export type ConfigurationDifference = { kind: 'added' | 'removed' | 'changed'; what: string; name: string; fields: { field: string; here: string; there: string }[] }
/** What saving found out. `verdict` is null for a draft. */
export type SaveAnswer = { issues: InputIssue[]; verdict: TestVerdict | null; savedAs: 'ready' | 'draft' }
/** `earlier` names the configuration as it was before, for `configuration.rollback`. */
export type ImportAnswer = { added: string[]; changed: string[]; removed: string[]; unchanged: string[]; warnings: InputIssue[]; earlier: number }
/** A secret that an import wants: of which server, what for, where the file says that it comes from, and whether it is there (`stored`: one from before is kept). */
export type SecretAsked = Pick<z.infer<typeof importedSecret>, 'server' | 'purpose'> & { label: string; source: string; state: 'found' | 'stored' | 'missing' }
/** What an import would do. With issues it is refused. */
export type ImportPreview = { issues: InputIssue[]; warnings: InputIssue[]; differences: ConfigurationDifference[]; secrets: SecretAsked[] }
/** The configuration before an import, a rollback or a restore; the newest 20 are kept. */
export type EarlierConfiguration = { id: number; at: string; who: string; before: string; incoming: number; outgoing: number }
export type ExportedFile = { fileName: string; mediaType: string; base64: string }

/**
 * What a change of many servers does, or would do. `running`: those of the changed that fetch, and have to be stopped for it; `notStarted`: those that could not be
 * started again after it. `earlier` names the configuration before it; null where nothing was changed.
 */
export type EditManyAnswer = { differences: ConfigurationDifference[]; running: string[]; notStarted: string[]; earlier: number | null }

/** Every question the window may ask, a line each. A line here needs a line in `handlers.ts`. */
export const calls = {
  'console.state': call<ConsoleState>()('anyone', nothing),
  'vault.unlock': call<void>()('anyone', z.strictObject({ passphrase: z.string().min(1).max(1000) })),
  'vault.create': call<void>()('anyone', z.strictObject({ passphrase: z.string().min(8, 'Use at least 8 characters.').max(1000) })),
  'work.cancel': call<void>()('support', z.strictObject(work)),
  /** The next piece of a file, about 4 MB; asked for one after the other. Nobody but who began the download can go on with it. */
  'download.next': call<DownloadPiece>()('support', z.strictObject({ downloadId: z.string().min(8).max(64) })),
  'download.cancel': call<void>()('support', z.strictObject({ downloadId: z.string().min(8).max(64) })),

  /** Makes the window an administrator's until it is locked again. After five wrong tries it waits longer and longer. */
  'access.unlock': call<void>()('support', z.strictObject({ pin: z.string().min(1).max(64) })),
  'access.lock': call<void>()('support', nothing),
  /** null takes the PIN away; `current` is the present one, null where there is none. */
  'access.set-pin': call<void>()('administrator', z.strictObject({ current: z.string().max(64).nullable(), pin: pin.nullable(), reason })),
  /** Takes a forgotten PIN away, from the command line or a browser; the PIN guards the window and not the files. */
  'access.reset-pin': call<{ wasSet: boolean }>()('administrator', z.strictObject({ reason })),
  'access.tokens': call<AccessToken[]>()('administrator', nothing),
  'access.add-token': call<{ token: string }>()('administrator', z.strictObject({ name: entityName, role: z.enum(roles), /** Whoever opens the console with the token has to type a code that goes there; null: the token is enough. */ secondFactor: mailAddress.nullable().default(null), reason })),
  'access.revoke-token': call<void>()('administrator', z.strictObject({ name: z.string(), reason })),

  'incoming.list': call<IncomingServerView[]>()('support', nothing),
  'incoming.template': call<IncomingServerDraft>()('support', z.strictObject({ protocol: z.enum(incomingProtocolNames) })),
  /** `was` is the present name, null for a new server. `draft` saves without a connection attempt, whatever is wrong. */
  'incoming.save': call<SaveAnswer>()('administrator', z.strictObject({ was: entityName.nullable(), server: incomingServerDraft, ...secrets, draft: z.boolean(), reason, ...work })),
  /** The same change in many servers, all or none. With `tryOnly` nothing is changed; `restart` stops those that run and starts them again. */
  'incoming.edit-many': call<EditManyAnswer>()('administrator', z.strictObject({ ...many, changes: incomingChanges, restart: z.boolean().default(false) })),
  'incoming.delete': call<void>()('administrator', z.strictObject({ name: z.string(), reason })),
  /** Tests a stored server, or `server` as typed in the dialog; steps arrive as `test-step-happened`. */
  'incoming.test': call<TestVerdict>()('support', z.strictObject({ name: z.string().nullable(), server: incomingServerDraft.nullable().default(null), ...secrets, ...work })),
  'incoming.sample': call<SampleMail | null>()('support', z.strictObject({ name: z.string(), ...work })),
  /** `transcript` records this one round even where the server's debug is off. */
  'incoming.fetch': call<RoundResult>()('support', z.strictObject({ name: z.string(), transcript: z.boolean().default(false), ...work })),
  'incoming.fetch-all': call<RoundResult[]>()('support', z.strictObject(work)),
  'incoming.start': call<void>()('administrator', named),
  'incoming.stop': call<void>()('administrator', named),
  'incoming.start-all': call<{ started: string[]; drafts: string[] }>()('administrator', nothing),
  'incoming.stop-all': call<{ stopped: string[] }>()('administrator', nothing),
  'incoming.transcript': call<{ lines: string[] }>()('support', named),
  'outgoing.transcript': call<{ lines: string[] }>()('support', named),
  /** Switches the transcript of a server on or off, without stopping it. */
  'transcript.debug': call<void>()('administrator', z.strictObject({ kind, name: z.string(), debug: z.boolean(), reason })),
  'transcript.clear': call<void>()('support', z.strictObject({ kind, name: z.string() })),
  /** The certificate that the server shows now, so that its fingerprint can be compared and pinned. */
  'incoming.certificate': call<CertificateSeen>()('support', z.strictObject({ server: incomingServerDraft })),
  'outgoing.certificate': call<CertificateSeen>()('support', z.strictObject({ server: outgoingServerDraft })),

  'outgoing.list': call<OutgoingServerView[]>()('support', nothing),
  /** A new server: `copyOf` a stored one with all but its name and secrets; null: empty. */
  'outgoing.template': call<OutgoingServerDraft>()('support', z.strictObject({ protocol: z.enum(outgoingProtocolNames), copyOf: z.string().nullable().default(null) })),
  'outgoing.save': call<SaveAnswer>()('administrator', z.strictObject({ was: entityName.nullable(), server: outgoingServerDraft, ...outgoingSecrets, draft: z.boolean(), makeDefault: z.boolean().default(false), reason, ...work })),
  'outgoing.edit-many': call<EditManyAnswer>()('administrator', z.strictObject({ ...many, changes: outgoingChanges })),
  'outgoing.delete': call<void>()('administrator', z.strictObject({ name: z.string(), reason })),
  'outgoing.test': call<TestVerdict>()('support', z.strictObject({ name: z.string().nullable(), server: outgoingServerDraft.nullable().default(null), ...outgoingSecrets, ...work })),
  'outgoing.clear-test': call<void>()('support', named),
  'outgoing.send': call<SentMail>()('support', z.strictObject({ name: z.string(), mail: testMail, transcript: z.boolean().default(false), ...work })),
  'outgoing.make-default': call<void>()('administrator', named),
  'outgoing.return-to-primary': call<void>()('administrator', named),

  'secret.set': call<void>()('administrator', z.strictObject({ server: z.string(), purpose: secretPurpose, secret: z.string().min(1).max(10_000) })),
  'secret.list': call<{ server: string; purpose: (typeof serverSecrets)[number]; kind: 'incoming' | 'outgoing' | 'both' | 'unused' }[]>()('support', nothing),
  'secret.delete': call<void>()('administrator', z.strictObject({ server: z.string(), purpose: secretPurpose })),

  /** Signs in to a stored server; what the user has to do arrives as `sign-in-step-happened`. */
  'sign-in.start': call<SignInState>()('administrator', z.strictObject({ kind, name: z.string(), ...work })),
  /** The address that the browser ended at, for a console on another computer than the browser. */
  'sign-in.answer': call<void>()('administrator', z.strictObject({ workId: z.string().min(8).max(64), url: z.string().max(20_000) })),
  'sign-in.forget': call<void>()('administrator', z.strictObject({ kind, name: z.string() })),

  /** Ways to reach the mailbox of an address; `offline` asks nobody but the built-in table. No password is sent anywhere. */
  'setup.find': call<SetupAnswer>()('support', z.strictObject({ address: mailAddress, offline: z.boolean().default(false), ...work })),
  /** A Graph server that does what this one does, ready to be looked over and saved. */
  'incoming.graph-twin': call<IncomingServerDraft>()('support', named),
  'outgoing.graph-twin': call<OutgoingServerDraft>()('support', named),
  /** Sends a probe through an outgoing server and waits for it in this mailbox. */
  'incoming.round-trip': call<RoundTrip>()('support', z.strictObject({ name: z.string(), through: z.string(), to: mailAddress.nullable().default(null), waitMs: z.int().min(1_000).max(600_000).default(120_000), ...work })),
  /** What providers have announced for a server as typed, before it is saved. */
  'incoming.advice': call<Advice[]>()('support', z.strictObject({ server: incomingServerDraft })),
  'outgoing.advice': call<Advice[]>()('support', z.strictObject({ server: outgoingServerDraft })),
  'expiries.list': call<Expiry[]>()('support', nothing),

  'partitions.list': call<Partition[]>()('support', nothing),
  /** `copyOutgoing`: the partition gets an outgoing server of its own, with the settings and secrets of the default partition's. */
  'partitions.save': call<void>()('administrator', z.strictObject({ was: entityName.nullable(), partition, copyOutgoing: z.boolean().default(false), reason })),
  'partitions.delete': call<void>()('administrator', z.strictObject({ name: z.string(), reason })),
  'settings.get': call<Settings>()('support', nothing),
  'settings.save': call<void>()('administrator', z.strictObject({ settings, reason })),

  /** With `ask` whoever imports the file is asked for each secret that lies in the credential store here. */
  'configuration.export': call<{ yaml: string }>()('support', z.strictObject({ ask: z.boolean().default(false) })),
  /** The servers alone as CSV, which can be imported too. */
  'configuration.export-csv': call<{ csv: string }>()('support', nothing),
  /** A file to begin with: an incoming and an outgoing server. */
  'configuration.template': call<{ text: string }>()('support', z.strictObject({ csv: z.boolean() })),
  'configuration.validate': call<{ issues: InputIssue[]; warnings: InputIssue[] }>()('support', z.strictObject(file)),
  'configuration.diff': call<{ differences: ConfigurationDifference[]; issues: InputIssue[] }>()('support', z.strictObject(file)),
  'configuration.preview': call<ImportPreview>()('support', z.strictObject({ ...file, replace: z.boolean(), fileName: z.string().max(1000).default('configuration') })),
  /** `secrets` are those that were asked for; they come before what the file names. */
  'configuration.import': call<ImportAnswer>()('administrator', z.strictObject({ ...file, replace: z.boolean(), reason, fileName: z.string().max(1000).default('configuration'), secrets: z.array(importedSecret).max(5000).default([]) })),
  'configuration.earlier': call<EarlierConfiguration[]>()('support', nothing),
  'configuration.earlier-file': call<{ yaml: string }>()('support', z.strictObject({ id: z.int() })),
  /** Makes the configuration what it was; secrets stay as they are. */
  'configuration.rollback': call<ImportAnswer>()('administrator', z.strictObject({ id: z.int(), reason })),

  /** A copy of the whole data folder while it works, the data key and all secrets in it sealed under the passphrase. */
  'backup.make': call<Download>()('administrator', z.strictObject({ passphrase: z.string().min(8, 'Use at least 8 characters.').max(1000), ...work })),
  'storage.usage': call<StorageUsage>()('support', nothing),
  /** Takes away what is past its retention period, and gives the room back. */
  'storage.clean-up': call<CleanUp>()('administrator', z.strictObject(work)),

  'ledger.list': call<LedgerPage>()('support', z.strictObject({ ...page, server: z.string().nullable().default(null), outcome: z.enum(ledgerOutcomes).nullable().default(null), query: z.string().max(200).default('') })),
  /** Compares the mailbox with the ledger; changes nothing on either side. */
  'ledger.reconcile': call<Reconciliation>()('support', z.strictObject({ name: z.string(), ...work })),
  /** Marks messages (ids on the server) as unread, so that the next round takes them. */
  'ledger.take-again': call<{ marked: number }>()('administrator', z.strictObject({ name: z.string(), ids: z.array(z.string().max(2000)).min(1).max(10_000), ...work })),

  /** Health of every server and the lengths of the queues, without a word of any mail. */
  'status.get': call<ConsoleStatus>()('support', nothing),
  /** `offsetMinutes`: how far the clock that days and quarters of days begin by is ahead of UTC. */
  'dashboard.get': call<Dashboard>()('support', z.strictObject({ hours: z.union([z.literal(24), z.literal(168), z.literal(720)]), server: z.string().nullable().default(null), offsetMinutes: z.int().min(-840).max(840).default(0) })),
  /** Text in the Prometheus exposition format 0.0.4. */
  'metrics.text': call<{ text: string }>()('support', nothing),

  'requests.list': call<RequestPage>()('support', z.strictObject({ ...page, query: z.string().max(200).default(''), server: z.string().nullable().default(null) })),
  'requests.show': call<RequestDetail>()('support', z.strictObject({ number: z.int().min(1) })),
  /** One entry again, with its remote content let through. */
  'requests.entry': call<ConversationEntry>()('support', z.strictObject({ id: z.int(), remoteContent: z.boolean() })),
  'requests.attachment': call<ExportedFile>()('support', z.strictObject({ entry: z.int(), index: z.int().min(0) })),
  'requests.original': call<ExportedFile>()('support', z.strictObject({ entry: z.int() })),
  'requests.close': call<void>()('administrator', z.strictObject({ number: z.int().min(1), status: z.enum(['open', 'closed']) })),

  'processing.try': call<ProcessedMessage>()('support', z.strictObject({ base64: rawMessage, server: z.string().nullable().default(null) })),
  'processing.take': call<ProcessedMessage & { request: number | null }>()('administrator', z.strictObject({ base64: rawMessage, server: z.string().nullable().default(null) })),

  /** How often each rule dropped a message. */
  'spam.hits': call<SpamHits[]>()('support', nothing),
  'spam.reset-hits': call<void>()('administrator', z.strictObject({ rule: z.string().min(1).max(64) })),
  /** Tries rules, saved or not, on one message; every rule is tried, whether enabled or not. */
  'spam.try': call<SpamTrial[]>()('support', z.strictObject({ rules: z.array(spamRule).min(1).max(500), base64: rawMessage })),

  'people.list': call<PeoplePage>()('support', z.strictObject({ query: z.string().max(200).default(''), limit: z.int().min(1).max(500).default(100), offset: z.int().min(0).default(0) })),
  /** `id` is null for a new person. */
  'people.save': call<Person>()('administrator', z.strictObject({ id: z.int().nullable(), person: personDraft })),
  'people.delete': call<{ deleted: number }>()('administrator', z.strictObject({ ids: z.array(z.int()).min(1).max(100_000) })),
  /** People from a CSV file, matched by address. With `tryOnly` nothing is stored. */
  'people.import': call<PeopleImport>()('administrator', z.strictObject({ csv: z.string().max(50_000_000, 'The file has more than 50 MB.'), tryOnly: z.boolean(), ...work })),

  'hand-over.list': call<HandOverPage>()('support', z.strictObject({ ...page, target: z.string().nullable().default(null), state: z.enum(['waiting', 'delivered', 'refused']).nullable().default(null) })),
  /** Tries again at once: the given events, or all that wait or were refused at the target. */
  'hand-over.retry': call<{ retried: number }>()('administrator', z.strictObject({ target: z.string(), ids: z.array(z.int()).max(100_000).nullable() })),
  /** Sends a test event to a target as typed; `secret` null takes the stored one. */
  'hand-over.test': call<{ status: number; answer: string; ms: number }>()('support', z.strictObject({ target: handOverTarget, secret: newSecret, ...work })),
  /** Stores the signing secret or key of a target; null deletes it. */
  'hand-over.secret': call<void>()('administrator', z.strictObject({ target: entityName, secret: newSecret })),
  'hand-over.secrets': call<string[]>()('support', nothing),

  'native-mail.state': call<NativeMailState>()('support', nothing),
  /** Starts the receiver with these settings (an instance name is made where there is none); nothing changes where it cannot listen. */
  'native-mail.activate': call<NativeMailState>()('administrator', z.strictObject({ settings: nativeMailSettings, reason })),
  'native-mail.deactivate': call<NativeMailState>()('administrator', z.strictObject({ reason })),
  /** Sends a test mail to the support address through the receiver, or an outgoing server, and waits until it was taken. */
  'native-mail.test': call<{ ms: number; hops: number }>()('administrator', z.strictObject({ through: z.string().nullable().default(null), ...work })),
  /** Ends the move to native mail: the named servers stop fetching. */
  'native-mail.finish': call<NativeMailState>()('administrator', z.strictObject({ stop: z.array(z.string()).max(1000) })),

  /** Mail that goes out by itself. `state` null: all that is not sent, and of one `request` what was sent too. */
  'outbox.list': call<OutboxPage>()('support', z.strictObject({ ...page, state: z.enum(outboxStates).nullable().default(null), server: z.string().nullable().default(null), request: z.int().nullable().default(null), query: z.string().max(200).default('') })),
  'outbox.show': call<OutboxDetail>()('support', z.strictObject({ id: z.int() })),
  /** Takes mail out before it is sent, or off the list afterwards; `ids` null: all in `state`. What is under way just now is not touched and counted as `tooLate`. */
  'outbox.cancel': call<{ cancelled: number; tooLate: number }>()('administrator', z.strictObject({ ids: z.array(z.int()).max(100_000).nullable(), state: z.enum(outboxStates).nullable().default(null) })),
  /** Tries these now, also what was refused, held or is uncertain (which may then arrive twice). */
  'outbox.send-again': call<{ waiting: number }>()('administrator', z.strictObject({ ids: z.array(z.int()).min(1).max(100_000) })),
  /** Uncertain mail of which a person knows that it arrived. */
  'outbox.arrived': call<{ settled: number }>()('administrator', z.strictObject({ ids: z.array(z.int()).min(1).max(100_000) })),
  /** Tries all that waits now, once. `left` counts what is neither sent nor refused afterwards. */
  'outbox.flush': call<{ tried: number; sent: number; refused: number; left: number }>()('administrator', nothing),

  'senders.list': call<SenderAddress[]>()('support', nothing),
  /** Adds an address and sends its code, through the outgoing server that uses it, else the default one. */
  'senders.add': call<SenderAddress>()('administrator', z.strictObject({ ...newSenderAddress.shape, reason, ...work })),
  'senders.send-code': call<SenderAddress>()('administrator', z.strictObject({ address: mailAddress, ...work })),
  /** After five wrong codes a new one is needed. */
  'senders.verify': call<SenderAddress>()('administrator', z.strictObject({ address: mailAddress, code: z.string().trim().min(1, 'Enter the code.').max(20, 'A code has 8 digits.'), reason })),
  'senders.delete': call<void>()('administrator', z.strictObject({ address: mailAddress, reason })),

  /** The template on a made-up request, or on request `request`. */
  'template.preview': call<TemplatePreview>()('support', z.strictObject({ template: mailTemplate, request: z.int().min(1).nullable().default(null) })),
  /** Sends that preview as a test mail through the partition's server. */
  'template.send-sample': call<SentMail>()('administrator', z.strictObject({ template: mailTemplate, request: z.int().min(1).nullable().default(null), partition: z.string().nullable().default(null), to: mailAddress, ...work })),

  'errors.list': call<ErrorPage>()('support', z.strictObject({ ...page, server: z.string().nullable().default(null), code: z.string().nullable().default(null), query: z.string().max(200).default(''), where: z.enum(errorPlaces).nullable().default(null), since: z.iso.datetime().nullable().default(null), until: z.iso.datetime().nullable().default(null) })),
  'errors.show': call<ErrorDetail>()('support', z.strictObject({ id: z.int() })),
  /** Moves the mails back to the inbox; all of the server's when `ids` is null. */
  'errors.requeue': call<{ moved: number; missing: number }>()('administrator', z.strictObject({ server: z.string(), ids: z.array(z.int()).max(100_000).nullable(), ...work })),
  /** The whole message, for a copy to be edited; null where it was not downloaded. */
  'errors.source': call<{ base64: string | null }>()('support', z.strictObject({ id: z.int() })),
  /** Takes a copy of the message through the pipeline as if its server had sent it: `base64` as edited, null as it is. With `tryOnly` nothing is stored. The mail on the server stays. */
  'errors.replay': call<ProcessedMessage & { request: number | null }>()('administrator', z.strictObject({ id: z.int(), base64: rawMessage.nullable(), tryOnly: z.boolean() })),
  'errors.export': call<Download & { mails: number }>()('support', z.strictObject({ server: z.string().nullable(), ids: z.array(z.int()).max(100_000).nullable().default(null), redact: z.boolean(), ...work })),
  'errors.delete': call<{ deleted: number }>()('administrator', z.strictObject({ ids: z.array(z.int()).min(1).max(100_000) })),

  'notices.list': call<{ notices: Notice[]; unread: number }>()('support', nothing),
  /** Mails a test notification to these people at once, through the outgoing server of the partition (null: the default one). */
  'notices.send-test': call<TestNotice[]>()('administrator', z.strictObject({ to: z.array(mailAddress).min(1, 'Name at least one address.').max(50), partition: z.string().nullable().default(null), ...work })),
  'notices.read': call<void>()('support', z.strictObject({ ids: z.array(z.int()).nullable() })),
  'history.list': call<HistoryEntry[]>()('support', z.strictObject({ name: z.string().nullable().default(null), what: z.enum(historySubjects).nullable().default(null), who: z.string().nullable().default(null), query: z.string().max(200).default(''), before: z.int().nullable().default(null), limit: z.int().min(1).max(1000).default(200) })),
  /** Goes over the whole chain. */
  'history.verify': call<HistoryProof>()('support', nothing),
  'history.version': call<HistoryVersion>()('support', z.strictObject({ id: z.int() })),
  /** Makes a server, partition or the settings what it was; a server that is gone comes back stopped, without its secrets. */
  'history.restore': call<{ warnings: string[] }>()('administrator', z.strictObject({ id: z.int(), reason }))
} as const

export type Calls = typeof calls
export type CallName = keyof Calls
export type CallInput<Name extends CallName> = z.input<Calls[Name]['input']>
export type ParsedInput<Name extends CallName> = z.output<Calls[Name]['input']>
export type CallAnswer<Name extends CallName> = Exclude<Calls[Name]['answer'], undefined>
