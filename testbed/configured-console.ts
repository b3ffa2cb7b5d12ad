import type { TestStep } from '#contract/connection-test.ts'
import type { EventName } from '#contract/events.ts'
import type { IncomingState } from '#contract/incoming-server.ts'
import { ProblemError, type CertificateSeen, type Problem } from '#contract/problem.ts'
import type { CredentialStore } from '../src-main/credentials/credential-store.ts'
import { configurationTables } from '../src-main/database/configuration-tables.ts'
import type { AccessToken, ConnectionNeeds, IncomingTransport } from '../src-main/mail/incoming-transport.ts'
import { faultOfDkimKey } from '../src-main/mail/dkim/read-dkim-key.ts'
import { createConfigurationFile } from '../src-main/servers/configuration-file.ts'
import { createServerSources } from '../src-main/servers/configured-servers.ts'
import { createHistory } from '../src-main/servers/history.ts'
import { createIncoming } from '../src-main/servers/incoming.ts'
import { createOutgoing } from '../src-main/servers/outgoing.ts'
import { createPartitions } from '../src-main/servers/partitions.ts'
import { createSecrets } from '../src-main/servers/secrets.ts'
import { createSettings } from '../src-main/servers/settings.ts'
import { createAnnouncer } from '../src-main/ipc/announce.ts'
import { silentLog } from '../src-main/log/create-log.ts'
import { createWorks } from '../src-main/work/works.ts'
import { createExpiries } from '../src-main/servers/expiries.ts'
import { sendingTransport } from './sending-transport.ts'
import { createServerSignIn } from '../src-main/servers/sign-in-servers.ts'
import { createPretendedSignIn } from './pretended-sign-in.ts'
import { createMemoryDatabase } from './memory-database.ts'

export const administrator = { who: 'Ann', role: 'administrator' } as const
export const support = { who: 'Sam', role: 'support' } as const
export const stopped: IncomingState = {
  fetching: 'stopped', progress: null, lastRound: null, lastSuccessAt: null, nextRoundAt: null, failuresInARow: 0, failingSince: null, problem: null, stuckSince: null, delayedUntil: null
}

/** All use cases on configuration over a real database in memory, with mail servers that answer as the test says. */
export const createConfiguredConsole = () => {
  const database = createMemoryDatabase()
  const secrets = new Map<string, string>()
  const events: { name: EventName; detail: unknown }[] = []
  const environment: Record<string, string> = {}
  const files: Record<string, string> = {}
  const asked: { host: string; secret: string | null }[] = []
  const ways: { proxyPassword: string | null; clientKeyPassphrase: string | null }[] = []
  const signIns = createPretendedSignIn()
  const servers = { answer: async (_signal: AbortSignal, _host: string): Promise<Problem | null> => null }
  const said: string[] = []
  const diagnose = async (server: { host: string }, { credentials, signal, transcript, proxyPassword, clientKeyPassphrase }: ConnectionNeeds, report: (step: TestStep) => void): Promise<void> => {
    const token = credentials?.kind === 'token' ? await credentials.token(signal).catch((thrown: unknown) => thrown) : null
    if (token instanceof ProblemError) return report({ step: 'token', outcome: 'failed', ms: 1, detail: '', problem: token.problem })
    const secret = credentials?.kind === 'password' ? credentials.secret : ((token as AccessToken | null)?.token ?? null)
    asked.push({ host: server.host, secret })
    ways.push({ proxyPassword, clientKeyPassphrase })
    transcript?.('S: * OK ready')
    report({ step: 'connect', outcome: 'ok', ms: 1, detail: '', problem: null })
    const problem = await servers.answer(signal, server.host)
    report({ step: 'sign-in', outcome: problem === null ? 'ok' : 'failed', ms: 1, detail: '', problem })
  }
  const incomingTransport: IncomingTransport = {
    open: () => Promise.reject(new ProblemError({ code: 'host-not-found', host: 'x', port: 1 })),
    diagnose: async (...given) => {
      await diagnose(...given)
      return { sample: { from: 'a@example.com', subject: 'Hello', date: null, text: 'Hi' } }
    }
  }
  const outgoingTransport = sendingTransport(() => Promise.reject(new ProblemError({ code: 'no-outgoing-server' })), { diagnose })
  const works = createWorks()
  const announcer = createAnnouncer(silentLog)
  announcer.subscribe((name, detail) => void events.push({ name, detail }))
  const needs = {
    database, tables: configurationTables, credentials: credentialsIn(secrets), signIn: signIns.signIn, works, now: () => new Date('2026-11-20T08:00:00Z'),
    ...announcer,
    environment: (name: string) => environment[name],
    readTextFile: async (path: string): Promise<string> => {
      const text = files[path]
      if (text === undefined) throw new Error('no such file')
      return text
    },
    delayedUntil: () => null, stateOf: () => stopped, errorCountOf: async () => 3, standInOf: () => null, troubleOf: () => null, outboxCounts: async () => new Map(), faultOfDkimKey,
    certificateOf: (): Promise<CertificateSeen> => Promise.reject(new ProblemError({ code: 'host-not-found', host: 'x', port: 1 }))
  }
  return {
    database, secrets, events, environment, files, asked, ways, said, servers, works, needs, tokens: signIns.tokens, tokensAsked: signIns.asked, signInAnswers: signIns.answers,
    incoming: createIncoming({ ...needs, openTranscript: (_kind, server) => (line) => void said.push(`${server} ${line}`), transports: { imap: incomingTransport, pop3: incomingTransport, ews: incomingTransport, graph: incomingTransport, gmail: incomingTransport } }),
    outgoing: createOutgoing({ ...needs, dkimStep: async (_server, pem) => ({ step: 'dkim', outcome: 'ok', ms: 1, detail: `key of ${pem?.length ?? 0} characters`, problem: null }), transports: { smtp: outgoingTransport, ews: outgoingTransport, graph: outgoingTransport, google: outgoingTransport } }),
    partitions: createPartitions(needs), settings: createSettings(needs), history: createHistory(needs), secret: createSecrets(needs), signIns: createServerSignIn(needs), expiries: createExpiries(needs),
    file: createConfigurationFile(needs), sources: createServerSources(needs),
    /** Everything that the database holds, as one text. */
    wholeDatabase: async (): Promise<string> => {
      const rows = await Promise.all(['incoming_servers', 'outgoing_servers', 'partitions', 'settings', 'history', 'shared_texts'].map((table) => database.all(`SELECT * FROM ${table}`)))
      return JSON.stringify(rows)
    }
  }
}

const credentialsIn = (secrets: Map<string, string>): CredentialStore => ({
  get: async (account) => secrets.get(account) ?? null,
  set: async (account, secret) => void secrets.set(account, secret),
  delete: async (account) => secrets.delete(account),
  accounts: async () => [...secrets.keys()]
})
