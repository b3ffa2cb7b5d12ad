import './without-eval.ts'
import type { Answer, Bridge } from '../../src-contract/bridge.ts'
import type { CallAnswer, CallName, ConsoleState, ParsedInput } from '../../src-contract/calls.ts'
import { calls } from '../../src-contract/calls.ts'
import type { EventName, Events } from '../../src-contract/events.ts'
import type { TestVerdict } from '../../src-contract/connection-test.ts'
import { newIncomingServer } from '../../src-contract/incoming-server.ts'
import { newOutgoingServer } from '../../src-contract/outgoing-server.ts'
import { settings as settingsSchema, type Settings } from '../../src-contract/settings.ts'
import type { SignInState } from '../../src-contract/oauth.ts'
import type { Problem } from '../../src-contract/problem.ts'
import { foundFor } from './fake-set-up.ts'
import { fakeUsage } from './fake-storage.ts'
import { configurationCalls } from './fake-configuration.ts'
import { sampleDashboard } from './fake-dashboard.ts'
import { errorCalls } from './fake-errors.ts'
import { ledgerCalls } from './fake-ledger.ts'
import { mailTemplateCalls, sampleMails } from './fake-mail-templates.ts'
import { outboxCalls } from './fake-outbox.ts'
import { senderCalls } from './fake-senders.ts'
import { recordCalls } from './fake-records.ts'
import { patternIssues, ruleCalls, sampleRules } from './fake-rules.ts'
import { signInCalls } from './fake-sign-in.ts'
import { accessCalls } from './fake-access.ts'
import { stepsOf } from './fake-steps.ts'
import { ago, incomingViews, onPrimary, outgoingViews, state } from './sample-configuration.ts'
import { ewsEnds, expiries, neverSignedIn, oauthIncoming, oauthOutgoing, smtpBasicEnds } from './sample-oauth.ts'
import { conversationOf, entry, requestRow, requestTotal } from './sample-mail.ts'
import { changesOf, usedSettings } from './sample-records.ts'

/** What a screen wants to see: `?fake=empty,vault-new,…` in the address before the hash. */
const wishes = new URLSearchParams(window.location.search).get('fake')?.split(',') ?? []
const wished = (wish: string): boolean => wishes.includes(wish)

class Fault {
  readonly problem: Problem
  constructor(problem: Problem) { this.problem = problem }
}
const fail = (problem: Problem): never => { throw new Fault(problem) }

/** Lines of a transcript as the core keeps them. */
const saidLines = (lines: readonly string[]): string[] => lines.map((line, index) => `${ago(60_000 - index * 137)} #1 ${line}`)

const noSuch = (name: string | null): never => { throw new Fault({ code: 'not-found', what: 'incoming server', name: name ?? '', nearest: null }) }

const listeners = new Set<(name: string, detail: unknown) => void>()
const announce = <Name extends EventName>(name: Name, detail: Events[Name]): void => { for (const listener of listeners) listener(name, detail) }
const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

let credentials: ConsoleState['credentials'] = wished('vault-new') ? 'vault-new' : wished('vault-locked') ? 'vault-locked' : 'keychain'
let incoming = wished('empty') ? [] : [...incomingViews(), ...(wished('oauth') ? oauthIncoming() : [])]
let outgoing = wished('empty') ? [] : [...outgoingViews(), ...(wished('oauth') ? oauthOutgoing() : [])]
let settings = { ...(wished('empty') ? settingsSchema.parse({}) : usedSettings(wished('native'))), history: { reasonRequired: wished('reason') } }
if (!wished('empty')) Object.assign(settings, { requestMails: structuredClone(sampleMails), processing: { ...settings.processing, spamRules: structuredClone(sampleRules) } })
let newest = wished('empty') ? 0 : requestTotal
let unread = 2
const cancelled = new Set<string>()
let roundTrips = 0
const access = accessCalls({ wished, announce, fail })

type Tested = Parameters<typeof stepsOf>[0] & { name: string }

/** What fails: a server named so, a password or host that says so, and a sign-in that nobody has done. */
const faultOf = (server: Tested, signIn: SignInState | null): Problem | null => {
  if (signIn?.problem) return signIn.problem
  if (signIn?.state === 'never') return { code: 'sign-in-needed', server: server.name }
  return server.name === 'sales' || server.name === 'reserve' || server.host.includes('wrong') ? { code: 'credentials-refused', server: server.name, user: server.auth.user, serverSaid: 'NO [AUTHENTICATIONFAILED] Authentication failed.' } : null
}

const runTest = async (workId: string, server: Tested, signIn: SignInState | null, sends: boolean): Promise<TestVerdict> => {
  const all = stepsOf(server, sends, faultOf(server, signIn))
  for (const step of all) {
    await later(wished('slow') ? 900 : 60)
    if (cancelled.has(workId)) throw new Fault({ code: 'cancelled' })
    announce('test-step-happened', { workId, step })
  }
  const failed = all.find((step) => step.outcome === 'failed') ?? null
  return { verdict: failed ? 'failed' : 'ok', at: new Date().toISOString(), failedAt: failed?.step ?? null, problem: failed?.problem ?? null, steps: all, sample: failed || sends ? null : { from: 'Ann Meyer <ann.meyer@example.com>', subject: 'Printer on the 3rd floor shows error 59.F0', date: ago(3_600_000), text: 'Hello,\n\nsince this morning the printer on the 3rd floor shows 59.F0 and nothing comes out. I have switched it off and on twice.\n\nRegards\nAnn Meyer' } }
}
const incomingNamed = (name: string | null) => incoming.find((view) => view.server.name === name)
const outgoingNamed = (name: string | null) => outgoing.find((view) => view.server.name === name)
/** How the sign-in of a server stands that was just saved. */
const signInOf = (before: SignInState | null | undefined, method: string): SignInState | null => (method === 'oauth2' ? (before ?? neverSignedIn) : method === 'service-account' ? { ...neverSignedIn, state: 'app' } : null)

const file = (fileName: string, text: string) => ({ fileName, mediaType: 'text/plain', base64: btoa(text) })
const certificate = { subject: 'CN=mail.example.com', issuer: 'CN=Example Internal CA', names: ['mail.example.com', 'imap.example.com'], validFrom: '2026-03-01T00:00:00.000Z', validTo: '2027-03-01T00:00:00.000Z', fingerprint256: '4A:1F:9C:33:B0:7D:52:E8:11:64:A9:0B:CD:27:F3:86:5E:90:2C:71:D4:38:EF:1A:B6:0D:49:82:C5:73:9E:60' }

const handlers: { [Name in CallName]?: (input: ParsedInput<Name>) => CallAnswer<Name> | Promise<CallAnswer<Name>> } = {
  'console.state': () => ({ version: '0.1.0', ...access.state(), dataFolder: '/home/ann/.local/share/mailroom', credentials, demo: true, platform: 'linux' }),
  'vault.create': () => { credentials = 'vault'; announce('vault-opened', {}) },
  'vault.unlock': ({ passphrase }) => { if (passphrase === 'wrong') throw new Fault({ code: 'wrong-passphrase' }); credentials = 'vault'; announce('vault-opened', {}) },
  'work.cancel': ({ workId }) => void cancelled.add(workId),
  'incoming.list': () => incoming,
  'outgoing.list': () => outgoing,
  'incoming.template': ({ protocol }) => newIncomingServer(protocol, 'IT'),
  'outgoing.template': ({ protocol }) => newOutgoingServer(protocol),
  'incoming.test': ({ workId, name }) => { const view = incomingNamed(name) ?? noSuch(name); return runTest(workId, view.server, view.signIn, false) },
  'outgoing.test': ({ workId, name }) => { const view = outgoingNamed(name) ?? noSuch(name); return runTest(workId, view.server, view.signIn, true) },
  'incoming.save': async ({ was, server, draft, workId }) => {
    const before = incoming.find((view) => view.server.name === was)
    const signIn = signInOf(before?.signIn, server.auth.method)
    const verdict = draft ? null : await runTest(workId, server, signIn, false)
    const view = { server, issues: [], hasSecret: true, hasProxySecret: false, hasClientKeySecret: false, signIn, advice: before?.advice ?? [], errorCount: 0, lastTest: verdict, state: before?.state ?? state({}) }
    incoming = before ? incoming.map((each) => (each === before ? { ...view, errorCount: before.errorCount } : each)) : [...incoming, view]
    announce('servers-changed', { kind: 'incoming' })
    return { issues: [], verdict, savedAs: draft ? 'draft' : 'ready' }
  },
  'incoming.edit-many': ({ names, changes, tryOnly }) => editedMany('incoming server', names, changes, tryOnly, incoming.filter(({ server }) => server.enabled && names.includes(server.name)).map(({ server }) => server.name)),
  'outgoing.edit-many': ({ names, changes, tryOnly }) => editedMany('outgoing server', names, changes, tryOnly, []),
  'outgoing.save': async ({ was, server, draft, workId }) => {
    const signIn = signInOf(outgoingNamed(was)?.signIn, server.auth.method)
    const verdict = draft ? null : await runTest(workId, server, signIn, true)
    const view = { server, issues: [], hasSecret: true, hasProxySecret: false, hasClientKeySecret: false, signIn, advice: [], delayedUntil: null, usedBy: [], isDefault: false, ...onPrimary, hasDkimKey: false, lastTest: verdict }
    outgoing = was === null ? [...outgoing, view] : outgoing.map((each) => (each.server.name === was ? { ...each, server, signIn, lastTest: verdict } : each))
    announce('servers-changed', { kind: 'outgoing' })
    return { issues: [], verdict, savedAs: draft ? 'draft' : 'ready' }
  },
  ...signInCalls({
    announce, later: (ms) => later(wished('slow') ? ms * 20 : ms), isCancelled: (workId) => cancelled.has(workId), fail,
    flowOf: (kind, name) => (kind === 'incoming' ? incomingNamed(name) : outgoingNamed(name))?.server.auth ?? noSuch(name),
    keep: (kind, name, signIn) => {
      if (kind === 'incoming') incoming = incoming.map((view) => (view.server.name === name ? { ...view, signIn, state: { ...view.state, problem: null } } : view))
      else outgoing = outgoing.map((view) => (view.server.name === name ? { ...view, signIn } : view))
      announce('servers-changed', { kind })
    }
  }),
  'setup.find': async ({ address, offline, workId }) => { await progress(workId, offline ? 1 : 6, offline ? 'Looking into the built-in list' : 'Asking the domain'); return foundFor(address, offline) },
  'incoming.graph-twin': ({ name }) => { const { server } = incomingNamed(name) ?? noSuch(name); return { ...newIncomingServer('graph', server.partition), name: `${name}-graph`, addresses: server.addresses, auth: { ...newIncomingServer('graph', '').auth, user: server.auth.user, ...(server.auth.clientId ? { clientId: server.auth.clientId } : {}) } } },
  'outgoing.graph-twin': ({ name }) => { const { server } = outgoingNamed(name) ?? noSuch(name); return { ...newOutgoingServer('graph'), name: `${name}-graph`, replyTo: server.replyTo, senderName: server.senderName, auth: { ...newOutgoingServer('graph').auth, user: server.auth.user } } },
  'incoming.round-trip': async ({ name, through, workId }) => {
    // The third takes so long that there is time to cancel it.
    await progress(workId, ++roundTrips === 3 ? 1_000 : 20, 'Waiting for the probe')
    if (through === 'reserve') throw new Fault({ code: 'round-trip-lost', server: name, through, afterMs: 120_000, serverSaid: '250 2.0.0 Ok: queued as 4Ff9xk1Z' })
    return { messageId: '<probe.1@mailroom>', sentAt: ago(4_200), foundAt: ago(0), seconds: 4.2, serverSaid: '250 2.0.0 Ok: queued as 4Ff9xk1Z', hops: [{ by: 'mail.example.com', from: 'mailroom.example.com', at: ago(4_000), seconds: null }, { by: 'filter.example.com', from: 'mail.example.com', at: ago(1_000), seconds: 3 }, { by: 'store.example.com', from: 'filter.example.com', at: ago(600), seconds: 0.4 }] }
  },
  'incoming.advice': ({ server }) => ((server.endpoint ?? '').includes('outlook.office365.com') ? [ewsEnds] : []),
  'outgoing.advice': ({ server }) => (server.host.endsWith('office365.com') && server.auth.method === 'password' ? [smtpBasicEnds] : []),
  'storage.usage': () => fakeUsage(wished('empty')),
  'storage.clean-up': async ({ workId }) => {
    await progress(workId, 400, 'Messages cleaned up')
    return { originals: 1_240, texts: 310, errorRecords: 4, logLines: 0, freedBytes: 96_000, pendingBytes: 118_000_000 }
  },
  ...outboxCalls({ announce, wished, fail }),
  'expiries.list': () => (wished('empty') ? [] : expiries()),
  'secret.set': ({ server, purpose }) => {
    const kept = purpose === 'sign-in' ? { hasSecret: true } : { hasProxySecret: true }
    incoming = incoming.map((view) => (view.server.name === server ? { ...view, ...kept } : view))
    outgoing = outgoing.map((view) => (view.server.name === server ? { ...view, ...kept } : view))
  },
  'incoming.delete': ({ name }) => { incoming = incoming.filter((view) => view.server.name !== name); announce('servers-changed', { kind: 'incoming' }) },
  'outgoing.delete': ({ name }) => { outgoing = outgoing.filter((view) => view.server.name !== name); announce('servers-changed', { kind: 'outgoing' }) },
  'incoming.start': ({ name }) => run(name, true),
  'incoming.stop': ({ name }) => run(name, false),
  'incoming.start-all': () => { for (const { server } of incoming) run(server.name, true); return { started: incoming.map((view) => view.server.name), drafts: ['branch office'] } },
  'incoming.stop-all': () => { for (const { server } of incoming) run(server.name, false); return { stopped: incoming.map((view) => view.server.name) } },
  'incoming.fetch': async ({ name, workId }) => { await progress(workId, 20, `Fetching ${name}`); return { server: name, fetched: 3, requests: 2, replies: 1, commands: 0, dropped: 0, errors: 0, seconds: 0.4, startedAt: ago(400), problem: null } },
  'incoming.fetch-all': async ({ workId }) => { await progress(workId, 40, 'Fetching mail'); return [] },
  'incoming.transcript': () => ({ lines: saidLines(['-- Test', 'S: * OK Dovecot ready.', 'C: A1 CAPABILITY', 'S: * CAPABILITY IMAP4rev1 IDLE MOVE', 'C: A2 AUTHENTICATE PLAIN (hidden)', 'S: A2 NO [AUTHENTICATIONFAILED] Authentication failed.']) }),
  'outgoing.transcript': () => ({ lines: saidLines(['S: 220 mail.example.com ESMTP', 'C: EHLO console', 'S: 250-AUTH PLAIN LOGIN', 'C: AUTH PLAIN (hidden)', 'S: 235 2.7.0 Authentication successful', '-- Message: {1834 bytes}', 'S: 250 2.0.0 Ok: queued']) }),
  'transcript.clear': () => undefined,
  'transcript.debug': () => undefined,
  'notices.send-test': ({ to }) => to.map((one, index) => (index === 0 ? { to: one, serverSaid: '250 2.0.0 Ok: queued as 4XyZ', problem: null } : { to: one, serverSaid: '', problem: { code: 'recipient-refused', server: 'main', recipients: [one], serverSaid: '550 5.1.1 No such user' } })),
  'incoming.certificate': () => certificate,
  'outgoing.certificate': () => certificate,
  'outgoing.clear-test': ({ name }) => { outgoing = outgoing.map((view) => (view.server.name === name ? { ...view, lastTest: null } : view)); announce('servers-changed', { kind: 'outgoing' }) },
  'outgoing.send': async ({ mail }) => { await later(300); if (mail.to.some((to) => to.startsWith('nobody'))) throw new Fault({ code: 'recipient-refused', server: 'main', recipients: mail.to, serverSaid: '550 5.1.1 <nobody@example.com>: Recipient address rejected: User unknown in local recipient table' }); return { messageId: '<7d1.c04@mailroom>', serverSaid: '250 2.0.0 Ok: queued as 4Ff9xk1Z', through: 'primary', accepted: mail.to, refused: [] } },
  'outgoing.make-default': ({ name }) => { outgoing = outgoing.map((view) => ({ ...view, isDefault: view.server.name === name })); announce('servers-changed', { kind: 'outgoing' }) },
  'outgoing.return-to-primary': ({ name }) => { outgoing = outgoing.map((view) => (view.server.name === name ? { ...view, onAlternateSince: null, throughAlternate: null } : view)); announce('servers-changed', { kind: 'outgoing' }) },
  ...recordCalls({
    announce, wished, fail, progress: (workId, total, what) => progress(workId, total, what),
    settings: () => settings, keepSettings: (next) => { settings = next; announce('settings-changed', {}) },
    fetching: () => incoming.filter(({ server }) => server.enabled).map(({ server }) => server.name), stop: (name) => run(name, false)
  }),
  ...mailTemplateCalls({ fail, later, newest: () => newest }),
  ...ledgerCalls({ wished, progress: (workId, total, what) => progress(workId, total, what) }),
  'settings.get': () => settings,
  'settings.save': (input) => { const issues = patternIssues(input.settings.processing.spamRules, 'processing.spamRules'); if (issues.length > 0) throw new Fault({ code: 'invalid-input', issues }); settings = input.settings; announce('settings-changed', {}) },
  ...configurationCalls({ wished, progress: (workId, total, what) => progress(workId, total, what), fail, changed: () => announce('settings-changed', {}) }),
  'requests.list': ({ limit, before, query }) => {
    const total = query ? 12 : newest
    const from = before ?? newest + 1
    const rows = Array.from({ length: Math.max(0, Math.min(limit, from - 1, total)) }, (_, index) => requestRow(from - 1 - index)).filter((row) => !query || row.subject.toLowerCase().includes(query.toLowerCase()))
    return { rows, total, next: !query && from - 1 - limit > 0 ? from - limit : null }
  },
  'requests.show': ({ number }) => { if (number > newest) throw new Fault({ code: 'not-found', what: 'request', name: String(number), nearest: null }); return { ...requestRow(number), conversation: conversationOf(number), changes: changesOf(number) } },
  'requests.entry': ({ id, remoteContent }) => entry(id, remoteContent),
  'requests.attachment': () => file('printer-display.png', 'png'),
  'requests.original': () => file('message.eml', 'Subject: x'),
  'requests.close': () => undefined,
  ...ruleCalls({ announce, fail, settings: () => settings }),
  'dashboard.get': (input) => sampleDashboard(input, wished('empty')),
  ...errorCalls({ announce, wished, fail, progress: (workId, total, what) => progress(workId, total, what) }),
  'notices.list': () => ({ unread, notices: wished('empty') ? [] : [
    { id: 4, at: ago(12 * 60_000), firstAt: ago(12 * 60_000), repeats: 0, kind: 'mailbox-silent', server: 'it', text: 'No mail has come to “it” since 2026-11-20 08:02 UTC, where about 23 messages would have.', problem: null, read: unread === 0 },
    { id: 2, at: ago(46 * 60_000), firstAt: ago(46 * 60_000), repeats: 0, kind: 'connectivity-lost', server: 'sales', text: '“sales” could not be reached 5 times in a row. “sales” refused the sign-in.', problem: null, read: unread === 0 },
    { id: 1, at: ago(61 * 60_000), firstAt: ago(190 * 60_000), repeats: 12, kind: 'message-failed', server: 'hr', text: '2 messages of “hr” could not be processed.', problem: null, read: unread === 0 },
    { id: 0, at: ago(26 * 3_600_000), firstAt: ago(26 * 3_600_000), repeats: 0, kind: 'connectivity-back', server: 'it', text: 'Mail from “it” is fetched again. It had failed since 2026-11-20 08:02 UTC.', problem: null, read: true }] }),
  'notices.read': () => { unread = 0 },
  ...access.calls,
  ...senderCalls({ wished, announce, fail, later })
}

const run = (name: string, enabled: boolean): void => {
  incoming = incoming.map((view) => (view.server.name === name ? { ...view, server: { ...view.server, enabled }, state: { ...view.state, problem: null, failuresInARow: 0, failingSince: null, fetching: enabled ? ('waiting' as const) : ('stopped' as const), nextRoundAt: enabled ? new Date(Date.now() + 60_000).toISOString() : null } } : view))
  announce('servers-changed', { kind: 'incoming' })
}

const progress = async (workId: string, total: number, what: string): Promise<void> => {
  for (let done = 0; done <= total; done++) {
    if (cancelled.has(workId)) throw new Fault({ code: 'cancelled' })
    announce('work-progressed', { workId, done, total, what })
    await later(wished('slow') ? 400 : 15)
  }
}

const answer = async (name: string, input: unknown): Promise<Answer<unknown>> => {
  const parsed = calls[name as CallName]?.input.safeParse(input)
  const handler = handlers[name as CallName] as ((input: unknown) => unknown) | undefined
  if (!parsed || !handler) return { ok: false, problem: { code: 'not-found', what: 'call', name, nearest: null } }
  if (!parsed.success) return { ok: false, problem: { code: 'invalid-input', issues: parsed.error.issues.map((issue) => ({ path: issue.path.map(String).join('.'), message: issue.message })) } }
  try {
    return { ok: true, value: structuredClone(await handler(parsed.data)) }
  } catch (thrown) {
    return { ok: false, problem: thrown instanceof Fault ? thrown.problem : { code: 'unexpected', reference: String(thrown) } }
  }
}

const bridge: Bridge = {
  call: answer,
  onEvent: (listener) => {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }
}
Object.defineProperty(window, 'mailroom', { value: bridge })
/** For the screens: lets a new request arrive. */
Object.defineProperty(window, 'fakeArrival', { value: () => { newest += 1; announce('requests-changed', { newest }) } })
/** For the tests: somebody else saves settings. */
Object.defineProperty(window, 'fakeSettings', { value: (change: (settings: Settings) => Settings) => { settings = change(settings); announce('settings-changed', {}) } })

function editedMany(what: string, names: readonly string[], changes: Record<string, unknown>, tryOnly: boolean, running: string[]) {
  const differences = names.map((name) => ({ kind: 'changed' as const, what, name, fields: Object.entries(changes).map(([field, there]) => ({ field, here: 'before', there: String(there) })) }))
  return { differences, running, notStarted: [], earlier: tryOnly ? null : 1 }
}
