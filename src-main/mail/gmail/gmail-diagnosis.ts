import type { SampleMail, TestStep } from '#contract/connection-test.ts'
import type { IncomingServer } from '#contract/incoming-server.ts'
import type { OutgoingServer } from '#contract/outgoing-server.ts'
import { ProblemError } from '#contract/problem.ts'
import type { Attempt, ConnectionLimits } from '../connection/destination.ts'
import { createHttpClient } from '../connection/http-client.ts'
import type { Transcript } from '../connection/transcript.ts'
import { missingFolders } from '../diagnose/missing-folders.ts'
import type { StepFinding, StepRunner } from '../diagnose/run-step.ts'
import { testProvider } from '../diagnose/test-provider.ts'
import { lookAtToken } from '../diagnose/token-step.ts'
import type { ConnectionNeeds } from '../incoming-transport.ts'
import type { TransportNeeds } from '../transport-needs.ts'
import { label, messageList, profile } from './gmail-answers.ts'
import { createGmailClient, type GmailClient, type GmailClock } from './gmail-client.ts'
import { createGmailLabels } from './gmail-labels.ts'
import { sampleOf } from './gmail-mailbox.ts'
import { gmailProblem, readGmailError } from './gmail-problem.ts'
import { gmailPlace, lacksScope, type GmailServer } from './gmail-server-place.ts'

export type Ground = { needs: TransportNeeds; limits: ConnectionLimits; clock: GmailClock }

/** The steps of a test, from name look-up to the newest message. Never throws. */
export async function diagnoseGmailIncoming(server: IncomingServer, connection: ConnectionNeeds, ground: Ground, report: (step: TestStep) => void): Promise<{ sample: SampleMail | null }> {
  let sample: SampleMail | null = null
  await withClient(server, 'reading', connection, ground, report, async (client, step) => {
    if ((await step('mailbox', () => lookAtMailbox(client))) === null) return
    const labelId = await step('folder', () => lookAtLabel(client, server))
    if (labelId === null) return
    const sampled = await step('sample', async () => {
      const { messages } = await client.json({ path: 'messages', words: 'the newest message', query: { labelIds: labelId.value, maxResults: '1' } }, messageList)
      const value = messages[0] === undefined ? null : await sampleOf(client, messages[0].id, ground.needs.readSample)
      return { value, detail: value === null ? 'The folder is empty.' : `${value.from}: ${value.subject}` }
    })
    sample = sampled?.value ?? null
    if (sampled !== null && server.forbiddenMailbox) await step('forbidden-mailbox', () => tryForbidden(server, connection, ground, server.forbiddenMailbox ?? ''))
  })
  return { sample }
}

/** The steps of a test up to the mailbox that is sent as. Never throws. */
export async function diagnoseGmailOutgoing(server: OutgoingServer, connection: ConnectionNeeds, ground: Ground, report: (step: TestStep) => void): Promise<void> {
  await withClient(server, 'sending', connection, ground, report, async (client, step, scope) => {
    // The scope for sending alone may not read the profile.
    const mayRead = scope.length === 0 || scope.some((one) => one !== sendOnly)
    if (mayRead) await step('mailbox', () => lookAtMailbox(client))
  })
}

const sendOnly = 'https://www.googleapis.com/auth/gmail.send'

async function withClient(server: IncomingServer | OutgoingServer, use: 'reading' | 'sending', connection: ConnectionNeeds, { needs, limits, clock }: Ground, report: (step: TestStep) => void, rest: (client: GmailClient, step: StepRunner, scope: string[]) => Promise<void>): Promise<void> {
  await testProvider(server, connection, limits, report, async ({ connection: ofTest, attempt, transcript, step }) => {
    const place = gmailPlace(server, use)
    const token = await step('token', () => lookAtToken(server.name, ofTest, (granted) => lacksScope(place.circumstances.wanted, granted)))
    if (token === null) return
    if ((await step('endpoint', () => lookAtEndpoint(place, connection, attempt, transcript))) === null) return
    const client = createGmailClient({ place, connection, attempt, throttle: needs.throttle, transcript, clock })
    await rest(client, step, token.value.scope).finally(() => client.close())
  })
}

/** A request without a token: the Gmail API answers it with 401 in Google's own format. */
async function lookAtEndpoint({ root, mailbox, server, circumstances }: GmailServer, connection: ConnectionNeeds, attempt: Attempt, transcript: Transcript | null): Promise<StepFinding<null>> {
  const { tls, proxy } = server
  const http = createHttpClient({ route: { tls, proxy, proxyPassword: connection.proxyPassword, clientKeyPassphrase: connection.clientKeyPassphrase }, attempt, transcript })
  try {
    const answer = await http.request({ method: 'GET', url: `${root}/gmail/v1/users/${encodeURIComponent(mailbox)}/profile`, mostBytes: 1_000_000 })
    const error = readGmailError(answer.status, answer.headers, answer.body.toString('utf8'))
    if (answer.status >= 500 && error.json) throw new ProblemError(gmailProblem(error, { ...circumstances, request: 'the profile', granted: [] }))
    if (answer.status !== 401 || !error.json) throw new ProblemError({ code: 'endpoint-wrong', server: server.name, endpoint: circumstances.endpoint, serverSaid: `${answer.status} ${error.message.slice(0, 200)}` })
    return { value: null, detail: `The Gmail API answers at ${root}` }
  } finally {
    http.close()
  }
}

async function lookAtMailbox(client: GmailClient): Promise<StepFinding<null>> {
  const { emailAddress, messagesTotal } = await client.json({ path: 'profile', words: 'the profile' }, profile)
  return { value: null, detail: `${emailAddress}: ${messagesTotal} messages` }
}

async function lookAtLabel(client: GmailClient, server: IncomingServer): Promise<StepFinding<string>> {
  const labels = createGmailLabels(client, server.name)
  const id = await labels.idOf(server.folder)
  const { name, messagesTotal = 0, messagesUnread = 0 } = await client.json({ path: `labels/${encodeURIComponent(id)}`, words: 'the label' }, label)
  const toCome = await missingFolders(server, async (name) => (await labels.find(name)) !== null)
  const bin = server.afterFetch === 'delete' ? '; fetched mail goes to the bin, which Gmail empties after 30 days' : ''
  return { value: id, detail: `${name}: ${messagesTotal} messages, ${messagesUnread} unread${toCome}${bin}` }
}

/** The mailbox must be closed to this sign-in; what Google says instead of opening it is the good answer. */
async function tryForbidden(server: IncomingServer, connection: ConnectionNeeds, { needs, limits, clock }: Ground, mailbox: string): Promise<StepFinding<null>> {
  const place = gmailPlace({ ...server, mailbox }, 'reading')
  const client = createGmailClient({ place, connection, attempt: { signal: connection.signal, limits }, throttle: needs.throttle, transcript: null, clock })
  try {
    const found = await client.find({ path: 'profile', words: 'the profile', absent: ({ status, json, reasons }) => json && (status === 403 || status === 404 || status === 400) && !reasons.includes('rateLimitExceeded') && !reasons.includes('userRateLimitExceeded') }, profile)
    if (found !== null) throw new ProblemError({ code: 'forbidden-mailbox-readable', server: server.name, mailbox })
    return { value: null, detail: `${mailbox} is closed to this sign-in` }
  } finally {
    client.close()
  }
}
